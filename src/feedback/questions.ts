// Chooses the items to ask about next: those whose rating would say most about items that the visitor may like. One measure covers
// uncertainty and diversity: an answer about one item makes its neighbours certain, so they are not asked about.
import { RecommenderError, throwIfAborted } from '../base/errors.ts';
import { createPacer } from '../base/pacer.ts';
import { type RandomSource, sampleWithout } from '../base/random.ts';
import type { FeedbackEvent, ItemId } from '../base/types.ts';
import { dot } from '../compute/cpu/linear.ts';
import type { ItemVectors } from './examples.ts';
import { profileVector } from './profile.ts';

/** Unrated items that are compared with each other; the work grows with the square. */
const POOL = 600;
/** Variance of an answer around the taste score; the prior variance of a unit vector's score is 1. */
const NOISE = 0.25;
/** Items are weighted by exp(this · cosine with the profile): items far from all likes never show in a list. */
const FOCUS = 4;
/** Latest ratings that the posterior is conditioned on. */
const MOST_RATED = 200;

export interface QuestionOptions {
  /** 1 to 100. */
  count: number;
  vectors: ItemVectors;
  /** All ratings; rated items are not asked about. */
  events: readonly FeedbackEvent[];
  /** Items that may be asked about, such as those in the reader's languages. Default all. */
  allowed?: (id: ItemId) => boolean;
  random: RandomSource;
  signal?: AbortSignal;
}

/**
 * Bayesian linear regression of taste on item vectors (prior variance 1, noise 0.25: a Gaussian process with the cosine as its kernel),
 * conditioned on what was rated. Items are chosen one by one: the item whose answer would lower the weighted posterior variance of the
 * pool most, Σ_t weight_t · k(t, x)² / (k(x, x) + noise). The posterior is then conditioned on that item; this does
 * not need the answer. Sources: Cohn, Ghahramani & Jordan 1996 (variance reduction); Seeger 2008 (greedy choice).
 * @returns at most `count` ids, best first; fewer where fewer unrated items have vectors
 * @throws bad-argument, aborted
 */
export async function suggestQuestions({ count, vectors, events, allowed, random, signal }: QuestionOptions): Promise<ItemId[]> {
  if (!Number.isInteger(count) || count < 1 || count > 100) {
    throw new RecommenderError('bad-argument', `count is ${count}; it must be a whole number from 1 to 100.`, { count });
  }
  throwIfAborted(signal, 'Choosing questions');
  const rated = [...events].sort((a, b) => b.timeMs - a.timeMs).flatMap(({ itemId }) => (vectors.vectorOf(itemId) ? [itemId] : []));
  const pool = poolOf(vectors, new Set(rated), allowed, random);
  const known = rated.slice(0, MOST_RATED);
  const pace = createPacer({ what: 'Choosing questions', signal });
  const kernel = await cosines([...pool, ...known], vectors, pace);
  const weights = weightsOf(pool, events, vectors);
  for (let i = 0; i < known.length; i++) {
    kernel.condition(pool.length + i);
    await pace();
  }
  const picked: ItemId[] = [];
  const open = new Set(pool.keys());
  while (picked.length < count && open.size > 0) {
    const best = mostInformative(kernel, open, weights);
    picked.push(pool[best] as ItemId);
    open.delete(best);
    kernel.condition(best);
    await pace();
  }
  return picked;
}

function poolOf(vectors: ItemVectors, rated: ReadonlySet<ItemId>, allowed: QuestionOptions['allowed'], random: RandomSource): ItemId[] {
  const ids = vectors.items.flatMap(({ id }) => (!rated.has(id) && vectors.vectorOf(id) && (allowed?.(id) ?? true) ? [id] : []));
  if (ids.length <= POOL) return ids;
  return Array.from(sampleWithout(ids.length, POOL, random), (at) => ids[at] as ItemId);
}

/** exp(FOCUS · cosine with the profile); 1 each while nothing is liked. @returns [pool] */
function weightsOf(pool: readonly ItemId[], events: readonly FeedbackEvent[], vectors: ItemVectors): Float64Array {
  const profile = profileVector(events, (id) => vectors.vectorOf(id), vectors.dimensions);
  return Float64Array.from(pool, (id) => {
    const vector = vectors.vectorOf(id);
    return profile && vector ? Math.exp(FOCUS * dot(profile, 0, vector, 0, vectors.dimensions)) : 1;
  });
}

interface Kernel {
  size: number;
  /** [size × size] posterior covariances, symmetric */
  values: Float64Array;
  /** Conditions on the item of this row, as if it had been rated. */
  condition(row: number): void;
}

async function cosines(ids: readonly ItemId[], vectors: ItemVectors, pace: () => Promise<void> | undefined): Promise<Kernel> {
  const [size, d] = [ids.length, vectors.dimensions];
  const rows = ids.map((id) => vectors.vectorOf(id) ?? new Float32Array(d));
  const values = new Float64Array(size * size);
  for (const [i, row] of rows.entries()) {
    for (let j = 0; j <= i; j++) {
      const value = dot(row, 0, rows[j] as Float32Array, 0, d);
      values[i * size + j] = value;
      values[j * size + i] = value;
    }
    await pace();
  }
  return {
    size,
    values,
    condition(row) {
      const column = values.slice(row * size, (row + 1) * size);
      const scale = 1 / ((column[row] as number) + NOISE);
      for (let i = 0; i < size; i++) {
        const factor = scale * (column[i] as number);
        if (factor === 0) continue;
        for (let j = 0; j < size; j++) values[i * size + j] = (values[i * size + j] as number) - factor * (column[j] as number);
      }
    },
  };
}

/** The open row with the largest weighted variance reduction; the first of equals. */
function mostInformative({ size, values }: Kernel, open: ReadonlySet<number>, weights: Float64Array): number {
  let [best, most] = [-1, Number.NEGATIVE_INFINITY];
  for (const row of open) {
    let reduction = 0;
    for (let t = 0; t < weights.length; t++) reduction += (weights[t] as number) * (values[row * size + t] as number) ** 2;
    reduction /= (values[row * size + row] as number) + NOISE;
    if (reduction > most) [best, most] = [row, reduction];
  }
  return best;
}
