// An owner's model on planted logs: the blend ranks no worse than the best of its parts, wherever the signal lies.
import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { itemItemScores } from '../head/log-knowledge.ts';
import { blendScores } from '../ranking/blend.ts';
import { heldOutCases, ndcgOf } from './held-out.ts';
import { likedRows } from './likes.ts';
import { trainOwnerModel } from './owner-model.ts';
import { tasteScorer } from './taste-scorer.ts';
import { likesOf, plantedLog } from './testing/planted-log.ts';

/** Mean nDCG@10 of head, prior, table and blend on users that the log does not have. */
async function measure(known: ReturnType<typeof plantedLog>, unseen: ReturnType<typeof plantedLog>): Promise<{ parts: number[]; blend: number }> {
  const { vectors, dimensions, likes } = known;
  const model = await trainOwnerModel(likes, vectors, dimensions, { kind: 'bilinear', epochs: 0, seed: 2, prior: { asOfMs: 0 } });
  const { head, prior, itemItem, weights } = model;
  const sums = [0, 0, 0, 0];
  const taste = tasteScorer(head, vectors, 1);
  const cases = heldOutCases(likedRows(unseen.likes), seededRandom(9));
  for (const one of cases) {
    const table = new Float32Array(likes.itemCount);
    itemItemScores(itemItem, one.history, table);
    const headScores = taste(one.history);
    const blended = blendScores({ headScores, prior: prior.values, itemItem: table, history: one.history, weights });
    [headScores, prior.values, table, blended].forEach((scores, at) => {
      sums[at] = (sums[at] as number) + ndcgOf(scores, one) / cases.length;
    });
  }
  return { parts: sums.slice(0, 3), blend: sums[3] as number };
}

/** 300 users of one planted world: 240 known, 60 unseen. */
function worlds(options: Parameters<typeof plantedLog>[0]) {
  const all = plantedLog({ ...options, users: 300 });
  const rows = likedRows(all.likes).map((row) => [...row]);
  const part = (from: number, to: number) => ({ ...all, likes: likesOf(rows.slice(from, to), all.likes.itemCount) });
  return [part(0, 240), part(240, 300)] as const;
}

test.each([
  ['text says all', { noise: 0.3, items: 400 }, 0],
  ['text says nothing, fashion most', { noise: 60, fashion: 0.8, items: 1200 }, 1],
  ['text says nothing, company much', { noise: 60, items: 60 }, 2],
] as const)('%s: the blend is as good as the best part', async (_, options, best) => {
  const { parts, blend } = await measure(...worlds(options));
  expect(parts[best]).toBe(Math.max(...parts));
  expect(blend).toBeGreaterThanOrEqual(Math.max(...parts) - 0.01);
});

test('text, fashion and company each say something: the blend is better than every part', async () => {
  const { parts, blend } = await measure(...worlds({ noise: 2, fashion: 0.3, items: 120 }));
  expect(blend).toBeGreaterThan(Math.max(...parts));
});
