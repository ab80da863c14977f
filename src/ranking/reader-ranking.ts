// Ranks for a reader with likes in several languages, without a trained head: one search, and the vector behind the score of an item,
// which reasons are checked with.
import type { FeedbackEvent } from '../base/types.ts';
import type { RowBitset } from '../compute/backend.ts';
import { dot } from '../compute/cpu/linear.ts';
import type { UserVectorSource, UserVectors } from '../feedback/user-vectors.ts';
import { type FusionPair, fitFusionWeights, fusedQuery, ownLanguageSearch, RRF_K, rankFusionSearch, vectorFor } from './fusion.ts';
import type { QuerySearch, Search } from './search.ts';
import type { LanguageFusion } from './types.ts';

/** A search, and the score that counts as a cosine of 1 in it. */
export interface Ranking {
  search: Search;
  unit: number;
}

export interface ReaderContext {
  /** By vectors; `interests` is Taste's (taste.ts). */
  fusion: Exclude<LanguageFusion, 'interests'>;
  /** Vectors of languages are shrunk towards the shared one. */
  reader: UserVectorSource;
  /** The same reader without shrinkage: each language by its own ratings only. */
  unshrunkReader: () => UserVectorSource;
  events: readonly FeedbackEvent[];
  searchBy: QuerySearch;
  /** Language group → its rows. */
  rowsOf: ReadonlyMap<string, RowBitset>;
  /** Rows that may appear in the list. */
  within: () => RowBitset;
  rowOf: ReadonlyMap<string, number>;
  vectorAt: (row: number) => Float32Array | undefined;
  rowCount: number;
}

/** Newest likes that weights are learned from, and unrated rows that each is compared with. */
const LEARN_FROM = { likes: 50, others: 5 };

/** @param user the reader's vectors with all ratings */
export function readerRanking(user: UserVectors, context: ReaderContext): Ranking {
  const { fusion, searchBy, unshrunkReader, rowsOf, within } = context;
  switch (fusion) {
    case 'own-language':
      return { search: ownLanguageSearch(searchBy, user, rowsOf), unit: 1 };
    case 'rank': {
      const vectors = unshrunkReader().without([]) ?? user;
      return { search: rankFusionSearch(searchBy, vectors, within()), unit: vectors.byLanguage.size / (RRF_K + 1) };
    }
    case 'shared':
    case 'learned': {
      const query = scoringVectors(context)([])?.('') ?? user.shared;
      return { search: (k, allowed) => searchBy(query, k, allowed), unit: 1 };
    }
  }
}

/**
 * For the reader without some ratings: the vector whose cosine with an item of a language group is the item's score. Not for `rank`,
 * whose scores are no cosines. Learned weights stay those of all ratings, because reasons ask what a rating is worth.
 */
export function scoringVectors(context: ReaderContext): (left: readonly number[]) => ((group: string) => Float32Array) | undefined {
  const { fusion, reader, unshrunkReader } = context;
  const own = fusion === 'learned' ? unshrunkReader() : undefined;
  const weights = own && readerWeights(own, context);
  return (left) => {
    const user = reader.without(left);
    if (!user) return undefined;
    if (own && weights) {
      const fused = fusedQuery(own.without(left)?.byLanguage ?? new Map(), weights) ?? user.shared;
      return () => fused;
    }
    return fusion === 'shared' ? () => user.shared : (group) => vectorFor(group, user);
  };
}

/** Weights of the languages, learned from the score of each held-out like, less the scores of rows spread over the catalogue. */
function readerWeights(reader: UserVectorSource, { events, rowOf, vectorAt, rowCount }: ReaderContext): Map<string, number> {
  const rated = new Set(events.flatMap(({ itemId }) => rowOf.get(itemId) ?? []));
  const likes = reader.counted.filter((place) => events[place]?.kind === 'like');
  const newest = likes.sort((a, b) => (events[b]?.timeMs ?? 0) - (events[a]?.timeMs ?? 0)).slice(0, LEARN_FROM.likes);
  const pairs = newest.flatMap((place, turn): FusionPair[] => {
    const vectors = reader.without([place])?.byLanguage ?? new Map<string, Float32Array>();
    const liked = vectorAt(rowOf.get(events[place]?.itemId ?? '') ?? -1);
    if (!liked) return [];
    return Array.from({ length: LEARN_FROM.others }, (_, at) => turn + at * newest.length).flatMap((step): FusionPair[] => {
      const row = Math.floor((step * rowCount) / (newest.length * LEARN_FROM.others));
      const other = rated.has(row) ? undefined : vectorAt(row);
      return other
        ? [{ differences: new Map([...vectors].map(([language, vector]) => [language, cosine(vector, liked) - cosine(vector, other)])) }]
        : [];
    });
  });
  return fitFusionWeights(pairs);
}

const cosine = (a: Float32Array, b: Float32Array): number => dot(a, 0, b, 0, a.length);
