// Chance: the least that any system must beat. A score is a hash of seed, history and item id. There is no hidden state, so cases
// can be asked again and in any order, and get the same lists.
import { fnv1a, mixBits } from '../../base/hash.ts';
import type { RecommenderSystem } from '../types.ts';
import { likedHistory } from './common.ts';

/** Scores are uniform in [0, 1), with another order for each history. */
export function randomSystem(): RecommenderSystem {
  return {
    name: 'random',
    title: 'Random order',
    fit({ catalogue, random }) {
      const start = Math.floor(random() * 2 ** 32);
      const hashes = Uint32Array.from(catalogue.items, (item) => fnv1a(item.id));
      return {
        score(history, weights, scores) {
          likedHistory(history, weights, scores, hashes.length);
          let state = mix(start);
          for (const row of history) state = mix(state ^ (hashes[row] as number));
          for (let item = 0; item < hashes.length; item++) scores[item] = (mix(state ^ (hashes[item] as number)) >>> 8) / 2 ** 24;
        },
      };
    },
  };
}

/** The added constant keeps 0 from mapping to 0. */
function mix(value: number): number {
  return mixBits(value + 0x9e3779b9);
}
