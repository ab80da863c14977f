import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { bprMfSystem, type Factors, sampleNegative, sgdStep } from './bpr-mf.ts';
import { contextOf, matrixOf, plantedBlocks, scoresOf } from './testing/planted.ts';

const small = { factors: 8, epochs: 40 };
const world = plantedBlocks(seededRandom(5));
const fitSmall = (seed: number, part = {}) => bprMfSystem({ ...small, ...part }).fit(contextOf(world.train, world.catalogue, seededRandom(seed)));

describe('sgdStep', () => {
  const settings = { learningRate: 1e-3, regularisation: 0.02 };
  const random = seededRandom(2);
  const fresh = (): { model: Factors; user: Float64Array } => ({
    model: {
      factors: 3,
      users: new Float64Array(0),
      items: Float64Array.from({ length: 12 }, () => random() - 0.5),
      biases: Float64Array.from({ length: 4 }, () => random() - 0.5),
    },
    user: Float64Array.from({ length: 3 }, () => random() - 0.5),
  });
  /** ln σ(x) − ½ λ ‖θ‖² over the parameters of the pair (1, 2) */
  const objective = ({ items, biases }: Factors, user: Float64Array): number => {
    const at = (item: number) => items.subarray(item * 3, item * 3 + 3);
    let x = (biases[1] as number) - (biases[2] as number);
    user.forEach((u, f) => {
      x += u * ((at(1)[f] as number) - (at(2)[f] as number));
    });
    let square = 0;
    for (const values of [user, at(1), at(2), biases.subarray(1, 3)]) for (const value of values) square += value * value;
    return -Math.log(1 + Math.exp(-x)) - 0.5 * settings.regularisation * square;
  };

  test('moves every parameter along the gradient found by finite differences', () => {
    const { model, user } = fresh();
    const before = { user: user.slice(), items: model.items.slice(), biases: model.biases.slice() };
    const slope = (values: Float64Array, at: number): number => {
      const held = values[at] as number;
      const value = [1e-5, -1e-5].map((step) => {
        values[at] = held + step;
        return objective(model, user);
      });
      values[at] = held;
      return ((value[0] as number) - (value[1] as number)) / 2e-5;
    };
    const wanted = {
      user: [...user.keys()].map((at) => slope(user, at)),
      items: [...model.items.keys()].map((at) => slope(model.items, at)),
      biases: [...model.biases.keys()].map((at) => slope(model.biases, at)),
    };
    const loss = sgdStep(model, user, 1, 2, settings, true);
    const moved = (now: Float64Array, old: Float64Array, gradient: number[]) =>
      gradient.forEach((g, at) => {
        expect(((now[at] as number) - (old[at] as number)) / settings.learningRate).toBeCloseTo(g, 6);
      });
    moved(user, before.user, wanted.user);
    moved(model.items, before.items, wanted.items);
    moved(model.biases, before.biases, wanted.biases);
    expect(wanted.items.slice(3, 9).every((g) => g !== 0)).toBe(true);
    expect(loss).toBeGreaterThan(0);
  });

  test('with items fixed only the user moves', () => {
    const { model, user } = fresh();
    const before = { items: [...model.items], biases: [...model.biases], user: [...user] };
    sgdStep(model, user, 0, 3, settings, false);
    expect([...model.items]).toEqual(before.items);
    expect([...model.biases]).toEqual(before.biases);
    expect([...user]).not.toEqual(before.user);
  });
});

test('negatives are never liked; a user who likes everything has none', () => {
  const random = seededRandom(1);
  const drawn = new Set(Array.from({ length: 200 }, () => sampleNegative(Int32Array.of(0, 2, 5), 6, random)));
  expect([...drawn].sort()).toEqual([1, 3, 4]);
  expect(sampleNegative(Int32Array.of(0, 1, 2), 3, random)).toBe(-1);
});

