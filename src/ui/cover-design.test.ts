// Covers are the same for the same item everywhere, differ between items, and hold nothing of the catalogue's text.
import { expect, test } from 'vitest';
import { fnv1a } from '../base/hash.ts';
import { coverDesign } from './cover-design.ts';
import { FAKE_ITEMS, fakeItem, HOSTILE_TITLE } from './testing/fake-recommender.ts';

test('FNV-1a of published test vectors (ASCII)', () => {
  expect(fnv1a('')).toBe(0x811c9dc5);
  expect(fnv1a('a')).toBe(0xe40c292c);
  expect(fnv1a('foobar')).toBe(0xbf9cf968);
});

test('same item, same cover; other item, other cover', () => {
  for (const item of FAKE_ITEMS) expect(coverDesign(item)).toEqual(coverDesign(structuredClone(item)));
  const drawn = new Set(FAKE_ITEMS.map((item) => JSON.stringify(coverDesign(item))));
  expect(drawn.size).toBe(FAKE_ITEMS.length);
});

test('covers stay as they are from version to version: people know items by them', () => {
  expect(fnv1a(JSON.stringify(FAKE_ITEMS.map(coverDesign)))).toBe(0x307bc104);
});

test('the first category gives the hue', () => {
  const ground = (id: string, categories: string[]): string => coverDesign(fakeItem(id, 'en', id, categories)).ground;
  expect(ground('a', ['Sea', 'x'])).toBe(ground('b', ['Sea']));
  expect(ground('a', ['Sea'])).not.toBe(ground('a', ['Cooking']));
});

test('only numbers and path letters reach the drawing', () => {
  const hostile = coverDesign(fakeItem(HOSTILE_TITLE, 'en', HOSTILE_TITLE, ['"><script>'], { kind: '"/>' }));
  expect(hostile.ground).toMatch(/^oklch\([\d. ]+\)$/);
  for (const item of [...FAKE_ITEMS]) {
    for (const { d, fill } of [...coverDesign(item).shapes, ...hostile.shapes]) {
      expect(d).toMatch(/^[-MLHVahqtzv\d. ]+$/);
      expect(d).not.toContain('NaN');
      expect(fill).toMatch(/^oklch\([\d. ]+\)$/);
    }
  }
});
