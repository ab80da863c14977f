// The browser's storage may hold anything; only valid choices are read back.
import { afterEach, expect, test, vi } from 'vitest';
import {
  ANY_LANGUAGE,
  parseDiversity,
  parseFamiliarity,
  parseLanguages,
  policyFor,
  savedInterfaceLanguage,
  savedSpeed,
  saveInterfaceLanguage,
  saveSpeed,
} from './saved.ts';

const policyOf = (policy: unknown) => parseLanguages(JSON.stringify({ policy, reads: [] })).policy;

test('choices are read back', () => {
  for (const policy of [
    { mode: 'any' },
    { mode: 'mix' },
    { mode: 'only', languages: ['sw'] },
    { mode: 'prefer', languages: ['sw', 'ar'], share: 0.7 },
  ]) {
    expect(policyOf(policy)).toEqual(policy);
  }
  expect(parseLanguages('{"policy":{"mode":"mix"},"reads":["de",7,"fr"]}').reads).toEqual(['de', 'fr']);
});

test.each([null, '', '{', '7', '[]', '{"policy":[]}'])('%s is any language', (text) => {
  expect(parseLanguages(text)).toEqual({ policy: ANY_LANGUAGE, reads: [] });
});

test.each([
  { mode: 'only' },
  { mode: 'only', languages: [] },
  { mode: 'prefer', languages: ['de'] },
  { mode: 'prefer', languages: ['de'], share: 2 },
  { mode: 'prefer', languages: [], share: 0.5 },
])('%o is any language', (policy) => {
  expect(policyOf(policy)).toEqual(ANY_LANGUAGE);
});

test('variety is read back; 0 for a text that the page did not write', () => {
  expect([null, '', '0.25', '0.5', '0.6', '-1', 'much', 'NaN', '{}'].map(parseDiversity)).toEqual([0, 0, 0.25, 0.5, 0, 0, 0, 0, 0]);
});

test('familiarity is read back; 0 for a text that the page did not write', () => {
  expect([null, '', '-1', '0.5', '1', '1.5', '-2', 'much', 'NaN', '{}'].map(parseFamiliarity)).toEqual([0, 0, -1, 0.5, 1, 0, 0, 0, 0, 0]);
});

test('languages that a catalogue lacks are left out of a policy', () => {
  const catalogue = [{ tag: 'de' }, { tag: 'sw' }];
  expect(policyFor({ mode: 'only', languages: ['sw', 'ar'] }, catalogue)).toEqual({ mode: 'only', languages: ['sw'] });
  expect(policyFor({ mode: 'prefer', languages: ['ar'], share: 0.5 }, catalogue)).toEqual(ANY_LANGUAGE);
  expect(policyFor({ mode: 'mix' }, catalogue)).toEqual({ mode: 'mix' });
});

afterEach(() => vi.unstubAllGlobals());

test('a choice is saved, forgotten, and checked when it is read back', () => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  expect(savedSpeed()).toBeNull();
  saveSpeed('quick');
  expect(savedSpeed()).toBe('quick');
  kept.set('kindred:speed', 'warp');
  expect(savedSpeed()).toBeNull();
  saveSpeed(null);
  expect(kept.size).toBe(0);
});

test('a forbidden localStorage is no error', () => {
  const refuse = (): never => {
    throw new Error('SecurityError');
  };
  vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse, removeItem: refuse });
  expect(savedSpeed()).toBeNull();
  expect(() => saveSpeed('quick')).not.toThrow();
  expect(() => saveSpeed(null)).not.toThrow();
  expect(savedInterfaceLanguage()).toBeNull();
  expect(() => saveInterfaceLanguage('de')).not.toThrow();
});
