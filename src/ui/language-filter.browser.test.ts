// The choice of languages: four modes, a share, and the languages that are read, which stay when the mode changes.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LanguagePolicy } from '../protocol/engine-api.ts';
import { LanguageFilter } from './language-filter.ts';
import { loadLocalizer } from './messages/localize.ts';
import { violationsOf } from './testing/accessibility.ts';

let filter: LanguageFilter;
let policies: LanguagePolicy[];
let reads: string[][];

beforeEach(async () => {
  policies = [];
  reads = [];
  filter = new LanguageFilter();
  filter.languages = [
    { tag: 'de', items: 40 },
    { tag: 'sw', items: 20 },
    { tag: 'ar', items: 10 },
  ];
  filter.addEventListener('kindred-policy', (event) => event instanceof CustomEvent && policies.push(event.detail));
  filter.addEventListener('kindred-reads', (event) => event instanceof CustomEvent && reads.push(event.detail));
  document.body.append(filter);
  await filter.updateComplete;
  const details = filter.renderRoot.querySelector('details');
  if (details) details.open = true;
});

afterEach(() => document.body.replaceChildren());

async function click(value: string): Promise<void> {
  filter.renderRoot.querySelector<HTMLInputElement>(`[value="${value}"]`)?.click();
  await filter.updateComplete;
}
const summary = (): string => filter.renderRoot.querySelector('summary')?.textContent ?? '';

test('a language chosen means only it; without any left, any is meant', async () => {
  await click('sw');
  await click('de');
  expect(policies).toEqual([
    { mode: 'only', languages: ['sw'] },
    { mode: 'only', languages: ['sw', 'de'] },
  ]);
  expect(summary()).toBe('Languages to recommend: German, Swahili');
  await click('sw');
  await click('de');
  expect(policies.at(-1)).toEqual({ mode: 'any' });
  expect(reads).toEqual([['sw'], ['sw', 'de'], ['de'], []]);
});

test('mostly some: the share fires its event only when the slider is let go', async () => {
  filter.reads = ['ar', 'xx'];
  await click('prefer');
  expect(policies).toEqual([{ mode: 'prefer', languages: ['ar'], share: 0.7 }]);
  const slider = filter.renderRoot.querySelector<HTMLInputElement>('[type=range]');
  if (!slider) throw new Error('no slider');
  slider.value = '30';
  slider.dispatchEvent(new Event('input'));
  await filter.updateComplete;
  expect(filter.renderRoot.querySelector('output')?.textContent).toBe('30%');
  expect(policies).toHaveLength(1);
  slider.dispatchEvent(new Event('change'));
  expect(policies.at(-1)).toEqual({ mode: 'prefer', languages: ['ar'], share: 0.3 });
  await click('sw');
  expect(policies.at(-1)).toEqual({ mode: 'prefer', languages: ['ar', 'sw'], share: 0.3 });
  expect(summary()).toContain('30%');
  expect(await violationsOf(filter)).toEqual([]);
});

test('what is read stays while "any" and "mixed" are tried', async () => {
  await click('sw');
  await click('mix');
  expect(policies.at(-1)).toEqual({ mode: 'mix' });
  await click('any');
  await click('only');
  expect(policies.at(-1)).toEqual({ mode: 'only', languages: ['sw'] });
});

test('without a language that is read, the most frequent one or the interface’s begins', async () => {
  await click('only');
  expect(policies).toEqual([{ mode: 'only', languages: ['de'] }]);
  filter.policy = { mode: 'any' };
  filter.reads = [];
  filter.localizer = await loadLocalizer(['ar']);
  filter.dir = 'rtl';
  await filter.updateComplete;
  await click('prefer');
  expect(policies.at(-1)).toEqual({ mode: 'prefer', languages: ['ar'], share: 0.7 });
  expect(await violationsOf(filter)).toEqual([]);
});
