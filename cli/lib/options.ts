// The options of one call, read once and asked for by kind. Whatever is wrong is a UsageError that names option and value.
import { parseArgs } from 'node:util';
import { messageOf } from '../../src/base/errors.ts';
import { type Command, UsageError } from './command.ts';

export interface Options {
  readonly operands: readonly string[];
  /** Text of an option that is `required`. */
  required(name: string): string;
  text(name: string): string | undefined;
  flag(name: string): boolean;
  /** A number within the limits, both included. */
  number(name: string, limits: { least: number; most: number; whole?: boolean }): number | undefined;
}

/** @throws UsageError on unknown or missing options, and on operands where the command takes none */
export function parseOptions(command: Command, args: readonly string[]): Options {
  const specs = Object.entries(command.options);
  const { values, positionals } = parse(
    args,
    Object.fromEntries(specs.map(([name, { value }]) => [name, { type: value ? 'string' : 'boolean' } as const])),
  );
  if (positionals.length > 0 && command.operands === '') throw new UsageError(`"${positionals[0]}" is not expected here.`);
  if (positionals.length === 0 && command.operands !== '') throw new UsageError(`${command.operands} is missing.`);
  const text = (name: string) => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  for (const [name, { required, value }] of specs) {
    if (required && text(name) === undefined) throw new UsageError(`--${name} ${value ?? ''} is missing.`);
    if (text(name) === '') throw new UsageError(`--${name} is empty.`);
  }
  return {
    operands: positionals,
    text,
    required: (name) => {
      const value = text(name);
      if (value === undefined) throw new UsageError(`--${name} is missing.`);
      return value;
    },
    flag: (name) => values[name] === true,
    number: (name, { least, most, whole }) => {
      const value = text(name);
      if (value === undefined) return undefined;
      const number = Number(value);
      if (number >= least && number <= most && (!whole || Number.isInteger(number))) return number;
      throw new UsageError(`--${name} ${value} is not a ${whole ? 'whole ' : ''}number from ${least} to ${most}.`);
    },
  };
}

/** What every command that encodes takes from its options `model`, `cache` and `processes`. */
export function embedOptions(options: Options) {
  return {
    model: options.text('model'),
    cacheFolder: options.text('cache'),
    processes: options.number('processes', { least: 1, most: 256, whole: true }),
  };
}

function parse(args: readonly string[], options: Record<string, { type: 'string' | 'boolean' }>) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    // Node's own text, without its advice on "--" for operands that begin with a dash.
    throw new UsageError(messageOf(error).replace(/\. To specify .*$/s, '.'), { cause: error });
  }
}
