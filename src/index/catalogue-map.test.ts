import { expect, test } from 'vitest';
import { gaussian, seededRandom } from '../base/random.ts';
import { normalizeRows } from '../compute/cpu/linear.ts';
import { planeMap } from './catalogue-map.ts';

const DIMENSIONS = 12;

/** Rows in three clouds, row r in cloud r % 3. */
function clouds(rows: number): Float32Array {
  const random = seededRandom(5);
  const vectors = Float32Array.from({ length: rows * DIMENSIONS }, (_, at) => {
    const row = Math.floor(at / DIMENSIONS);
    return (at % DIMENSIONS === row % 3 ? 1 : 0) + 0.08 * gaussian(random);
  });
  normalizeRows(vectors, DIMENSIONS);
  return vectors;
}

/** Share of rows whose nearest row in the plane is of the same cloud. */
function purity({ x, y }: { x: Float32Array; y: Float32Array }): number {
  let pure = 0;
  for (let row = 0; row < x.length; row++) {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let other = 0; other < x.length; other++) {
      const away = Math.hypot((x[row] as number) - (x[other] as number), (y[row] as number) - (y[other] as number));
      if (other !== row && away < least) [least, best] = [away, other];
    }
    if (best % 3 === row % 3) pure++;
  }
  return pure / x.length;
}

const widest = ({ x, y }: { x: Float32Array; y: Float32Array }): number => Math.max(...[...x, ...y].map(Math.abs));

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    const [da, db] = [(a[at] as number) - ma, (b[at] as number) - mb];
    [ab, aa, bb] = [ab + da * db, aa + da * da, bb + db * db];
  }
  return ab / Math.sqrt(aa * bb);
}

test('like items lie near each other in both maps, within −1 and 1', async () => {
  for (const [rows, method] of [
    [60, 'umap'],
    [12, 'pca'],
    [3300, 'pca'],
  ] as const) {
    const map = await planeMap(clouds(rows), { dimensions: DIMENSIONS, random: seededRandom(1) });
    expect(map.method).toBe(method);
    expect(map.x).toHaveLength(rows);
    expect(widest(map)).toBeCloseTo(1, 5);
    expect(purity({ x: map.x.subarray(0, 60), y: map.y.subarray(0, 60) }), `${rows} rows`).toBeGreaterThan(0.95);
  }
});

test('the axes of a large map are the directions of most variance, whatever chance says', async () => {
  // Along three fixed directions of 12 that are orthogonal, with spreads of 3, 2 and 0.5.
  const [rows, spreads] = [3100, [3, 2, 0.5]];
  const random = seededRandom(4);
  const along = Array.from({ length: rows }, () => spreads.map((spread) => spread * gaussian(random)));
  const value = (row: number, j: number): number =>
    (along[row] ?? []).reduce((sum, part, axis) => sum + part * Math.cos((Math.PI * (j + 0.5) * (axis + 1)) / DIMENSIONS), 1);
  const vectors = Float32Array.from({ length: rows * DIMENSIONS }, (_, at) => value(Math.floor(at / DIMENSIONS), at % DIMENSIONS));
  for (const seed of [1, 2]) {
    const { x, y } = await planeMap(vectors, { dimensions: DIMENSIONS, random: seededRandom(seed) });
    expect(
      Math.abs(
        correlation(
          x,
          along.map(([first = 0]) => first),
        ),
      ),
    ).toBeGreaterThan(0.999);
    expect(
      Math.abs(
        correlation(
          y,
          along.map(([, second = 0]) => second),
        ),
      ),
    ).toBeGreaterThan(0.999);
  }
});

test('the same chance gives the same map', async () => {
  const draw = () => planeMap(clouds(40), { dimensions: DIMENSIONS, random: seededRandom(9) });
  expect(await draw()).toEqual(await draw());
});

test('one item, or all alike, are a point', async () => {
  const one = await planeMap(new Float32Array([1, 0]), { dimensions: 2, random: seededRandom(1) });
  expect([...one.x, ...one.y]).toEqual([0, 0]);
  const same = await planeMap(new Float32Array(20).fill(0.5), { dimensions: 4, random: seededRandom(1) });
  expect([...same.x, ...same.y].every((value) => Math.abs(value) < 1e-6)).toBe(true);
});

test('nothing to draw and an abort are said', async () => {
  await expect(planeMap(new Float32Array(0), { dimensions: 4, random: Math.random })).rejects.toMatchObject({ code: 'bad-argument' });
  await expect(planeMap(clouds(60), { dimensions: DIMENSIONS, random: seededRandom(1), signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'aborted',
  });
});
