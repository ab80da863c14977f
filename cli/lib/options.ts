// Reads the options of one call. Whatever is wrong is a UsageError that names option and value.
import { parseArgs } from 'node:util';
import { messageOf } from '../../src/base/errors.ts';
import { type Command, type OptionSpec, UsageError } from './command.ts';
import { DEFAULT_CACHE } from './paths.ts';

export interface Options {
  readonly operands: readonly string[];
  /** Value of an option whose spec says `required`. */
  required(name: string): string;
  text(name: string): string | undefined;
  flag(name: string): boolean;
  /** A number from `least` to `most`. */
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

/** The options of every command that encodes; `embedOptions` reads them. */
export const EMBED_OPTIONS = {
  processes: { value: 'N', summary: 'encoders at a time; default one a core' },
  model: { value: 'DIR', summary: 'folder of the model; default the one of this package' },
  cache: { value: 'DIR', summary: `vectors that are kept between runs; default ${DEFAULT_CACHE}` },
} as const satisfies Record<string, OptionSpec>;

export function embedOptions(options: Options) {
  return {
    model: options.text('model'),
    cacheFolder: options.text('cache'),
    processes: options.number('processes', { least: 1, most: 256, whole: true }),
  };
}

const DEFAULT_SEED = 1;

/** @param what is drawn with the seed, for the help */
export const seedOption = (what: string): OptionSpec => ({ value: 'N', summary: `${what}; default ${DEFAULT_SEED}` });

export const readSeed = (options: Options): number => options.number('seed', { least: 0, most: 2 ** 31, whole: true }) ?? DEFAULT_SEED;

function parse(args: readonly string[], options: Record<string, { type: 'string' | 'boolean' }>) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    // Node's message, without its advice on "--" for operands that begin with a dash.
    throw new UsageError(messageOf(error).replace(/\. To specify .*$/s, '.'), { cause: error });
  }
}
