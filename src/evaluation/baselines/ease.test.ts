import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { invertSymmetric } from '../../compute/cpu/symmetric-inverse.ts';
import { easeSystem } from './ease.ts';
import fixture from './testing/fixture.json';
import { contextOf, matrixOf, plantedBlocks, scoresOf } from './testing/planted.ts';

const noPause = () => undefined;

describe('easeSystem', () => {
  const { itemCount, likes, histories, ease } = fixture;
  const unknown = Array.from({ length: itemCount }, (_, item) => !likes.some((row) => row.includes(item)));

  test.each(['users', 'items'] as const)('equals the published reference with direct inverse, through %s', async (through) => {
    const fitted = await easeSystem({ lambda: ease.lambda, through }).fit(contextOf(matrixOf(likes, itemCount)));
    histories.forEach((history, at) => {
      const scores = scoresOf(fitted, history, itemCount);
      const wanted = ease.scores[at] ?? [];
      const lowest = Math.min(...wanted.filter((_, item) => !unknown[item]));
      scores.forEach((score, item) => {
        expect(score, `history ${at}, item ${item}`).toBeCloseTo((unknown[item] ? lowest : wanted[item]) as number, 6);
      });
    });
    expect(unknown.filter(Boolean)).toHaveLength(3);
  });

  test.each([
    [70, 40],
    [40, 70],
  ])('%i users × %i items: both ways give the same scores', async (users, items) => {
    const { train, catalogue } = plantedBlocks(seededRandom(3), { users, items });
    const [byUsers, byItems] = await Promise.all(
      (['users', 'items'] as const).map((through) => easeSystem({ lambda: 0.5, through }).fit(contextOf(train, catalogue))),
    );
    if (!byUsers || !byItems) throw new Error('not fitted');
    const [a, b] = [byUsers, byItems].map((fitted) => [...scoresOf(fitted, [0, 7, 12, 13], items)]);
    expect(Math.max(...(a ?? []).map((score, item) => Math.abs(score - (b?.[item] ?? Number.NaN))))).toBeLessThan(1e-6);
  });

  test('a history without likes gives all items the same score', async () => {
    const { train, catalogue } = plantedBlocks(seededRandom(3));
    const fitted = await easeSystem().fit(contextOf(train, catalogue));
    expect(new Set(scoresOf(fitted, [], 40))).toEqual(new Set([0]));
    expect(new Set(scoresOf(fitted, [3, 5], 40, [0, -1]))).toEqual(new Set([0]));
  });

  test('refuses a penalty of 0 and sides that do not fit', async () => {
    expect(() => easeSystem({ lambda: 0 })).toThrow(/ease: lambda is 0/);
    const tall = matrixOf(
      Array.from({ length: 6001 }, () => [0, 1]),
      2,
    );
    await expect(easeSystem({ through: 'users' }).fit(contextOf(tall))).rejects.toMatchObject({ code: 'bad-argument' });
    expect(easeSystem({ through: 'users' }).refuses?.(tall)).toMatch(/6001 × 6001 users; the limit is 6000/);
    expect(easeSystem().refuses?.(tall)).toBeUndefined();
    const scores = scoresOf(await easeSystem().fit(contextOf(tall)), [0], 2);
    expect(scores[1]).toBeGreaterThan(0.99); // B_01 = 6001 / (6001 + λ)
  });

  test('stops on request', async () => {
    const { train, catalogue } = plantedBlocks(seededRandom(3));
    await expect(easeSystem().fit({ ...contextOf(train, catalogue), signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
    // 900³ / 3 multiply-adds are over several turns of the event loop: the abort comes in the middle.
    const stop = new AbortController();
    const eye = matrixOf(
      Array.from({ length: 900 }, (_, user) => [user]),
      900,
    );
    const running = easeSystem({ through: 'items' }).fit({ ...contextOf(eye), signal: stop.signal });
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('invertSymmetric', () => {
  test('A · A⁻¹ = I, from the lower triangle alone', async () => {
    const n = 17;
    const random = seededRandom(8);
    const b = Float64Array.from({ length: n * n }, () => random() - 0.5);
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        for (let k = 0; k < n; k++) a[i * n + j] = (a[i * n + j] as number) + (b[i * n + k] as number) * (b[j * n + k] as number);
        if (i === j) a[i * n + j] = (a[i * n + j] as number) + 0.1;
      }
    }
    const inverse = a.map((value, at) => (at % n > Math.floor(at / n) ? Number.NaN : value));
    await invertSymmetric(inverse, n, noPause);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += (a[i * n + k] as number) * (inverse[k * n + j] as number);
        expect(sum).toBeCloseTo(i === j ? 1 : 0, 9);
      }
    }
  });

  test('says when a matrix is not positive definite', async () => {
    await expect(invertSymmetric(Float64Array.of(1, 0, 2, 1), 2, noPause)).rejects.toMatchObject({ code: 'training-failed' });
  });
});