describe('bprMfSystem', () => {
  test('the loss starts near ln 2 and falls', async () => {
    const losses: number[] = [];
    await fitSmall(1, { onEpoch: (_: number, loss: number) => losses.push(loss) });
    expect(losses).toHaveLength(small.epochs);
    expect(losses[0]).toBeCloseTo(Math.LN2, 1);
    expect(losses.at(-1)).toBeLessThan(0.35);
  });

  test.each([0, 20])('finds the planted blocks from three liked items of an unseen user (%i fold-in epochs)', async (foldInEpochs) => {
    const fitted = await fitSmall(1, { foldInEpochs });
    const { block } = world;
    for (const wanted of [0, 1, 2, 3]) {
      const history = [wanted, wanted + 12, wanted + 24];
      const scores = scoresOf(fitted, history, block.length);
      const rest = [...block.keys()].filter((row) => !history.includes(row)).sort((a, b) => (scores[b] as number) - (scores[a] as number));
      const hits = rest.slice(0, 5).filter((row) => block[row] === wanted).length;
      expect(hits, `block ${wanted}`).toBeGreaterThanOrEqual(4);
    }
  });

  test('a seed gives the same scores bit for bit, in any order of asking; another seed gives others', async () => {
    const [a, b, c] = await Promise.all([fitSmall(1), fitSmall(1), fitSmall(2)]);
    if (!a || !b || !c) throw new Error('not fitted');
    scoresOf(b, [9, 4], 40);
    expect(scoresOf(a, [0, 4, 8], 40)).toEqual(scoresOf(b, [0, 4, 8], 40));
    expect(scoresOf(a, [0, 4, 8], 40)).not.toEqual(scoresOf(c, [0, 4, 8], 40));
  });

  test('fold-in never pushes a liked item down: with everything liked the vector stays at the mean', async () => {
    const everything = Array.from({ length: 40 }, (_, row) => row);
    const [stepped, mean] = await Promise.all([20, 0].map((foldInEpochs) => fitSmall(1, { foldInEpochs })));
    if (!stepped || !mean) throw new Error('not fitted');
    expect(scoresOf(stepped, everything, 40)).toEqual(scoresOf(mean, everything, 40));
    expect(scoresOf(stepped, [1, 5], 40)).not.toEqual(scoresOf(mean, [1, 5], 40));
  });

  test('items that nobody liked share the lowest score; an empty history is ranked by popularity alone', async () => {
    const train = matrixOf(
      Array.from({ length: 20 }, (_, user) => (user < 18 ? [0, user % 2 === 0 ? 1 : 2] : [2, 3])),
      6,
    );
    const fitted = await bprMfSystem(small).fit(contextOf(train, {}, seededRandom(4)));
    const none = scoresOf(fitted, [], 6);
    expect(none[0]).toBe(Math.max(...none));
    expect([none[4], none[5]]).toEqual([none[3], none[3]]);
    expect(none[3]).toBe(Math.min(...none));
    expect(scoresOf(fitted, [4], 6)).toEqual(none);
  });

  test('a training part without likes gives one tie', async () => {
    const fitted = await bprMfSystem(small).fit(contextOf(matrixOf([[]], 3), {}, seededRandom(4)));
    expect([...scoresOf(fitted, [1], 3)]).toEqual([0, 0, 0]);
  });

  test('divergence, wrong options and an abort are errors', async () => {
    await expect(fitSmall(1, { learningRate: 1e200 })).rejects.toMatchObject({ code: 'training-failed' });
    expect(() => bprMfSystem({ factors: 0 })).toThrow(/factors is 0/);
    expect(() => bprMfSystem({ regularisation: 2 })).toThrow(/regularisation is 2. Pass a number from 0 to 1/);
    const stopped = { ...contextOf(world.train, world.catalogue, seededRandom(1)), signal: AbortSignal.abort() };
    await expect(bprMfSystem(small).fit(stopped)).rejects.toMatchObject({ code: 'aborted' });
  });
});
