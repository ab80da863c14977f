// Ratings of one visitor as training examples: likes against dislikes and against unrated items, each like with the profile of all
// other ratings. A pure function of the ratings, the vectors and the seed; the order of the ratings does not matter.

import { RecommenderError } from '../base/errors.ts';
import { fnv1a, mixBits } from '../base/hash.ts';
import { type RandomSource, randomBelow, sampleWithout, seededRandom } from '../base/random.ts';
import type { FeedbackEvent, ItemId } from '../base/types.ts';
import type { Head, LearningTask } from '../head/evaluate.ts';
import type { TrainingSet } from '../head/types.ts';
import { leaveOneOut, profileVector } from './profile.ts';

/** One to hold out, two to learn from. */
export const LEAST_LIKES = 3;
/** Share of the likes that is held out. */
const HELD_OUT_SHARE = 0.2;
/** Items that each like is compared with in training. */
const NEGATIVES = 24;
/** At most this many of them are disliked or hidden items; the others are drawn from the unrated ones. */
const RATED_NEGATIVES = 8;
/** Unrated items that held-out likes are ranked against, and as many to draw negatives from; bounds memory and time. */
const POOL = 2000;
/** Parts of the likes that are held out in turn, to choose between heads. */
const FOLDS = 3;

/** Items and the vectors that they are ranked by. */
export interface ItemVectors {
  dimensions: number;
  items: readonly { id: ItemId }[];
  /** [dimensions], unit length; undefined while the item is not encoded */
  vectorOf(id: ItemId): Float32Array | undefined;
}

/** Scores of items [ids] by a head, in the list of a reader with these ratings; undefined where the list knows only the head's own scores. */
export type ListScorer = (events: readonly FeedbackEvent[], ids: readonly ItemId[]) => (head: Head) => Float64Array | undefined;

export interface VisitorTasks {
  /** Trains on all ratings but the held-out likes, which decide whether the head is used. */
  whole: LearningTask;
  /** The training likes of `whole`; each fold holds out a part of them. Empty below three likes. */
  folds: LearningTask[];
  /** Items of `whole.heldOut`, in its order. */
  heldOut: ItemId[];
  /** The ratings that `whole` learns from. */
  learnt: FeedbackEvent[];
}

/**
 * Holds out the likes whose id hashes below a fifth; where there is none, the one with the lowest hash. A held-out like therefore
 * stays held out, and no earlier head has learned from it. The latest likes would not do: a batch of bad ratings would judge itself.
 */
export function splitRatings(events: readonly FeedbackEvent[]): { learnt: FeedbackEvent[]; heldOut: FeedbackEvent[] } {
  const sorted = sortRatings(events);
  const likes = sorted.filter(({ kind }) => kind === 'like');
  if (likes.length < LEAST_LIKES) {
    const message = `A head needs ${LEAST_LIKES} liked items with vectors to learn from; there are ${likes.length}. Like some more.`;
    throw new RecommenderError('not-ready', message, { likes: likes.length });
  }
  const byHash = likes.map((event) => ({ event, hash: mixBits(fnv1a(event.itemId)) / 2 ** 32 })).sort((a, b) => a.hash - b.hash);
  // At most a third, so that at least two are left to learn from.
  const most = Math.max(1, Math.floor(likes.length / 3));
  const count = Math.min(most, Math.max(1, byHash.filter(({ hash }) => hash < HELD_OUT_SHARE).length));
  const out = new Set(byHash.slice(0, count).map(({ event }) => event));
  return { learnt: sorted.filter((event) => !out.has(event)), heldOut: sorted.filter((event) => out.has(event)) };
}

/** Ratings by time, then by item: the order in which everything is computed, so that results do not depend on the order given. */
export function sortRatings(events: readonly FeedbackEvent[]): FeedbackEvent[] {
  return [...events].sort((a, b) => a.timeMs - b.timeMs || (a.itemId < b.itemId ? -1 : a.itemId > b.itemId ? 1 : 0));
}

/**
 * @param events all ratings of the visitor; those of items without a vector are ignored
 * @param seed of the draws of unrated items
 * @param listScorer scores of items as a list made from some ratings has them, so that heads are compared on the list that is shown
 * @throws not-ready below three likes with vectors, or when nothing unrated has a vector
 */
