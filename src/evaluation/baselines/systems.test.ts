// What holds for every baseline and for the product without a log: the order of the catalogue does not matter, scores are finite, odd histories do no harm.
import { describe, expect, test } from 'vitest';
import { seededRandom, shuffle } from '../../base/random.ts';
import { kindredVisitorPopularitySystem, kindredVisitorSystem } from '../kindred-visitor.ts';
import type { FitContext } from '../types.ts';
import { baselineSystems, systemByName } from './systems.ts';
import { type Blocks, contextOf, matrixOf, plantedBlocks, scoresOf } from './testing/planted.ts';

const world = plantedBlocks(seededRandom(11));
const itemCount = world.block.length;
const contextFor = ({ train, catalogue }: Pick<Blocks, 'train' | 'catalogue'>): FitContext => contextOf(train, catalogue, seededRandom(17));

/** The same world with row r moved to moved[r]. */
function permuted({ train, catalogue }: Blocks, moved: Int32Array): FitContext {
  const from = new Int32Array(moved.length);
  moved.forEach((to, row) => {
    from[to] = row;
  });
  const at = <T>(values: readonly T[]): T[] => Array.from(from, (row) => values[row] as T);
  const d = catalogue.dimensions;
  const vectors = new Float32Array(moved.length * d);
  moved.forEach((to, row) => {
    vectors.set(catalogue.vectors?.subarray(row * d, (row + 1) * d) ?? [], to * d);
  });
  const likes = Array.from({ length: train.userCount }, (_, user) =>
    [...train.items.subarray(train.offsets[user], train.offsets[user + 1])].map((row) => moved[row] as number).sort((a, b) => a - b),
  );
  const { items, languages, texts } = catalogue;
  return contextFor({
    train: matrixOf(likes, moved.length),
    catalogue: { items: at(items), languages: at(languages), texts: at(texts), vectors, dimensions: d },
  });
}

describe.each([...baselineSystems(), kindredVisitorSystem(), kindredVisitorPopularitySystem()])('$name', (system) => {
  test('a shuffled catalogue gets the same scores', async () => {
    const plain = await system.fit(contextFor(world));
    for (const seed of [1, 2, 3]) {
      const moved = shuffle(
        Int32Array.from({ length: itemCount }, (_, row) => row),
        seededRandom(seed),
      );
      const other = await system.fit(permuted(world, moved));
      for (const history of [[5, 9, 13], [0], [38, 2, 1, 30]]) {
        const wanted = scoresOf(plain, history, itemCount);
        const got = scoresOf(
          other,
          history.map((row) => moved[row] as number),
          itemCount,
        );
        wanted.forEach((score, row) => {
          expect(got[moved[row] as number], `row ${row}`).toBeCloseTo(score, 5);
        });
      }
    }
  });

  test('an empty history, one of unknown items, repeats and weights of 0 give finite scores, the same when asked again', async () => {
    const fitted = await system.fit(contextFor(world));
    for (const history of [[], [39], [38, 39], [4, 4, 4], Array.from({ length: itemCount }, (_, row) => row)]) {
      for (const weight of [1, 0, -2]) {
        const weights = history.map(() => weight);
        const scores = scoresOf(fitted, history, itemCount, weights);
        expect(scores.every(Number.isFinite)).toBe(true);
        expect(scoresOf(fitted, history, itemCount, weights)).toEqual(scores);
      }
    }
  });

  test('puts the planted block first, unless it knows nothing of taste', async () => {
    const fitted = await system.fit(contextFor(world));
    const history = [1, 5, 9, 13];
    const scores = scoresOf(fitted, history, itemCount);
    const best = [...world.block.keys()].filter((row) => !history.includes(row)).sort((a, b) => (scores[b] as number) - (scores[a] as number));
    const hits = best.slice(0, 4).filter((row) => world.block[row] === 1).length;
    if (['random', 'popularity'].includes(system.name)) expect(hits).toBeLessThan(4);
    else expect(hits).toBeGreaterThanOrEqual(3);
  });

  test('refuses a history of another catalogue and scores of another length', async () => {
    const fitted = await system.fit(contextFor(world));
    const bad = expect.objectContaining({ code: 'bad-argument' });
    expect(() => scoresOf(fitted, [itemCount], itemCount)).toThrow(bad);
    expect(() => scoresOf(fitted, [1], itemCount - 1)).toThrow(bad);
    expect(() => scoresOf(fitted, [1], itemCount, [])).toThrow(bad);
  });
});

test('names are unique and lead back to the system; an unknown one is answered with the list', () => {
  const names = baselineSystems().map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(systemByName(name).name).toBe(name);
  expect(() => systemByName('EASE')).toThrow(expect.objectContaining({ code: 'bad-argument', message: expect.stringContaining(names.join(', ')) }));
});
