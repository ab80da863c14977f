// The address of the page cannot make it fetch from elsewhere.
import { expect, test } from 'vitest';
import { keptSource, readSettings, withPack } from './settings.ts';

const BASE = 'https://example.org/kindred/';
const DEMO = 'https://example.org/kindred/catalogues/world-library/items.ndjson';

test('defaults', () => {
  expect(readSettings('', BASE)).toEqual({
    encoder: null,
    speed: null,
    demoUrl: DEMO,
    catalogueUrl: DEMO,
    reopens: true,
    packs: new Map([[DEMO, 'https://example.org/kindred/catalogues/world-library/pack/']]),
    heads: new Map(),
    interfaceLanguage: null,
  });
});

test('choices', () => {
  const settings = readSettings('?encoder=wasm&catalogue=my/items.csv&ui=ar', BASE);
  expect(settings).toMatchObject({ encoder: 'wasm', catalogueUrl: `${BASE}my/items.csv`, reopens: false, interfaceLanguage: 'ar' });
});

test('speed', () => {
  const speeds = ['auto', 'quick', 'quick-then-refined', 'refined', 'Quick', ''].map((name) => readSettings(`?speed=${name}`, BASE).speed);
  expect(speeds).toEqual(['auto', 'quick', 'quick-then-refined', 'refined', null, null]);
});

test.each(['https://evil.example/x.csv', '//evil.example/x.csv', 'data:text/csv,id', 'javascript:1', 'http://'])(
  'catalogue %s is passed by',
  (url) => {
    expect(readSettings(`?encoder=cuda&catalogue=${encodeURIComponent(url)}`, BASE)).toMatchObject({
      encoder: null,
      catalogueUrl: DEMO,
      reopens: true,
    });
  },
);

test('packs go with their catalogue, from the same origin only', () => {
  const shop = readSettings('?catalogue=shop.csv&pack=vectors', BASE);
  expect(withPack(`${BASE}shop.csv`, shop)).toEqual({ kind: 'url', url: `${BASE}shop.csv`, packUrl: `${BASE}vectors/` });
  expect(withPack(`${BASE}other.csv`, shop)).toBe(`${BASE}other.csv`);
  expect(withPack(DEMO, readSettings('?pack=none', BASE))).toBe(DEMO);
  const evil = readSettings('?catalogue=shop.csv&pack=https://evil.example/pack/', BASE);
  expect(withPack(`${BASE}shop.csv`, evil)).toBe(`${BASE}shop.csv`);
});

test('a head goes with its catalogue, beside a pack or without, from the same origin only', () => {
  const shop = readSettings('?catalogue=shop.csv&head=head.json', BASE);
  expect(withPack(`${BASE}shop.csv`, shop)).toEqual({ kind: 'url', url: `${BASE}shop.csv`, headUrl: `${BASE}head.json` });
  expect(withPack(`${BASE}other.csv`, shop)).toBe(`${BASE}other.csv`);
  expect(keptSource(`${BASE}shop.csv`, shop)).toBe(`${BASE}shop.csv`);
  expect(withPack(DEMO, readSettings('?head=head.json', BASE))).toEqual({
    kind: 'url',
    url: DEMO,
    packUrl: new URL('pack/', DEMO).href,
    headUrl: `${BASE}head.json`,
  });
  const evil = readSettings('?catalogue=shop.csv&head=https://evil.example/head.json', BASE);
  expect(withPack(`${BASE}shop.csv`, evil)).toBe(`${BASE}shop.csv`);
});

test('the demo on request; a kept catalogue from the store, unless its vectors come with its address', () => {
  const settings = readSettings('?demo', BASE);
  expect(settings).toMatchObject({ catalogueUrl: DEMO, reopens: false });
  expect(keptSource('shelf.csv', settings)).toEqual({ kind: 'stored', id: 'shelf.csv' });
  expect(keptSource(DEMO, settings)).toBe(DEMO);
});
