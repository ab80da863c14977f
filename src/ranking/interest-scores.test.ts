import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { createCpuBackend } from '../compute/cpu/cpu-backend.ts';
import { normalizeRows } from '../compute/cpu/linear.ts';
import { randomVectors } from '../compute/testing/vectors.ts';
import { createIndex } from '../index/vector-index.ts';
import { likesAsInterests, scoreByInterests } from './interest-scores.ts';

const D = 32;
const vectors = normalizeRows(randomVectors('random', 400, D, seededRandom(3)), D);

test('every row has the score that the index gives it', async () => {
  const index = createIndex(createCpuBackend(), { dimensions: D, rescore: true });
  index.add(vectors);
  const interests = likesAsInterests(vectors, D, [3, 70, 200], 0.2);
  const scores = scoreByInterests(vectors, D, interests);
  for (const { row, score } of await index.searchInterests(interests, 25)) expect(score).toBe(scores[row]);
});

test('one like scores by its cosine; many score between the mean and the largest of their cosines', () => {
  const one = scoreByInterests(vectors, D, likesAsInterests(vectors, D, [5], 0.25));
  const cosines = (like: number) =>
    Array.from({ length: 400 }, (_, row) =>
      vectors.subarray(row * D, row * D + D).reduce((sum, x, j) => sum + x * (vectors[like * D + j] as number), 0),
    );
  for (const [row, cosine] of cosines(5).entries()) expect(one[row]).toBeCloseTo(cosine, 5);
  const likes = [5, 60, 300];
  const by = likes.map(cosines);
  const soft = scoreByInterests(vectors, D, likesAsInterests(vectors, D, likes, 0.25));
  soft.forEach((score, row) => {
    const own = by.map((list) => list[row] as number);
    expect(score).toBeLessThanOrEqual(Math.max(...own) + 1e-6);
    expect(score).toBeGreaterThanOrEqual(own.reduce((a, b) => a + b) / 3 - 1e-6);
  });
});

test('a bias moves a row by itself', () => {
  const interests = likesAsInterests(vectors, D, [5, 9], 0.25);
  const plain = scoreByInterests(vectors, D, interests);
  const moved = scoreByInterests(vectors, D, interests, { 7: -0.5 } as unknown as ArrayLike<number>);
  expect(moved[7]).toBeCloseTo((plain[7] as number) - 0.5, 5);
  expect(moved[8]).toBe(plain[8]);
});
