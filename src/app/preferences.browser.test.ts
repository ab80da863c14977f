// Saved choices: languages that the visitor reads, across catalogues and visits; the theme; forgetting all of it.
import { beforeEach, expect, test } from 'vitest';
import { Preferences } from './preferences.ts';

const ONE = [{ tag: 'de' }, { tag: 'sw' }, { tag: 'pt-BR' }];
const OTHER = [{ tag: 'ar' }, { tag: 'de' }];
const scheme = (): string => document.documentElement.style.getPropertyValue('--kindred-color-scheme');

beforeEach(() => localStorage.clear());

test('the browser’s languages count until languages are chosen', () => {
  const preferences = new Preferences();
  expect(preferences.readsOf(ONE, ['pt-PT', 'en'])).toEqual(['pt-BR']);
  preferences.chooseReads(['sw'], ONE);
  expect(preferences.readsOf(ONE, ['pt-PT', 'en'])).toEqual(['sw']);
});

test('languages chosen in one catalogue stay while another one is open, and on the next visit', () => {
  const preferences = new Preferences();
  preferences.chooseReads(['de', 'sw'], ONE);
  preferences.chooseReads(['ar'], OTHER); // German is no longer chosen
  expect(preferences.readsOf(ONE, [])).toEqual(['sw']);
  expect(new Preferences().readsOf(OTHER, [])).toEqual(['ar']);
});

test('theme, policy, variety and familiarity are kept until they are forgotten', () => {
  const preferences = new Preferences();
  preferences.chooseTheme('dark');
  preferences.choosePolicy({ mode: 'mix' });
  preferences.chooseDiversity(0.15);
  preferences.chooseFamiliarity(-0.5);
  const next = new Preferences();
  expect([next.theme, next.policy, next.diversity, next.familiarity, scheme()]).toEqual(['dark', { mode: 'mix' }, 0.15, -0.5, 'dark']);
  next.forget();
  expect([next.theme, next.policy, next.diversity, next.familiarity, scheme()]).toEqual(['auto', { mode: 'any' }, 0, 0, '']);
  expect(new Preferences()).toMatchObject({ policy: { mode: 'any' }, diversity: 0, familiarity: 0 });
});
