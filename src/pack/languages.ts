// Mean raw vector of each language of a catalogue. The sums are exact, so that neither the order of the items nor their split into shards
// changes a bit of the result.
import { RecommenderError } from '../base/errors.ts';

/**
 * Sums are integers in units of 2^−28, held in float64: exact, hence associative, below 2^53, that is for 2^25 items of
 * one language. A value of a unit vector loses at most 2^−29 to rounding.
 */
const UNITS = 2 ** 28;
const MAX_ITEMS = 2 ** 25;

export interface LanguageSums {
  readonly dimensions: number;
  /** Adds one item. @param vector [dimensions], values in [−1, 1] @throws bad-vector, bad-argument */
  add(language: string, vector: Float32Array): void;
  /** Adds the items of another, such as another shard. @throws bad-argument when dimensions differ */
  merge(other: LanguageSums): void;
  /** Language → items, in the order of code units. */
  counts(): Record<string, number>;
  /** [languages × dimensions], in the order of `counts`. */
  means(): Float32Array<ArrayBuffer>;
  /** [languages × dimensions], exact, in units of 2^−28. */
  sums(): Float64Array<ArrayBuffer>;
}

interface Entry {
  count: number;
  sum: Float64Array;
}

/** @param dimensions of the raw vectors */
export function createLanguageSums(dimensions: number): LanguageSums {
  return new ExactSums(dimensions, new Map());
}

/**
 * @param sums [languages × dimensions] as `LanguageSums.sums` gives them
 * @param counts in the same order
 */
export function restoreLanguageSums(dimensions: number, counts: Readonly<Record<string, number>>, sums: Float64Array): LanguageSums {
  const entries = Object.entries(counts).map(
    ([language, count], i) => [language, { count, sum: sums.slice(i * dimensions, (i + 1) * dimensions) }] as const,
  );
  return new ExactSums(dimensions, new Map(entries));
}

class ExactSums implements LanguageSums {
  readonly dimensions: number;
  readonly #entries: Map<string, Entry>;

  constructor(dimensions: number, entries: Map<string, Entry>) {
    this.dimensions = dimensions;
    this.#entries = entries;
  }

  add(language: string, vector: Float32Array): void {
    if (vector.length !== this.dimensions || !vector.every((value) => Math.abs(value) <= 1)) {
      throw new RecommenderError('bad-vector', `A vector of language "${language}" is not ${this.dimensions} values within −1 and 1.`);
    }
    const entry = this.#entryOf(language, 1);
    for (let j = 0; j < this.dimensions; j++) {
      entry.sum[j] = (entry.sum[j] as number) + Math.round((vector[j] as number) * UNITS);
    }
  }

  merge(other: LanguageSums): void {
    if (other.dimensions !== this.dimensions) {
      throw new RecommenderError('bad-argument', `Means of ${other.dimensions} and of ${this.dimensions} dimensions do not merge.`);
    }
    const sums = other.sums();
    for (const [i, [language, count]] of Object.entries(other.counts()).entries()) {
      const entry = this.#entryOf(language, count);
      const start = i * this.dimensions;
      for (let j = 0; j < this.dimensions; j++) entry.sum[j] = (entry.sum[j] as number) + (sums[start + j] as number);
    }
  }

  counts(): Record<string, number> {
    return Object.fromEntries(this.#sorted().map(([language, { count }]) => [language, count]));
  }

  means(): Float32Array<ArrayBuffer> {
    return Float32Array.from(this.#sorted().flatMap(([, { count, sum }]) => Array.from(sum, (value) => value / UNITS / count)));
  }

  sums(): Float64Array<ArrayBuffer> {
    return Float64Array.from(this.#sorted().flatMap(([, { sum }]) => [...sum]));
  }

  #sorted(): [string, Entry][] {
    return [...this.#entries].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  #entryOf(language: string, more: number): Entry {
    const entry = this.#entries.get(language) ?? { count: 0, sum: new Float64Array(this.dimensions) };
    this.#entries.set(language, entry);
    entry.count += more;
    if (entry.count > MAX_ITEMS) {
      throw new RecommenderError('bad-argument', `${entry.count} items of language "${language}": at most ${MAX_ITEMS} can be averaged.`);
    }
    return entry;
  }
}
