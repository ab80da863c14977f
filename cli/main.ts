// The entry of the command line: finds the command, reads its options, and turns errors into a message and an exit code.
// 0: done. 1: done, but something needs attention. 2: failed. 130: stopped by Ctrl-C.
import { messageOf, RecommenderError } from '../src/base/errors.ts';
import { COMMANDS, type CommandEntry } from './commands.ts';
import { helpOf, type Terminal, UsageError } from './lib/command.ts';
import { parseOptions } from './lib/options.ts';

/** @param args without node and script @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  const stop = stopOnSignals();
  try {
    return await run(args, {
      out: (line) => console.log(line),
      err: (line) => console.error(line),
      signal: stop.signal,
      nowMs: Date.now,
      progress: process.stderr,
    });
  } finally {
    stop.release();
  }
}

/** `main` with the terminal passed in. */
export async function run(args: readonly string[], terminal: Terminal, commands: readonly CommandEntry[] = COMMANDS): Promise<number> {
  const found = findCommand(args, commands);
  try {
    if (!found) return overview(args, terminal, commands);
    const { entry, rest } = found;
    const command = await entry.load();
    if (rest.includes('--help') || rest.includes('-h')) {
      terminal.out(helpOf(entry, command));
      return 0;
    }
    return await command.run(parseOptions(command, rest), terminal);
  } catch (error) {
    if (terminal.signal.aborted) {
      terminal.err('Stopped. What was done is kept; the same command continues from there.');
      return 130;
    }
    terminal.err(messageOf(error));
    if (error instanceof UsageError) terminal.err(`See: kindred${found ? ` ${found.entry.name}` : ''} --help`);
    else if (!(error instanceof RecommenderError) && process.env.KINDRED_DEBUG && error instanceof Error) terminal.err(error.stack ?? '');
    return 2;
  }
}

/** The command with the longest name that `args` begin with: "pack merge" before "pack". */
function findCommand(args: readonly string[], commands: readonly CommandEntry[]) {
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(' ');
    const entry = commands.find((command) => command.name === name);
    if (entry) return { entry, rest: args.slice(words) };
  }
  return undefined;
}

function overview([first]: readonly string[], terminal: Terminal, commands: readonly CommandEntry[]): number {
  const asked = first === '--help' || first === '-h' || first === 'help';
  if (first !== undefined && !asked) {
    const names = commands.map(({ name }) => name).join(', ');
    throw new UsageError(
      first.startsWith('-') ? `Unknown option "${first}" before a command.` : `There is no command "${first}". There are: ${names}.`,
    );
  }
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  const text = ['Usage: kindred COMMAND [options]', '', ...lines, '', 'kindred COMMAND --help says more of one.'].join('\n');
  if (asked) terminal.out(text);
  else terminal.err(text);
  return asked ? 0 : 2;
}

/** The first signal asks to stop, the second ends at once. */
function stopOnSignals() {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    process.stderr.write('\nStopping; Ctrl-C again ends at once.\n');
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
