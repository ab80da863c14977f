// Visitors with a hidden taste, for the tests of training and questions. No test framework in here.
import { gaussian, seededRandom, shuffle } from '../../base/random.ts';
import type { FeedbackEvent, FeedbackKind, ItemId } from '../../base/types.ts';
import type { ItemVectors } from '../examples.ts';

export interface PlantedVisitor extends ItemVectors {
  /** Items that the visitor likes, in random order. */
  liked: ItemId[];
  /** All others, in random order. */
  others: ItemId[];
}

/** Dimensions that vary most and mean nothing to the visitor. */
const LOUD = 6;

/**
 * The taste is a direction among the other dimensions. The mean of few likes therefore points mostly the wrong way, and a head has
 * something to learn.
 */
export function plantedVisitor(seed: number, { items: count = 600, dimensions = 24, likedShare = 0.1 } = {}): PlantedVisitor {
  const random = seededRandom(seed);
  const rows = Float32Array.from({ length: count * dimensions }, (_, at) => (at % dimensions < LOUD ? 2.5 : 1) * gaussian(random));
  for (let at = 0; at < rows.length; at += dimensions) {
    const length = Math.hypot(...rows.subarray(at, at + dimensions));
    for (let j = at; j < at + dimensions; j++) rows[j] = (rows[j] as number) / length;
  }
  const taste = Float64Array.from({ length: dimensions }, (_, j) => (j < LOUD ? 0 : gaussian(random)));
  const items = Array.from({ length: count }, (_, row) => ({ id: `item-${row}` as ItemId }));
  const vectorAt = (row: number): Float32Array => rows.subarray(row * dimensions, (row + 1) * dimensions);
  const fit = items.map(({ id }, row) => ({ id, value: vectorAt(row).reduce((sum, x, j) => sum + x * (taste[j] as number), 0) }));
  fit.sort((a, b) => b.value - a.value);
  const ids = fit.map(({ id }) => id);
  const likedCount = Math.round(count * likedShare);
  const rowOf = new Map(items.map(({ id }, row) => [id, row]));
  return {
    dimensions,
    items,
    vectorOf(id) {
      const row = rowOf.get(id);
      return row === undefined ? undefined : vectorAt(row);
    },
    liked: shuffle(ids.slice(0, likedCount), random),
    others: shuffle(ids.slice(likedCount), random),
  };
}

/**
 * Items of 12 topics, distributed by Zipf's law; the visitor likes all items of `likedTopics` topics and nothing else. Random questions
 * are mostly about the common topics.
 */
export function topicVisitor(seed: number, { items: count = 400, dimensions = 24, likedTopics = 4 } = {}): PlantedVisitor {
  const random = seededRandom(seed);
  const topics = 12;
  const near = (centre: ArrayLike<number>, spread: number): Float32Array => {
    const row = Float32Array.from({ length: dimensions }, (_, j) => (centre[j] ?? 0) + spread * gaussian(random));
    const length = Math.hypot(...row);
    return row.map((value) => value / length);
  };
  const centres = Array.from({ length: topics }, () => near([], 1));
  /** Σ of 1 / (topic + 1) up to each topic. */
  const upTo = centres.map((_, topic) => Array.from({ length: topic + 1 }, (__, t) => 1 / (t + 1)).reduce((sum, share) => sum + share, 0));
  const topicOf = Array.from({ length: count }, () => {
    const at = random() * (upTo.at(-1) ?? 0);
    return upTo.findIndex((sum) => at < sum);
  });
  const rows = topicOf.map((topic) => near(centres[topic] ?? [], 0.25));
  const likes = new Set(shuffle([...centres.keys()], random).slice(0, likedTopics));
  const items = topicOf.map((_, row) => ({ id: `item-${row}` as ItemId }));
  const idsWhere = (liked: boolean): ItemId[] =>
    shuffle(
      items.flatMap(({ id }, row) => (likes.has(topicOf[row] ?? 0) === liked ? [id] : [])),
      random,
    );
  const rowOf = new Map(items.map(({ id }, row) => [id, row]));
  return { dimensions, items, vectorOf: (id) => rows[rowOf.get(id) ?? -1], liked: idsWhere(true), others: idsWhere(false) };
}

/** Ratings one millisecond apart. */
export function ratings(ids: readonly ItemId[], kind: FeedbackKind, firstMs = 1): FeedbackEvent[] {
  return ids.map((itemId, i) => ({ itemId, kind, timeMs: firstMs + i }));
}
