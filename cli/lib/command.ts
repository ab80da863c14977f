// The form of a command, and its help text. A command uses `Terminal`, never `process`.
import type { RowProblem } from '../../src/catalogue/problems.ts';
import type { CommandEntry } from '../commands.ts';
import type { Options } from './options.ts';

export interface OptionSpec {
  /** The placeholder of its value in the help, such as `FILE`. An option without one is a switch. */
  value?: string;
  summary: string;
  required?: boolean;
}

export interface Command {
  /** The operands, for the help: `FILE`, `DIR…`. Empty when it takes none. */
  operands: string;
  /** By name without dashes. */
  options: Readonly<Record<string, OptionSpec>>;
  /** Lines after the list of options. */
  details?: string;
  /** @returns the exit code: 0, or 1 when something needs attention */
  run(options: Options, terminal: Terminal): Promise<number>;
}

export interface Terminal {
  /** A line of the result. */
  out(line: string): void;
  /** A warning or an error. */
  err(line: string): void;
  /** Fires on Ctrl-C. */
  signal: AbortSignal;
  nowMs(): number;
  /** Where progress is drawn. Default: nowhere. */
  progress?: ProgressStream | undefined;
}

export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** The arguments are wrong. The user sees the message and a hint at the help; the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const problemLine = ({ row, field, value, message, remedy }: RowProblem): string => `row ${row}, ${field} "${value}": ${message} ${remedy}`;

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
