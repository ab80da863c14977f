import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { buildReport } from './report.ts';
import { intervalPlot, reportHtml, tickStep } from './report-html.ts';
import { evaluateSystems } from './run.ts';
import { leaveLastOut } from './splits/by-user.ts';
import { smallCatalogue, smallItems, smallLog } from './testing/small-log.ts';
import type { RecommenderSystem } from './types.ts';

const SPLIT = leaveLastOut(smallLog(40, 40), { seed: 1 });
const CATALOGUE = smallCatalogue(smallItems(40));

const scoring = (name: string, title: string, of: (row: number, history: Int32Array) => number): RecommenderSystem => ({
  name,
  title,
  fit: () => ({ score: (history, _weights, scores) => scores.set(Float32Array.from(scores, (_, row) => of(row, history))) }),
});
const byRow = scoring('row', 'By row & <b>nothing</b>', (row) => row);
const byTopic = scoring('topic', 'By topic', (row, history) => history.filter((seen) => seen % 4 === row % 4).length);

async function report() {
  const { results } = await evaluateSystems(SPLIT, [byRow, byTopic], CATALOGUE, { ks: [5], resamples: 100, clock: () => 0 });
  return buildReport([SPLIT], results, {
    title: 'Small "log"',
    timeMs: Date.UTC(2024, 0, 2),
    reference: 'row',
    random: seededRandom(1),
    resamples: 100,
    leftOut: [{ system: 'ease', reason: 'Too large.' }],
  });
}

test('a report is plain JSON: what is read back is the same', async () => {
  const made = await report();
  expect(JSON.parse(JSON.stringify(made))).toEqual(made);
  expect(made.createdAt).toBe('2024-01-02T00:00:00.000Z');
  expect(made.split).toMatchObject({
    name: 'leave-last-out',
    seed: 1,
    cases: SPLIT.cases.length,
    users: SPLIT.cases.length,
    candidates: 40,
  });
  expect(made.systems.map(({ name }) => name)).toEqual(['topic', 'row']);
  expect(made.comparisons.map(({ metric, system, reference }) => [metric, system, reference])).toEqual(
    ['ndcg@5', 'recall@5', 'hit@5', 'mrr', 'map'].map((metric) => [metric, 'topic', 'row']),
  );
  expect(made.comparisons[0]?.difference.mean).toBeGreaterThan(0);
  // One relevant item a case: no two languages to compare, which JSON has no NaN for.
  expect(made.systems[0]?.metrics.peer).toEqual({ mean: null, low: null, high: null, users: 0 });
});

test('the page is complete, escaped, and fetches and runs nothing', async () => {
  const html = reportHtml(await report());
  expect(html.startsWith('<!doctype html>\n<html lang="en">')).toBe(true);
  expect(html).toContain('By row &#38; &#60;b&#62;nothing&#60;/b&#62;');
  expect(html).not.toContain('<b>nothing');
  expect(html).toContain('<title>Small &#34;log&#34;</title>');
  expect(html).not.toMatch(/<script|<link|<img|src=|href=|url\(|@import|https?:/i);
  expect(html).not.toMatch(/\bNaN\b|undefined|\[object/);
  expect(html).toContain('prefers-color-scheme:dark');
  expect(html).toContain('width=device-width');
  expect(html.match(/<table>/g)).toHaveLength((html.match(/<caption>/g) ?? []).length);
  expect(html.match(/<svg /g)).toHaveLength(2);
  expect(html).toContain('ease: Too large.');
});

test('tags are balanced', async () => {
  const html = reportHtml(await report()).replace('<!doctype html>', '');
  const open: string[] = [];
  for (const [, closing, name = '', attributes = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)([^>]*)>/g)) {
    if (closing) expect(open.pop()).toBe(name);
    else if (!attributes.endsWith('/') && name !== 'meta') open.push(name);
  }
  expect(open).toEqual([]);
});

test('a plot puts means and intervals on one axis, and says them in words', () => {
  const svg = intervalPlot('ndcg@10', [
    { label: 'A', mean: 0.2, low: 0.1, high: 0.4 },
    { label: 'B', mean: null, low: null, high: null },
  ]);
  // 12 … 378 units for 0 … 0.4
  expect(svg).toContain('<line class="bar" x1="103.5" x2="378.0"');
  expect(svg).toContain('<circle class="dot" cx="195.0"');
  expect(svg.match(/<circle/g)).toHaveLength(1);
  expect(svg).toContain('aria-label="ndcg@10. A: 0.200, 0.100 to 0.400; B: none"');
  expect([tickStep(0.4), tickStep(1), tickStep(7), tickStep(0.035)]).toEqual([0.1, 0.5, 2, expect.closeTo(0.01, 12)]);
});

test('a report without results is refused', () => {
  expect(() => buildReport([SPLIT], [], { title: 'x', timeMs: 0, random: seededRandom(1) })).toThrow(
    expect.objectContaining({ code: 'bad-argument' }),
  );
});
