// Seeded vectors, plain and awkward, for the tests of every backend and of the index. No test framework in here.
import { gaussian } from '../../base/random.ts';

export type VectorKind = 'random' | 'duplicates' | 'ties' | 'zeros' | 'denormals' | 'large';

/**
 * @param distinct for 'duplicates': how many different rows there are
 * @returns [rows × dimensions]
 */
export function randomVectors(kind: VectorKind, rows: number, dimensions: number, random: () => number, distinct = 7): Float32Array {
  const out = new Float32Array(rows * dimensions);
  for (let row = 0; row < rows; row++) {
    const vector = out.subarray(row * dimensions, (row + 1) * dimensions);
    if (kind === 'duplicates' && row >= distinct) vector.set(out.subarray((row % distinct) * dimensions, ((row % distinct) + 1) * dimensions));
    else fill(kind, vector, random);
  }
  return out;
}

function fill(kind: VectorKind, vector: Float32Array, random: () => number): void {
  if (kind === 'zeros' && random() < 0.7) return;
  for (let j = 0; j < vector.length; j++) {
    if (kind === 'ties') vector[j] = Math.floor(random() * 3) - 1;
    else if (kind === 'denormals') vector[j] = gaussian(random) * 10 ** -(36 + Math.floor(random() * 9));
    else vector[j] = gaussian(random) * (kind === 'large' ? 1e18 : 1);
  }
  if (kind !== 'random' && kind !== 'duplicates' && kind !== 'zeros') return;
  makeUnit(vector);
}

function makeUnit(vector: Float32Array): void {
  let square = 0;
  for (const value of vector) square += value * value;
  for (let j = 0; j < vector.length; j++) vector[j] = (vector[j] as number) / Math.sqrt(square);
}

export interface ClusterOptions {
  rows: number;
  dimensions: number;
  clusters: number;
  /** Mean length of a row's own part, half to one and a half times that, while its centre has length 1. */
  spread: number;
  /** Length of a part that all rows share, as the embeddings of real encoders do. */
  common?: number;
}

/** Rows around centres, unit length: what embeddings of a catalogue look like. @returns [rows × dimensions] */
export function clusteredVectors({ rows, dimensions, clusters, spread, common = 0 }: ClusterOptions, random: () => number): Float32Array {
  const centres = randomVectors('random', clusters, dimensions, random);
  const shared = randomVectors('random', 1, dimensions, random);
  const out = new Float32Array(rows * dimensions);
  const perValue = spread / Math.sqrt(dimensions);
  for (let row = 0; row < rows; row++) {
    const centre = Math.floor(random() * clusters) * dimensions;
    const vector = out.subarray(row * dimensions, (row + 1) * dimensions);
    const own = perValue * (0.5 + random());
    for (let j = 0; j < dimensions; j++) {
      vector[j] = (centres[centre + j] as number) + gaussian(random) * own + common * (shared[j] as number);
    }
    makeUnit(vector);
  }
  return out;
}

/** Bit r is set when `choose(r)`. */
export function bitsOf(rows: number, choose: (row: number) => boolean): Uint32Array {
  const bits = new Uint32Array(Math.ceil(rows / 32));
  for (let row = 0; row < rows; row++) if (choose(row)) bits[row >> 5] = (bits[row >> 5] as number) | (1 << (row & 31));
  return bits;
}
