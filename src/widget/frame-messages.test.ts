// What comes from a frame's address and from messages is data from outside.
import { expect, test } from 'vitest';
import { readFrameSettings, readParentOrigin, readSetMessage } from './frame-messages.ts';

const BASE = 'https://kindred.example/k/embed.html';

test('attributes come from the address, unknown ones do not', () => {
  const { attributes, lang, parentOrigin } = readFrameSettings(
    '?catalogue=items.csv&count=3&diversity=0.2&familiarity=-1&theme=dark&onclick=x&lang=ar&allow=https://shop.example/page',
    BASE,
    [],
  );
  expect([...attributes]).toEqual([
    ['catalogue', 'https://kindred.example/k/items.csv'],
    ['count', '3'],
    ['diversity', '0.2'],
    ['familiarity', '-1'],
    ['theme', 'dark'],
  ]);
  expect([lang, parentOrigin]).toEqual(['ar', 'https://shop.example']);
});

test.each([
  'https://evil.example/items.csv',
  '//evil.example/items.csv',
  'data:text/csv,id',
  'blob:https://evil.example/1',
  'http://kindred.example/a.csv',
  'http://[',
])('a catalogue of another origin is refused: %s', (address) => {
  expect(() => readFrameSettings(`?catalogue=${encodeURIComponent(address)}`, BASE, [])).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  expect(() => readFrameSettings(`?catalogue=a.csv&head=${encodeURIComponent(address)}`, BASE, [])).toThrow(/^head is/);
});

test('an origin that the owner lists is read from', () => {
  const { attributes } = readFrameSettings('?catalogue=https://data.example/items.csv', BASE, ['https://data.example']);
  expect(attributes.get('catalogue')).toBe('https://data.example/items.csv');
});

test('a frame without a catalogue says so', () => {
  expect(() => readFrameSettings('?count=3', BASE, [])).toThrow(/no catalogue/);
});

test('the page around is the own origin unless an origin is named; never everyone', () => {
  expect(readParentOrigin('', BASE)).toBe('https://kindred.example');
  for (const bad of ['*', 'null', '', 'shop.example', 'javascript:alert(1)', 'file:///etc']) {
    expect(() => readParentOrigin(`?allow=${encodeURIComponent(bad)}`, BASE), bad).toThrow(/allow is/);
  }
});

test('messages set the three attributes and nothing else', () => {
  const set = readSetMessage({ kindred: 1, type: 'set', attributes: { count: '4', theme: null, catalogue: 'https://evil.example', language: 7 } });
  expect([...(set ?? [])]).toEqual([
    ['count', '4'],
    ['theme', null],
  ]);
  for (const other of [
    null,
    'set',
    [],
    {},
    { type: 'set', attributes: {} },
    { kindred: 1, type: 'get', attributes: {} },
    { kindred: 1, type: 'set' },
  ]) {
    expect(readSetMessage(other)).toBeNull();
  }
});
