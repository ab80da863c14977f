// All commands, one line each. The code of a command is loaded when it is called.
import type { Command } from './lib/command.ts';

export interface CommandEntry {
  /** One or two words. */
  name: string;
  summary: string;
  load(): Promise<Command>;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'check',
    summary: 'reads a catalogue as the page does and says what it found',
    load: async () => (await import('./commands/check.ts')).check,
  },
  {
    name: 'pack',
    summary: "computes a catalogue's vectors ahead of time, so that no visitor has to",
    load: async () => (await import('./commands/pack.ts')).pack,
  },
  {
    name: 'pack merge',
    summary: 'joins shards that were computed on several machines into one pack',
    load: async () => (await import('./commands/pack-merge.ts')).packMerge,
  },
  {
    name: 'pack verify',
    summary: 'checks the files of a pack, and whether they fit a catalogue',
    load: async () => (await import('./commands/pack-verify.ts')).packVerify,
  },
  {
    name: 'evaluate',
    summary: 'measures recommendations on a log of interactions, against real baselines',
    load: async () => (await import('./commands/evaluate.ts')).evaluate,
  },
  {
    name: 'fairness',
    summary: "measures whether a catalogue's languages are shown fairly, before and after the correction",
    load: async () => (await import('./commands/fairness.ts')).fairness,
  },
  {
    name: 'train',
    summary: "learns a head, a prior and an item–item table from a log of many users' interactions",
    load: async () => (await import('./commands/train.ts')).train,
  },
];
