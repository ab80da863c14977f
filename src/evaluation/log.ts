// Turns the rows of an interaction log into the arrays of InteractionLog: duplicates are merged, users numbered, rows sorted by user,
// then time, then place in the file. Later stages rely on that order.
import type { InteractionLog, InteractionMatrix } from './types.ts';

/** One interaction, by the ids of its file. */
export interface Interaction {
  user: string;
  /** Row of the item in the catalogue. */
  item: number;
  /** Above 0 is positive. */
  weight: number;
  /** Milliseconds since the epoch; NaN where none is stated. */
  timeMs: number;
  /** From 1; 0 where none is stated. */
  position: number;
}

/**
 * Builds a log. Of several interactions of one user with one item the latest is kept; of equally late ones the last in the list.
 * Interactions without a time count as older than all others.
 *
 * @param interactions in the order of the file
 * @param itemCount number of items of the catalogue
 * @returns the log, and how many interactions were dropped for later ones
 */
export function buildLog(interactions: readonly Interaction[], itemCount: number): { log: InteractionLog; duplicates: number } {
  const users = new Map<string, Map<number, Interaction>>();
  let duplicates = 0;
  for (const interaction of interactions) {
    let items = users.get(interaction.user);
    if (!items) {
      items = new Map();
      users.set(interaction.user, items);
    }
    const earlier = items.get(interaction.item);
    if (earlier) duplicates += 1;
    if (earlier && sortTime(earlier) > sortTime(interaction)) continue;
    // Deleted first, so that the map has the order of the rows that are kept.
    items.delete(interaction.item);
    items.set(interaction.item, interaction);
  }
  const sorted = [...users.values()].map((items) => [...items.values()].sort((a, b) => compare(sortTime(a), sortTime(b))));
  const kept = sorted.flat();
  const log: InteractionLog = {
    users: [...users.keys()],
    itemCount,
    user: Int32Array.from(sorted.flatMap((items, user) => items.map(() => user))),
    item: Int32Array.from(kept, ({ item }) => item),
    weight: Float32Array.from(kept, ({ weight }) => weight),
    timeMs: Float64Array.from(kept, ({ timeMs }) => timeMs),
  };
  if (kept.some(({ position }) => position > 0)) log.position = Int32Array.from(kept, ({ position }) => position);
  return { log, duplicates };
}

const sortTime = ({ timeMs }: Interaction): number => (Number.isNaN(timeMs) ? Number.NEGATIVE_INFINITY : timeMs);
const compare = (a: number, b: number): number => (a === b ? 0 : a - b);

/** The positive interactions of one user, oldest first; parallel arrays. */
export interface UserLikes {
  items: Int32Array;
  weights: Float32Array;
  timesMs: Float64Array;
}

/** @returns [users] what each user likes: interactions with a weight above 0, in the order of the log */
export function likesByUser(log: InteractionLog): UserLikes[] {
  const positions: number[][] = log.users.map(() => []);
  for (let at = 0; at < log.user.length; at++) if ((log.weight[at] as number) > 0) positions[log.user[at] as number]?.push(at);
  return positions.map((places) => ({
    items: Int32Array.from(places, (at) => log.item[at] as number),
    weights: Float32Array.from(places, (at) => log.weight[at] as number),
    timesMs: Float64Array.from(places, (at) => log.timeMs[at] as number),
  }));
}

/** The entries of `likes` for which `keep` is true, in the same order. */
export function selectLikes(likes: UserLikes, keep: (at: number) => boolean): UserLikes {
  const places: number[] = [];
  for (let at = 0; at < likes.items.length; at++) if (keep(at)) places.push(at);
  return {
    items: Int32Array.from(places, (at) => likes.items[at] as number),
    weights: Float32Array.from(places, (at) => likes.weights[at] as number),
    timesMs: Float64Array.from(places, (at) => likes.timesMs[at] as number),
  };
}

/** The likes as a sparse matrix, users × items. @param likes [users] no item twice in one entry */
export function matrixOf(likes: readonly UserLikes[], itemCount: number): InteractionMatrix {
  const offsets = new Int32Array(likes.length + 1);
  likes.forEach(({ items }, user) => {
    offsets[user + 1] = (offsets[user] as number) + items.length;
  });
  const total = offsets[likes.length] as number;
  const matrix: InteractionMatrix = {
    userCount: likes.length,
    itemCount,
    offsets,
    items: new Int32Array(total),
    weights: new Float32Array(total),
  };
  likes.forEach(({ items, weights }, user) => {
    const order = Array.from(items.keys()).sort((a, b) => (items[a] as number) - (items[b] as number));
    order.forEach((from, at) => {
      matrix.items[(offsets[user] as number) + at] = items[from] as number;
      matrix.weights[(offsets[user] as number) + at] = weights[from] as number;
    });
  });
  return matrix;
}
