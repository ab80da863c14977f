// Ranks an open catalogue by the blend that an owner's log gave. Lists and the scores that reasons are checked with come from the same
// blend; its weights hold for every head (docs/decisions/2026-11-24-blend-beside-a-tuned-head.md). Keeps no rating.
import { dot } from '../compute/cpu/linear.ts';
import type { Head } from '../head/evaluate.ts';
import type { BlendPart } from '../head/log-knowledge.ts';
import type { ItemTable } from '../index/item-table.ts';
import { LEAST_DROP } from './explain.ts';
import type { RankedRows } from './feature-rows.ts';
import { headQuery, headScorer, headSearch } from './head-rank.ts';
import { type BlendReader, blendedScore, blendedSearch, blendPartFor, headScale, type OwnerBlend, similarRows } from './owner-blend.ts';
import type { Ranking } from './reader-ranking.ts';

/** Rows that estimate mean and deviation of a head's scores; the deviation of 512 rows is within 3 % of the true one. */
const SAMPLE_ROWS = 512;
/** Smallest fall of a blended score that counts as a reason, in deviations. */
const LEAST_BLENDED_DROP = 0.01;

/** What is known about a reader. */
export interface OwnerReader {
  /** [dimensions], unit length; undefined: no like has a vector */
  user: Float32Array | undefined;
  /** Rows that are liked. */
  liked: readonly number[];
}

export class OwnerRanking {
  readonly #blend: OwnerBlend;
  readonly #table: ItemTable;
  readonly #ranked: RankedRows;
  /** vectors [sample × dimensions]; `key` says which state of the table they are from */
  #sample: { key: string; vectors: Float32Array } | undefined;

  /** @param ranked the rows of this table as the head was trained on them */
  constructor(blend: OwnerBlend, table: ItemTable, ranked: RankedRows) {
    this.#blend = blend;
    this.#table = table;
    this.#ranked = ranked;
  }

  /** [rows] row numbers, most liked first */
  get order(): Int32Array {
    return this.#blend.byPrior;
  }

  /**
   * Blended scores are in deviations of the head's scores, so a cosine of 1 is 1 / deviation of them (`unit`).
   * @param user [dimensions], unit length @throws bad-head, bad-vector
   */
  ranking(head: Head, user: Float32Array, liked: readonly number[]): Ranking {
    const byHead = headSearch(this.#ranked, { head, user, vectorOf: (row) => this.#vectorAt(row) });
    const reader = this.#reader(head, user, liked);
    const deviation = reader.scale?.deviation ?? 0;
    return { search: blendedSearch(this.#blend, this.#weights(liked), reader, byHead), unit: deviation > 0 ? 1 / deviation : 1 };
  }

  /**
   * Scores of single rows for a reader with fewer ratings, by the weights of all ratings: reasons ask what a rating is worth, not what
   * another number of ratings would change.
   * @param all all rows that are liked
   */
  scorer(head: Head, { user, liked }: OwnerReader, all: readonly number[]): (row: number) => number {
    const weights = this.#weights(all);
    const byHead = user && headScorer(head, user);
    const reader = this.#reader(head, user, liked);
    return (row) => {
      const vector = byHead && this.#vectorAt(row);
      return blendedScore(this.#blend, weights, reader, row, vector ? byHead(vector) : (reader.scale?.mean ?? 0));
    };
  }

  /** Smallest fall of the score that counts as a reason: the noise of a cosine, in the units of the blend. */
  leastDrop(head: Head, user: Float32Array, liked: readonly number[]): number {
    const { scale } = this.#reader(head, user, liked);
    return Math.max(LEAST_BLENDED_DROP, scale && scale.deviation > 0 ? (this.#weights(liked).head * LEAST_DROP) / scale.deviation : 0);
  }

  #weights(liked: readonly number[]): BlendPart {
    return blendPartFor(this.#blend, liked.length);
  }

  #reader(head: Head, user: Float32Array | undefined, liked: readonly number[]): BlendReader {
    return { scale: user && headScale(this.#sampleScores(head, user)), itemItem: similarRows(this.#blend.knowledge.table, liked) };
  }

  /** @returns [sample], on the scale of `headScorer` */
  #sampleScores(head: Head, user: Float32Array): Float32Array {
    const vectors = this.#sampleVectors();
    const d = user.length;
    const { vector: query, exact } = headQuery(head, user);
    const byHead = headScorer(head, user);
    return Float32Array.from({ length: vectors.length / d }, (_, i) =>
      exact ? dot(query, 0, vectors, i * d, d) : byHead(vectors.subarray(i * d, (i + 1) * d)),
    );
  }

  #vectorAt(row: number): Float32Array | undefined {
    const item = this.#table.items[row];
    return item && this.#ranked.vectorOf(item.id);
  }

  /** Of rows with a vector, spread evenly over the catalogue; read again when vectors changed. */
  #sampleVectors(): Float32Array {
    const { items, correctionVersion, encodedCount, refinedCount } = this.#table;
    const d = this.#ranked.dimensions;
    const key = `${correctionVersion}/${encodedCount}/${refinedCount}`;
    if (this.#sample?.key !== key) {
      const rows = [...items.keys()].filter((row) => this.#table.isEncoded(row));
      const count = Math.min(SAMPLE_ROWS, rows.length);
      const vectors = new Float32Array(count * d);
      for (let i = 0; i < count; i++) {
        const vector = this.#vectorAt(rows[Math.floor((i * rows.length) / count)] as number);
        if (vector) vectors.set(vector, i * d);
      }
      this.#sample = { key, vectors };
    }
    return this.#sample.vectors;
  }
}
