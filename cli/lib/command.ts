// What a command is, and how its help reads. A command takes its surroundings from `Terminal`, never from `process`.
import type { CommandEntry } from '../commands.ts';
import type { Options } from './options.ts';

export interface OptionSpec {
  /** What stands for its value in the help, e.g. `FILE`. Without one it is a switch. */
  value?: string;
  summary: string;
  required?: boolean;
}

export interface Command {
  /** The operands after the options, for the help: `FILE`, `DIR…`. Empty: it takes none. */
  operands: string;
  /** Name without dashes → what it is. */
  options: Readonly<Record<string, OptionSpec>>;
  /** Lines after the list of options. */
  details?: string;
  /** @returns the exit code: 0, or 1 when there is something to see to */
  run(options: Options, terminal: Terminal): Promise<number>;
}

export interface Terminal {
  /** A line of the result. */
  out(line: string): void;
  /** A line about what is going on. */
  err(line: string): void;
  /** Fires on Ctrl-C. */
  signal: AbortSignal;
  nowMs(): number;
  /** Where progress is drawn; undefined: nowhere. */
  progress?: ProgressStream | undefined;
}

export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** The command line cannot be understood: message, hint at the help, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function helpOf({ name, summary }: CommandEntry, { operands, options, details }: Command): string {
  const entries = Object.entries(options);
  const written = ([option, { value }]: [string, OptionSpec]) => `--${option}${value ? ` ${value}` : ''}`;
  const usage = entries.map((entry) => (entry[1].required ? written(entry) : `[${written(entry)}]`));
  const width = Math.max(0, ...entries.map((entry) => written(entry).length));
  const lines = entries.map((entry) => `  ${written(entry).padEnd(width)}  ${entry[1].summary}`);
  return [
    ['Usage: kindred', name, operands, ...usage].filter(Boolean).join(' '),
    `\n${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    ...(lines.length > 0 ? [`\n${lines.join('\n')}`] : []),
    ...(details ? [`\n${details}`] : []),
  ].join('\n');
}
