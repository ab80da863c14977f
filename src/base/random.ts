// Repeatable random numbers. Code that draws takes a source as a parameter; the same seed gives the same draws on every machine.
import { RecommenderError } from './errors.ts';
import { fnv1a, mixBits } from './hash.ts';

/** Gives uniform numbers in [0, 1). */
export type RandomSource = () => number;

/**
 * mulberry32 (Tommy Ettinger, public domain): 32 bits of state, period 2³². For splits, shuffles and resampling; never for secrets.
 *
 * @param seed any number; only its low 32 bits count
 */
export function seededRandom(seed: number): RandomSource {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * A seed for one purpose of many that share `seed`. Numbers drawn for two purposes are independent, so that, for example, a random
 * baseline cannot follow the draw of the test users.
 */
export function deriveSeed(seed: number, purpose: string): number {
  return mixBits(fnv1a(purpose, seed));
}

/** Uniform integer in [0, n). */
export function randomBelow(n: number, random: RandomSource): number {
  return Math.min(n - 1, Math.floor(random() * n));
}

/** Puts `values` in a random order, in place (Fisher–Yates; Knuth, TAOCP 2, algorithm P). @returns the same array */
export function shuffle<T extends unknown[] | Int32Array | Float64Array>(values: T, random: RandomSource): T {
  for (let last = values.length - 1; last > 0; last--) {
    const other = randomBelow(last + 1, random);
    const held = values[last];
    values[last] = values[other];
    values[other] = held;
  }
  return values;
}

/**
 * Draws without replacement.
 *
 * @returns [count] different integers of [0, n), in random order
 * @throws bad-argument when more are wanted than there are
 */
export function sampleWithout(n: number, count: number, random: RandomSource): Int32Array {
  if (!(count >= 0 && count <= n)) {
    throw new RecommenderError('bad-argument', `${count} different numbers cannot be drawn from ${n}. Ask for ${n} at most.`, {
      n,
      count,
    });
  }
  const pool = Int32Array.from({ length: n }, (_, at) => at);
  for (let at = 0; at < count; at++) {
    const other = at + randomBelow(n - at, random);
    const held = pool[at] as number;
    pool[at] = pool[other] as number;
    pool[other] = held;
  }
  return pool.slice(0, count);
}

/** Standard normal (Box & Muller 1958). */
export function gaussian(random: RandomSource): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
