// Ranks an open catalogue by the blend that an owner's log gave: taste, prior and item–item table. Lists and the scores that reasons are
// checked with come from the same blend; its weights hold for every head (docs/decisions/2026-11-24-blend-beside-a-tuned-head.md).
// Keeps no rating.
import type { BlendPart } from '../head/log-knowledge.ts';
import { LEAST_DROP } from './explain.ts';
import { type BlendReader, blendedScore, blendedSearch, blendPartFor, headScale, type OwnerBlend, similarRows } from './owner-blend.ts';
import type { RankedRows } from './ranked-rows.ts';
import type { Ranking } from './reader-ranking.ts';
import type { Search } from './search.ts';

/** Rows that estimate mean and deviation of taste scores; the deviation of 512 rows is within 3 % of the true one. */
const SAMPLE_ROWS = 512;
/** Smallest fall of a blended score that counts as a reason, in deviations. */
const LEAST_BLENDED_DROP = 0.01;

/** Scores of single rows by taste; undefined for a row without a vector. */
export type RowScorer = (row: number) => number | undefined;

export class OwnerRanking {
  readonly #blend: OwnerBlend;
  readonly #rows: RankedRows;

  constructor(blend: OwnerBlend, rows: RankedRows) {
    this.#blend = blend;
    this.#rows = rows;
  }

  /** [rows] row numbers, most liked first */
  get order(): Int32Array {
    return this.#blend.byPrior;
  }

  /**
   * Blended scores are in deviations of the taste's scores, so a cosine of 1 is 1 / deviation of them (`unit`).
   * @param taste the search by taste alone, and its scores @param liked rows that are liked
   */
  ranking(taste: { search: Search; scoreOf: RowScorer }, liked: readonly number[]): Ranking {
    const reader = this.#reader(taste.scoreOf, liked);
    const deviation = reader.scale?.deviation ?? 0;
    return { search: blendedSearch(this.#blend, this.#weights(liked), reader, taste.search), unit: deviation > 0 ? 1 / deviation : 1 };
  }

  /**
   * Scores of single rows for a reader with fewer ratings, by the weights of all ratings: reasons ask what a rating is worth, not what
   * another number of ratings would change.
   * @param scoreOf by taste, without the ratings left out; undefined: no like is left
   * @param liked without them @param all all rows that are liked
   */
  scorer(scoreOf: RowScorer | undefined, liked: readonly number[], all: readonly number[]): (row: number) => number {
    const weights = this.#weights(all);
    const reader = this.#reader(scoreOf, liked);
    return (row) => blendedScore(this.#blend, weights, reader, row, scoreOf?.(row) ?? reader.scale?.mean ?? 0);
  }

  /** Smallest fall of the score that counts as a reason: the noise of a cosine, in the units of the blend. */
  leastDrop(scoreOf: RowScorer, liked: readonly number[]): number {
    const { scale } = this.#reader(scoreOf, liked);
    return Math.max(LEAST_BLENDED_DROP, scale && scale.deviation > 0 ? (this.#weights(liked).head * LEAST_DROP) / scale.deviation : 0);
  }

  #weights(liked: readonly number[]): BlendPart {
    return blendPartFor(this.#blend, liked.length);
  }

  #reader(scoreOf: RowScorer | undefined, liked: readonly number[]): BlendReader {
    return { scale: scoreOf && headScale(sampleScores(scoreOf, this.#rows.items.length)), itemItem: similarRows(this.#blend.knowledge.table, liked) };
  }
}

/** Scores of rows with a vector, spread evenly over the catalogue. */
export function sampleScores(scoreOf: RowScorer, rowCount: number): number[] {
  const step = Math.max(1, rowCount / SAMPLE_ROWS);
  return Array.from({ length: Math.min(rowCount, SAMPLE_ROWS) }, (_, i) => Math.floor(i * step)).flatMap((row) => scoreOf(row) ?? []);
}