export function visitorTasks(events: readonly FeedbackEvent[], vectors: ItemVectors, seed: number, listScorer?: ListScorer): VisitorTasks {
  const usable = events.filter(({ itemId }) => vectors.vectorOf(itemId) !== undefined);
  const { learnt, heldOut } = splitRatings(usable);
  const unrated = unratedIds(usable, vectors);
  const random = seededRandom(seed);
  const poolIds = drawSome(unrated, POOL, random);
  const pool = rowsOf(poolIds, vectors);
  const source = drawSome(unrated, POOL, random);
  const task = (from: readonly FeedbackEvent[], out: readonly FeedbackEvent[]): LearningTask | undefined => {
    const user = profileVector(from, (id) => vectors.vectorOf(id), vectors.dimensions);
    const set = user && trainingSet(from, vectors, source, seededRandom(seed));
    if (!user || !set) return undefined;
    const outIds = idsOf(out);
    const heldOut = rowsOf(outIds, vectors);
    if (!listScorer) return { set, user, pool, heldOut };
    const scoresOf = listScorer(from, [...outIds, ...poolIds]);
    const listScores = (head: Head) => {
      const scores = scoresOf(head);
      return scores && { heldOut: scores.subarray(0, outIds.length), pool: scores.subarray(outIds.length) };
    };
    return { set, user, pool, heldOut, listScores };
  };
  const whole = task(learnt, heldOut);
  if (!whole) throw new RecommenderError('not-ready', 'The likes and dislikes cancel out, so there is nothing to learn. Like some more items.');
  return { whole, folds: foldsOf(learnt).flatMap(([from, out]) => task(from, out) ?? []), heldOut: idsOf(heldOut), learnt };
}

/**
 * One example a rating: likes with label 1, dislikes and hides with 0. The user row of each is the profile without that rating;
 * where that leaves no profile, the example is left out. Negatives of each: disliked and hidden items, then unrated ones.
 * @returns undefined when no like has a profile without it
 */
function trainingSet(
  events: readonly FeedbackEvent[],
  vectors: ItemVectors,
  unrated: readonly ItemId[],
  random: RandomSource,
): TrainingSet | undefined {
  const profileWithout = leaveOneOut(events, (id) => vectors.vectorOf(id), vectors.dimensions);
  const examples = events.flatMap((event) => {
    const user = profileWithout(event);
    return user ? [{ event, user }] : [];
  });
  if (!examples.some(({ event }) => event.kind === 'like')) return undefined;
  const disliked = idsOf(events.filter(({ kind }) => kind !== 'like'));
  const rows = new RowNumbers();
  const negatives = examples.flatMap(({ event }) => {
    const own = disliked.filter((id) => id !== event.itemId);
    const fixed = drawSome(own, RATED_NEGATIVES, random);
    const drawn = Array.from({ length: NEGATIVES - fixed.length }, () => unrated[randomBelow(unrated.length, random)] as ItemId);
    return [...fixed, ...drawn].map((id) => rows.rowOf(id));
  });
  const itemRow = Int32Array.from(examples, ({ event }) => rows.rowOf(event.itemId));
  return {
    users: Float32Array.from(examples.flatMap(({ user }) => [...user])),
    items: rowsOf(rows.ids, vectors),
    userRow: Int32Array.from(examples, (_, example) => example),
    itemRow,
    label: Float32Array.from(examples, ({ event }) => (event.kind === 'like' ? 1 : 0)),
    weight: new Float32Array(examples.length).fill(1),
    person: new Int32Array(examples.length),
    negatives: Int32Array.from(negatives),
  };
}

/** Gives each item a row number when it is first asked for. */
class RowNumbers {
  readonly ids: ItemId[] = [];
  readonly #rows = new Map<ItemId, number>();

  rowOf(id: ItemId): number {
    const known = this.#rows.get(id);
    if (known !== undefined) return known;
    this.#rows.set(id, this.ids.length);
    return this.ids.push(id) - 1;
  }
}

/** Pairs [learned from, held out]; every like is held out once. None below three likes. */
function foldsOf(events: readonly FeedbackEvent[]): [FeedbackEvent[], FeedbackEvent[]][] {
  const likes = events.filter(({ kind }) => kind === 'like');
  if (likes.length < 3) return [];
  const partOf = new Map(likes.map((event, i) => [event, i % FOLDS]));
  return Array.from({ length: FOLDS }, (_, part) => [
    events.filter((event) => partOf.get(event) !== part),
    likes.filter((event) => partOf.get(event) === part),
  ]);
}

function unratedIds(events: readonly FeedbackEvent[], vectors: ItemVectors): ItemId[] {
  const rated = new Set(idsOf(events));
  const ids = vectors.items.flatMap(({ id }) => (rated.has(id) || !vectors.vectorOf(id) ? [] : [id]));
  if (ids.length > 0) return ids;
  throw new RecommenderError(
    'not-ready',
    'Every item with a vector is rated, so there is nothing to rank. Wait for more vectors, or open a larger catalogue.',
  );
}

function idsOf(events: readonly FeedbackEvent[]): ItemId[] {
  return events.map(({ itemId }) => itemId);
}

/** At most `count` of the ids, each once. */
function drawSome(ids: readonly ItemId[], count: number, random: RandomSource): ItemId[] {
  if (ids.length <= count) return [...ids];
  return Array.from(sampleWithout(ids.length, count, random), (at) => ids[at] as ItemId);
}

/** @returns [ids × dimensions] */
function rowsOf(ids: readonly ItemId[], vectors: ItemVectors): Float32Array {
  const out = new Float32Array(ids.length * vectors.dimensions);
  ids.forEach((id, row) => {
    const vector = vectors.vectorOf(id);
    if (vector) out.set(vector, row * vectors.dimensions);
  });
  return out;
}
