// Small data with a known answer, for the tests of the baselines.
import type { Item, ItemId } from '../../../base/types.ts';
import type { EvaluationCatalogue, FitContext, FittedSystem, InteractionMatrix } from '../../types.ts';

/** @param rows liked items of each user, ascending; all weights 1 */
export function matrixOf(rows: readonly (readonly number[])[], itemCount: number): InteractionMatrix {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, user) => {
    offsets[user + 1] = (offsets[user] as number) + row.length;
  });
  const items = Int32Array.from(rows.flat());
  return { userCount: rows.length, itemCount, offsets, items, weights: new Float32Array(items.length).fill(1) };
}

/** Ids `item-000`, `item-001`, …, so that id order is row order. */
export function itemOf(row: number, part: Partial<Item> = {}): Item {
  const id = `item-${String(row).padStart(3, '0')}` as ItemId;
  return { id, language: 'en', title: id, description: '', categories: [], ...part };
}

/** What a system is fitted on. @param random default: a source that throws */
export function contextOf(train: InteractionMatrix, part: Partial<EvaluationCatalogue> = {}, random = noChance): FitContext {
  const items = part.items ?? Array.from({ length: train.itemCount }, (_, row) => itemOf(row));
  const texts = part.texts ?? items.map((item) => item.title);
  return { train, random, catalogue: { dimensions: 0, languages: items.map((item) => item.language), ...part, items, texts } };
}

function noChance(): number {
  throw new Error('This system must not draw random numbers.');
}

/** Scores of a history, all weights 1 unless stated. */
export function scoresOf(fitted: FittedSystem, history: readonly number[], itemCount: number, weights = history.map(() => 1)): Float32Array {
  const scores = new Float32Array(itemCount).fill(Number.NaN);
  fitted.score(Int32Array.from(history), Float32Array.from(weights), scores);
  return scores;
}

export interface Blocks {
  train: InteractionMatrix;
  catalogue: EvaluationCatalogue;
  /** [items] block of each item */
  block: Int32Array;
}

/**
 * Users of block b mostly like items of block b; so do categories, words and vectors. The last two items are liked by nobody.
 * @param random uniform in [0, 1)
 */
export function plantedBlocks(random: () => number, { users = 60, items = 40, blocks = 4 } = {}): Blocks {
  const block = Int32Array.from({ length: items }, (_, row) => row % blocks);
  const likes = Array.from({ length: users }, (_, user) =>
    Array.from(block.keys()).filter((row) => row < items - 2 && random() < (block[row] === user % blocks ? 0.6 : 0.04)),
  );
  const dimensions = 8;
  const vectors = new Float32Array(items * dimensions);
  for (let row = 0; row < items; row++) {
    const values = Array.from({ length: dimensions }, (_, j) => (j === block[row] ? 1 : 0) + 0.4 * (random() - 0.5));
    const length = Math.hypot(...values);
    vectors.set(
      values.map((value) => value / length),
      row * dimensions,
    );
  }
  const topics = ['harbour', 'mountain', 'kitchen', 'orchestra', 'garden', 'engine'];
  const colours = ['red', 'blue', 'green', 'black', 'white'];
  const all = Array.from(block, (b, row) =>
    itemOf(row, { categories: [`block-${b}`, `odd-${row % 3}`], title: `${topics[b] ?? b} ${colours[row % 5]} number ${row}` }),
  );
  return {
    block,
    train: matrixOf(likes, items),
    catalogue: { items: all, languages: all.map(() => 'en'), texts: all.map((item) => item.title), vectors, dimensions },
  };
}
