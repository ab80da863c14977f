// A planted log for the tests of pre-training: people have a topic; vectors hold the topic under louder noise. No test framework in here.
import { gaussian, seededRandom } from '../../base/random.ts';
import type { Likes } from '../likes.ts';

/** @param rows liked by each user */
export function likesOf(rows: readonly (readonly number[])[], itemCount: number): Likes {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, user) => {
    offsets[user + 1] = (offsets[user] as number) + row.length;
  });
  const items = Int32Array.from(rows.flat());
  return { userCount: rows.length, itemCount, offsets, items, weights: new Float32Array(items.length).fill(1) };
}

export interface PlantedOptions {
  users?: number;
  items?: number;
  /** Loudness of what has nothing to do with taste, against the topic's 1. */
  noise?: number;
  /** Share of likes that go to the five most liked items whatever the topic. */
  fashion?: number;
  seed?: number;
}

/**
 * 4 topics in the first 4 of 12 dimensions; the last 4 hold loud noise that nobody cares for. Item i has topic i mod 4.
 * @returns unit vectors [items × 12]
 */
export function plantedLog({ users = 60, items = 120, noise = 2, fashion = 0, seed = 1 }: PlantedOptions = {}): {
  likes: Likes;
  vectors: Float32Array;
  dimensions: number;
} {
  const random = seededRandom(seed);
  const dimensions = 12;
  const vectors = new Float32Array(items * dimensions);
  for (let row = 0; row < items; row++) {
    const values = Array.from({ length: dimensions }, (_, j) => (j === row % 4 ? 1 : 0) + (j >= 8 ? noise : 0.2) * gaussian(random));
    const length = Math.hypot(...values);
    vectors.set(
      values.map((value) => value / length),
      row * dimensions,
    );
  }
  const rows = Array.from({ length: users }, (_, user) => {
    const liked = new Set<number>();
    while (liked.size < 10) {
      if (random() < fashion) liked.add(Math.floor(5 * random()));
      else liked.add((4 * Math.floor((random() * items) / 4) + (user % 4)) % items);
      if (fashion === 1 && liked.size === 5) break;
    }
    return [...liked].sort((a, b) => a - b);
  });
  return { likes: likesOf(rows, items), vectors, dimensions };
}
