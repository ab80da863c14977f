// Pre-training on a planted log: noise that nobody cares for is unlearnt, nothing is worse than the cosine, runs repeat.
import { expect, test } from 'vitest';
import { score } from '../head/heads.ts';
import type { TrainingEvent } from '../head/types.ts';
import { heldOutCases, ndcgOf } from './held-out.ts';
import { pretrain } from './pretrain.ts';
import { likesOf, plantedLog } from './testing/planted-log.ts';
import { meanVector, pretrainingSet } from './user-vectors.ts';
import { whitenedParameters, withinUserSpectrum } from './whitened-start.ts';

const { likes, vectors, dimensions } = plantedLog();
const all = { most: 1e6, random: () => 0 };

test('no user vector holds the item of its example', () => {
  const rows = [Int32Array.of(0, 5, 9), Int32Array.of(3), Int32Array.of(2, 7)];
  const set = pretrainingSet(rows, vectors, dimensions, all);
  expect([...set.itemRow]).toEqual([0, 5, 9, 2, 7]);
  expect([...(set.person ?? [])]).toEqual([0, 0, 0, 2, 2]);
  const others = [[5, 9], [0, 9], [0, 5], [7], [2]];
  others.forEach((history, example) => {
    const wanted = meanVector(vectors, dimensions, history);
    const own = set.users.subarray(example * dimensions, (example + 1) * dimensions);
    for (const [j, value] of own.entries()) expect(value).toBeCloseTo(wanted[j] as number, 6);
  });
});

test('the whitened start is the inverse of the covariance within users, by hand in two dimensions', async () => {
  // Users differ along the first axis by ±1, along the second by ±½: S ∝ diag(1, ¼), mean 1: diag(1.6, 0.4).
  const plane = Float32Array.of(1, 0, -1, 0, 0, 0.5, 0, -0.5);
  const spectrum = await withinUserSpectrum([Int32Array.of(0, 1), Int32Array.of(2, 3)], plane, 2);
  expect([...(spectrum?.values ?? [])].map((value) => value.toFixed(6))).toEqual(['0.400000', '1.600000']);
  if (!spectrum) return;
  const shape = { kind: 'bilinear', dimensions: 2, rank: 2 } as const;
  const logits = score(shape, Float32Array.of(1, 0, 0, 1), Float32Array.of(1, 0, 0, 1), whitenedParameters(shape, spectrum, 0.4, 10));
  // (S + 0.4 I)⁻¹ = diag(0.5, 1.25), mean 0.875, scaled to a mean of 10.
  for (const [at, wanted] of [5 / 0.875, 0, 0, 12.5 / 0.875].entries()) expect(logits[at]).toBeCloseTo(wanted, 4);
});

test('a lower rank keeps the directions that differ most from the rest', async () => {
  const spectrum = { values: Float64Array.of(0.01, 1, 1, 2), basis: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1) };
  const shape = { kind: 'bilinear', dimensions: 4, rank: 2 } as const;
  const eye = Float32Array.from({ length: 16 }, (_, at) => (at % 5 === 0 ? 1 : 0));
  const logits = score(shape, eye, eye, whitenedParameters(shape, spectrum, 1, 1));
  const diagonal = [0, 5, 10, 15].map((at) => logits[at] as number);
  // Here rank 2 is enough: 1/(value + 1) is the same for the two in the middle.
  const wanted = [1 / 1.01, 0.5, 0.5, 1 / 3];
  const scale = (diagonal[1] as number) / 0.5;
  for (const [at, value] of wanted.entries()) expect((diagonal[at] as number) / scale).toBeCloseTo(value, 5);
});

test('a bilinear head unlearns noise; its curve is streamed; the same seed gives the same head', async () => {
  const events: TrainingEvent[] = [];
  const options = { kind: 'bilinear', seed: 3, epochs: 2 } as const;
  const found = await pretrain(likes, vectors, dimensions, { ...options, onEvent: (event) => events.push(event) });
  expect(found.heldOut.start).toBeGreaterThan(found.heldOut.plain + 0.1);
  expect(found.heldOut.best).toBeGreaterThanOrEqual(found.heldOut.start);
  expect(events.some(({ heldOut }) => heldOut !== undefined)).toBe(true);
  const again = await pretrain(likes, vectors, dimensions, options);
  expect(again.parameters).toEqual(found.parameters);
  // 60 users with two likes or more, a fifth held out.
  expect(found.heldOutUsers.reduce((sum, one) => sum + one, 0)).toBe(12);
});

test.each(['dot', 'mlp'] as const)('%s: never worse than the cosine on held-out users', async (kind) => {
  const { heldOut } = await pretrain(likes, vectors, dimensions, { kind, seed: 3, epochs: 2, hidden: kind === 'mlp' ? 4 : 1 });
  expect(heldOut.best).toBeGreaterThanOrEqual(heldOut.plain);
});

test('held-out questions: history and relevant rows never meet; nDCG by hand', () => {
  for (const { history, relevant } of heldOutCases([Int32Array.of(1, 2, 3, 4, 5, 6, 7), Int32Array.of(8, 9)], () => 0.5)) {
    expect(relevant.length).toBeGreaterThan(0);
    expect(relevant.some((row) => history.includes(row))).toBe(false);
  }
  const one = { history: Int32Array.of(0), relevant: Int32Array.of(2, 3) };
  // Row 0 is seen; order of the rest: 1, 2, 4, 3.
  expect(ndcgOf(Float32Array.of(9, 8, 7, 1, 2), one)).toBeCloseTo((1 / Math.log2(3) + 1 / Math.log2(5)) / (1 + 1 / Math.log2(3)), 12);
});

test('too few users, foreign vectors and an abort are refused in words', async () => {
  const options = { kind: 'dot', seed: 1 } as const;
  await expect(
    pretrain(
      likesOf(
        [
          [0, 1],
          [2, 3],
        ],
        120,
      ),
      vectors,
      dimensions,
      options,
    ),
  ).rejects.toMatchObject({ code: 'evaluation-empty' });
  await expect(pretrain(likesOf([[0, 1]], 7), vectors, dimensions, options)).rejects.toMatchObject({ code: 'bad-vector' });
  const signal = AbortSignal.abort();
  await expect(pretrain(likes, vectors, dimensions, { ...options, signal })).rejects.toMatchObject({ code: 'aborted' });
});
