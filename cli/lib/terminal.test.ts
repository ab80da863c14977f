// Progress on a terminal and in a log, options, help.
import { describe, expect, test } from 'vitest';
import { type Command, helpOf, UsageError } from './command.ts';
import { parseOptions } from './options.ts';
import { duration, progressLine } from './progress-line.ts';

function drawn(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const line = progressLine('Encoding', { isTTY, columns, write: (text) => written.push(text) }, () => clock.ms);
  return { written, clock, line };
}

describe('progressLine', () => {
  test('a terminal has one line, drawn at most ten times a second, never wider than it', () => {
    const { written, clock, line } = drawn(true, 40);
    for (let done = 0; done <= 50; done++, clock.ms += 10) line.update({ done, total: 100, unit: 'texts' });
    expect(written).toHaveLength(6);
    expect(written.at(-1)).toBe('\rEncoding [############............] 50 \u001b[K');
    line.end();
    line.end();
    expect(written.slice(6)).toEqual(['\r\u001b[K']);
  });

  test('a log has a line every ten seconds', () => {
    const { written, clock, line } = drawn(false);
    for (; clock.ms < 25_000; clock.ms += 500) line.update({ done: clock.ms / 100, total: 1000, unit: 'texts', perSecond: 10, remainingMs: 80_000 });
    line.end();
    expect(written).toEqual(['Encoding 100 of 1000 texts, 10 a second, 80 s left\n', 'Encoding 200 of 1000 texts, 10 a second, 80 s left\n']);
  });

  test.each([
    [0, '1 s'],
    [99_000, '99 s'],
    [150_000, '3 min'],
    [6_000_000, '1 h 40 min'],
  ])('%i ms are %s', (ms, text) => expect(duration(ms)).toBe(text));
});

describe('parseOptions', () => {
  const command: Command = {
    operands: '',
    options: {
      out: { value: 'DIR', summary: 'where', required: true },
      processes: { value: 'N', summary: 'how many' },
      force: { summary: 'anyway' },
    },
    run: async () => 0,
  };
  const number = (text: string) => parseOptions(command, ['--out', 'x', '--processes', text]).number('processes', { least: 1, most: 8, whole: true });

  test('values, switches and numbers', () => {
    const options = parseOptions(command, ['--force', '--out=a b']);
    expect([options.required('out'), options.flag('force'), options.text('processes')]).toEqual(['a b', true, undefined]);
    expect(parseOptions(command, ['--out', 'x']).number('processes', { least: 1, most: 8 })).toBeUndefined();
    expect(number('8')).toBe(8);
  });

  test.each([
    ['unknown', ['--out', 'x', '--colour'], /Unknown option '--colour'\.$/],
    ['missing', ['--force'], /--out DIR is missing/],
    ['empty', ['--out', ''], /--out is empty/],
    ['without its value', ['--out'], /--out/],
    ['unasked operand', ['--out', 'x', 'y'], /"y" is not expected/],
  ])('%s', (_, args, message) => {
    expect(() => parseOptions(command, args)).toThrow(UsageError);
    expect(() => parseOptions(command, args)).toThrow(message);
  });

  test.each(['0', '9', '1.5', 'two', 'NaN'])('%s is not a number from 1 to 8', (text) => {
    expect(() => number(text)).toThrow(`--processes ${text} is not a whole number from 1 to 8.`);
  });

  test('operands where they are needed', () => {
    const needs = { ...command, options: {}, operands: 'DIR…' };
    expect(() => parseOptions(needs, [])).toThrow(/DIR… is missing/);
    expect(parseOptions(needs, ['a', 'b']).operands).toEqual(['a', 'b']);
  });

  test('the help names every option and what is needed', () => {
    const help = helpOf({ name: 'pack', summary: 'does it', load: async () => command }, command);
    expect(help).toContain('Usage: kindred pack --out DIR [--processes N] [--force]');
    expect(help).toContain('  --processes N  how many');
  });
});
