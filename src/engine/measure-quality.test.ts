import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import type { Item, ItemId } from '../base/types.ts';
import { normalizeRows } from '../compute/cpu/linear.ts';
import { measureQuality } from './measure-quality.ts';

const [ITEMS, DIMENSIONS, GROUPS] = [60, 8, 4];

/** Items in four groups that vectors and categories know; users like one group each. */
const items = Array.from({ length: ITEMS }, (_, row): Item => ({ id: `i${row}` as ItemId, language: 'en', title: `Thing ${row}`, description: '', categories: [`g${row % GROUPS}`] }));
const vectors = normalizeRows(
  Float32Array.from({ length: ITEMS * DIMENSIONS }, (_, at) => (at % DIMENSIONS === Math.floor(at / DIMENSIONS) % GROUPS ? 1 : 0) + 0.01 * (at % 7)),
  DIMENSIONS,
);

function log(users: number, likes: number): string {
  const random = seededRandom(4);
  const rows = ['user,item,timestamp'];
  for (let user = 0; user < users; user++) {
    const mine = items.filter((_, row) => row % GROUPS === user % GROUPS).sort(() => random() - 0.5);
    for (const [at, { id }] of mine.slice(0, likes).entries()) rows.push(`u${user},${id},${1_700_000_000 + at}`);
  }
  return rows.join('\n');
}

const measure = (text: string, split: 'leave-last-out' | 'few-ratings' | 'cold-items' = 'leave-last-out') =>
  measureQuality({ items, vectors, dimensions: DIMENSIONS, log: new Blob([text]), name: 'log.csv', split });

test.each(['leave-last-out', 'few-ratings', 'cold-items'] as const)('%s: every system with its intervals; what knows the groups beats what does not', async (split) => {
  const report = await measure(log(24, 8), split);
  expect(report.users).toBeGreaterThan(3);
  expect(report.systems.map(({ name }) => name)).toEqual(['popularity', 'category-histogram', 'tfidf-knn', 'item-knn', 'ease', 'mean-embedding']);
  const ndcg = (name: string) => report.systems.find((system) => system.name === name)?.metrics.find((metric) => metric.name === 'ndcg@10');
  const [embedding, popularity] = [ndcg('mean-embedding'), ndcg('popularity')];
  expect(embedding?.value).toBeGreaterThan((popularity?.value ?? 1) + 0.1);
  expect(embedding?.low).toBeLessThanOrEqual(embedding?.value ?? 0);
  expect(embedding?.high).toBeGreaterThanOrEqual(embedding?.value ?? 1);
});

test('rows of unknown items are problems, not a failure', async () => {
  const report = await measure(`${log(24, 8)}\nu1,nowhere,1700000999\nu2,nowhere,1700000999`);
  expect(report.problemCount).toBe(2);
  expect(report.problems[0]).toMatchObject({ field: 'item', value: 'nowhere', severity: 'warning' });
});

test('a log without a user to evaluate, and one that is no log', async () => {
  await expect(measure('user,item\nu1,i1')).rejects.toMatchObject({ code: 'evaluation-empty' });
  await expect(measure('nothing')).rejects.toMatchObject({ code: 'interactions-format' });
});
