// User vectors and the training examples of an owner's log. An example's user vector is the mean of the user's OTHER items: with the
// own item in it, the head would learn to find what it was shown.
import { shuffle } from '../base/random.ts';
import type { TrainingSet } from '../head/types.ts';

/** The sum of the vectors of `rows` at unit length; zero where the sum is zero. @param vectors [items × d] @returns [d] */
export function meanVector(vectors: Float32Array, d: number, rows: ArrayLike<number>): Float32Array {
  const sum = new Float64Array(d);
  for (let i = 0; i < rows.length; i++) addRow(sum, vectors, rows[i] as number, 1);
  return unit(sum);
}

function addRow(sum: Float64Array, vectors: Float32Array, row: number, factor: number): void {
  const d = sum.length;
  for (let j = 0; j < d; j++) sum[j] = (sum[j] as number) + factor * (vectors[row * d + j] as number);
}

function unit(x: Float64Array): Float32Array {
  let square = 0;
  for (const value of x) square += value * value;
  return Float32Array.from(x, (value) => (square > 0 ? value / Math.sqrt(square) : 0));
}

export interface ExampleOptions {
  /** Most examples; drawn at random where the log has more. */
  most: number;
  random: () => number;
}

/**
 * One example for each like of the users with two or more; its user vector is the mean of all the user's other items.
 * @param users rows liked by each user @param vectors [items × d]
 * @returns a set whose `items` are the vectors given, not a copy; every label and weight is 1
 */
export function pretrainingSet(users: readonly Int32Array[], vectors: Float32Array, d: number, { most, random }: ExampleOptions): TrainingSet {
  const all: [user: number, row: number][] = [];
  users.forEach((rows, user) => {
    if (rows.length > 1) for (const row of rows) all.push([user, row]);
  });
  const chosen =
    all.length > most
      ? shuffle(all, random)
          .slice(0, most)
          .sort((a, b) => a[0] - b[0])
      : all;
  const out = new Float32Array(chosen.length * d);
  let [summed, sum] = [-1, new Float64Array(d)];
  chosen.forEach(([user, row], example) => {
    if (user !== summed) {
      [summed, sum] = [user, new Float64Array(d)];
      for (const liked of users[user] ?? []) addRow(sum, vectors, liked, 1);
    }
    const others = sum.slice();
    addRow(others, vectors, row, -1);
    out.set(unit(others), example * d);
  });
  return {
    users: out,
    items: vectors,
    userRow: Int32Array.from(chosen, (_, example) => example),
    itemRow: Int32Array.from(chosen, ([, row]) => row),
    person: Int32Array.from(chosen, ([user]) => user),
    label: new Float32Array(chosen.length).fill(1),
    weight: new Float32Array(chosen.length).fill(1),
  };
}
