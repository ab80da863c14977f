import { expect, test } from 'vitest';
import { readAdapter, readAdapterStatistics } from './adapter.ts';

const about = {
  dimensions: 2,
  covariances: 'c',
  maps: 'm',
  mapLanguages: ['de'],
  mapRank: 1,
  means: 'more',
  meanLanguages: ['da'],
};
const bytesOf = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);
const files: Record<string, Uint8Array> = {
  c: bytesOf(1, 2, 3, 4, 5, 6, 7, 8),
  m: new Uint8Array([...bytesOf(1, 0.5), 1, 2, 3, 4]),
  more: bytesOf(9, 10),
};

test('the file of means and projection is cut in two; another size is refused', () => {
  const shape = { dimensions: 2, projectedDimensions: 1, languages: ['en'] };
  const { means, projection } = readAdapter(new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer), shape);
  expect([means, projection]).toEqual([Float32Array.of(1, 2), Float32Array.of(3, 4)]);
  expect(() => readAdapter(new Uint8Array(10), shape)).toThrow(/10 bytes instead of 16/);
});

test('covariances, maps and further means', async () => {
  const { withinItem, betweenItem, maps, more } = await readAdapterStatistics(about, (name) => files[name] as Uint8Array);
  expect([...withinItem, ...betweenItem]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(maps?.byTag.get('de')).toEqual({ rank: 1, steps: Float32Array.of(1, 0.5), factors: Int8Array.of(1, 2, 3, 4) });
  expect(more).toEqual({ languages: ['da'], means: Float32Array.of(9, 10) });
  const alone = await readAdapterStatistics({ dimensions: 2, covariances: 'c' }, (name) => files[name] as Uint8Array);
  expect(alone).toEqual({ withinItem, betweenItem });
});

test.each(['c', 'm', 'more'])('a file of another size is refused: %s', async (wrong) => {
  await expect(readAdapterStatistics(about, (name) => (name === wrong ? new Uint8Array(3) : (files[name] as Uint8Array)))).rejects.toMatchObject({
    code: 'bad-manifest',
  });
});
