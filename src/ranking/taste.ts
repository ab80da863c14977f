// The one scorer of a reader's taste: rows by several interests, through a trained head where there is one. Lists, reasons and the gate
// of training all score by it. Keeps no rating.
import type { RowBitset } from '../compute/backend.ts';
import { dot } from '../compute/cpu/linear.ts';
import { byScore } from '../compute/cpu/top-k.ts';
import { type Interests, interestScore } from '../compute/interests.ts';
import { type Interest, interestWeights } from '../feedback/interests.ts';
import type { Head } from '../head/evaluate.ts';
import { difference, intersection, union } from '../index/bitset.ts';
import { headQuery } from './head-rank.ts';
import { TEMPERATURE } from './interest-scores.ts';
import type { RankedRows } from './ranked-rows.ts';
import type { Search } from './search.ts';

/** Language groups of the rows. */
export interface RowGroups {
  groupOf: (row: number) => string;
  /** Group → its rows. */
  rowsOf: ReadonlyMap<string, RowBitset>;
}

/** Whether a head can rank by several interests: each like becomes a query of its own. Others rank by the mean of the likes. */
export function takesInterests({ shape }: Head): boolean {
  return shape.kind === 'dot' || shape.kind === 'bilinear';
}

export class Taste {
  readonly #rows: RankedRows;
  readonly #groups: RowGroups;
  readonly #interests: readonly Interest[];
  /** [interests × dimensions], unit length: the items' vectors, or the head's queries for them */
  readonly #vectors: Float32Array;
  /** Row → products with all interests. Reasons ask for the same rows many times. */
  readonly #products = new Map<number, Float64Array>();

  /**
   * @param interests as `readerInterests` gives them: likes first, each with a vector; at least one like
   * @param head one that `takesInterests`; undefined: the likes as they are
   * @throws bad-head, bad-vector
   */
  constructor(rows: RankedRows, groups: RowGroups, interests: readonly Interest[], head?: Head) {
    this.#rows = rows;
    this.#groups = groups;
    this.#interests = interests;
    this.#vectors = interestVectors(rows, interests, head);
  }

  /** Items of a language with likes are scored by its own weights, the others by the weights of all likes (`interestWeights`). */
  readonly search: Search = async (k, allowed) => {
    const { rowsOf } = this.#groups;
    const groups = [...new Set(this.#interests.flatMap(({ kind, group }) => (kind === 'like' ? [group] : [])))];
    // With likes in one language the weights are the same for every language.
    if (groups.length === 1) return this.#searchGroup(undefined, k, allowed);
    const own = groups.flatMap((group) => {
      const rows = rowsOf.get(group);
      return rows ? [{ group, rows }] : [];
    });
    const covered = own.map(({ rows }) => rows).reduce(union);
    const lists = await Promise.all([
      this.#searchGroup(undefined, k, difference(allowed, covered)),
      ...own.map(({ group, rows }) => this.#searchGroup(group, k, intersection(allowed, rows))),
    ]);
    return lists.flat().sort(byScore).slice(0, k);
  };

  /**
   * Scores of single rows, the same as in `search`.
   * @param left places of ratings (`Interest.place`) that are left out
   * @returns undefined when no like is left; the scorer gives undefined for a row without a vector
   */
  scorer(left: readonly number[] = []): ((row: number) => number | undefined) | undefined {
    const kept = this.#interests.flatMap(({ place }, i) => (left.includes(place) ? [] : [i]));
    const interests = kept.map((i) => this.#interests[i] as Interest);
    const likes = interests.filter(({ kind }) => kind === 'like').length;
    if (likes === 0) return undefined;
    const weightsOf = new Map<string, number[]>();
    return (row) => {
      const all = this.#productsOf(row);
      if (!all) return undefined;
      const group = this.#groups.groupOf(row);
      const weights = weightsOf.get(group) ?? interestWeights(interests, group);
      weightsOf.set(group, weights);
      const products = kept.map((i) => all[i] as number);
      return interestScore(products, { likes, weights, temperature: this.#temperature }) + this.#rows.biasOf(row);
    };
  }

  /**
   * Scores of many rows at once, the same as those of `scorer()`.
   * @param rows row numbers @param vectors [rows × dimensions] their vectors
   */
  scoreRows(rows: readonly number[], vectors: Float32Array): Float64Array {
    const { dimensions, textShare, biasOf } = this.#rows;
    const { groupOf } = this.#groups;
    return scoreRowsByInterests({ interests: this.#interests, vectors: this.#vectors, dimensions, textShare, groupOf, biasOf }, rows, vectors);
  }

  get #temperature(): number {
    return TEMPERATURE * this.#rows.textShare;
  }

  #searchGroup(group: string | undefined, k: number, allowed: RowBitset) {
    const interests: Interests = {
      vectors: this.#vectors,
      likes: this.#interests.filter(({ kind }) => kind === 'like').length,
      weights: interestWeights(this.#interests, group),
      temperature: this.#temperature,
    };
    return this.#rows.searchInterests(interests, k, allowed);
  }

  /** @returns [interests]; undefined for a row without a vector */
  #productsOf(row: number): Float64Array | undefined {
    const known = this.#products.get(row);
    if (known) return known;
    const item = this.#rows.items[row];
    const vector = item && this.#rows.vectorOf(item.id);
    if (!vector) return undefined;
    const d = vector.length;
    const products = Float64Array.from(this.#interests, (_, i) => dot(vector, 0, this.#vectors, i * d, d));
    this.#products.set(row, products);
    return products;
  }
}

/** What scores of rows by interests are made of; fields as in `RankedRows` and `RowGroups`. */
export interface InterestScoring extends Pick<RankedRows, 'dimensions' | 'textShare' | 'biasOf'>, Pick<RowGroups, 'groupOf'> {
  /** Likes first. */
  interests: readonly Interest[];
  /** [interests × dimensions] of `interestVectors` */
  vectors: Float32Array;
}

/** @returns [interests × dimensions], unit length: the items' vectors, or the head's queries for them; zero without a vector */
export function interestVectors(
  { dimensions, vectorOf }: Pick<RankedRows, 'dimensions' | 'vectorOf'>,
  interests: readonly Interest[],
  head?: Head,
): Float32Array {
  const vectors = new Float32Array(interests.length * dimensions);
  interests.forEach(({ itemId }, i) => {
    const vector = vectorOf(itemId);
    if (vector) vectors.set(head ? headQuery(head, unit(vector)).vector : unit(vector), i * dimensions);
  });
  return vectors;
}

/** @param rows row numbers @param rowVectors [rows × dimensions] their vectors @returns [rows] */
export function scoreRowsByInterests(scoring: InterestScoring, rows: readonly number[], rowVectors: Float32Array): Float64Array {
  const { interests, vectors, dimensions: d, textShare, groupOf, biasOf } = scoring;
  const likes = interests.filter(({ kind }) => kind === 'like').length;
  const temperature = TEMPERATURE * textShare;
  const weightsOf = new Map<string, number[]>();
  const products = new Float64Array(interests.length);
  return Float64Array.from(rows, (row, at) => {
    const group = groupOf(row);
    const weights = weightsOf.get(group) ?? interestWeights(interests, group);
    weightsOf.set(group, weights);
    for (let i = 0; i < products.length; i++) products[i] = dot(rowVectors, at * d, vectors, i * d, d);
    return interestScore(products, { likes, weights, temperature }) + biasOf(row);
  });
}

/** Items without features are shorter than 1 in the joined space; as an interest each counts alike. */
function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, 0, vector, 0, vector.length));
  return length > 0 ? vector.map((value) => value / length) : vector;
}
