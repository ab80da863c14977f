// Help for languages and people of whom little is known, as pure changes of what a training is given: a head to stay near, weights
// by language, more examples from the catalogue's own translations. Nothing here trains, and every part can be left out.
import { RecommenderError } from '../base/errors.ts';
import { type RandomSource, randomBelow } from '../base/random.ts';
import type { Head } from '../head/evaluate.ts';
import type { Regularisation, TrainingSet } from '../head/types.ts';
import { meanVector } from './user-vectors.ts';

export { examplesIn, joinSets } from './low-resource-sets.ts';

/**
 * Weight of each example so that languages count by a temperature: with n_L examples of language L, its share of the loss becomes
 * p_L = n_L^(1/T) / Σ n_M^(1/T), as if batches were drawn so. T = 1: as they come; Infinity: every language alike. Weights have mean 1.
 * Source: exponential smoothing of mBERT (Devlin et al. 2019); temperatures: Arivazhagan et al. 2019, arXiv:1907.05019, section 4.1.
 * @param languages [examples] BCP-47 tag of each example's item @param temperature at least 1
 * @returns [examples]
 * @throws bad-argument
 */
export function languageWeights(languages: readonly string[], temperature: number): Float32Array {
  if (!(temperature >= 1))
    throw new RecommenderError(
      'bad-argument',
      `The temperature is ${temperature}. Give a number from 1 (as they come) to Infinity (languages alike).`,
      { temperature },
    );
  const counts = new Map<string, number>();
  for (const tag of languages) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  let total = 0;
  for (const count of counts.values()) total += count ** (1 / temperature);
  return Float32Array.from(languages, (tag) => {
    const count = counts.get(tag) ?? 1;
    return (languages.length * count ** (1 / temperature)) / (total * count);
  });
}

/** The set with its weights multiplied by `languageWeights`. @param languageOf tag of a row of `set.items` @throws bad-argument */
export function weightByLanguage(set: TrainingSet, languageOf: (itemRow: number) => string, temperature: number): TrainingSet {
  const factors = languageWeights(Array.from(set.itemRow, languageOf), temperature);
  return { ...set, weight: set.weight.map((weight, example) => weight * (factors[example] as number)) };
}

/**
 * Transfer: training starts at a head of richer languages and stays the nearer to it the fewer examples there are. The loss is a
 * mean over n examples, so a Gaussian belief of precision `worth` around the prior is a proximal weight of worth / n (MAP).
 * @param examples n, above 0 @param worth how many examples' worth of curvature the prior counts as; 0: a start and no pull
 * @returns what `TrainOptions` takes
 * @throws bad-argument
 */
export function transferFrom(
  prior: Head,
  examples: number,
  worth = 10,
): { shape: Head['shape']; initial: Float32Array; regularisation: Regularisation } {
  if (!(examples > 0 && worth >= 0 && Number.isFinite(worth))) {
    throw new RecommenderError(
      'bad-argument',
      `A transfer takes a number of examples above 0 and a finite worth from 0; got ${examples} and ${worth}.`,
      { examples, worth },
    );
  }
  return { shape: prior.shape, initial: prior.parameters, regularisation: { proximal: worth / examples, reference: prior.parameters } };
}

/** Vectors of items and of their texts in other languages. */
export interface TranslatedVectors {
  /** [rows × dimensions] one row a text */
  vectors: Float32Array;
  dimensions: number;
  /** Other rows of the same item; empty or absent where there are none. */
  others: ReadonlyMap<number, readonly number[]>;
}

export interface MixOptions {
  /** Chance that an item of the history, or the item asked for, is replaced by one of its translations. Default 0.5. */
  swap?: number;
  /** Chance that an item of the history is left out; one always stays. Default 0.3. */
  drop?: number;
  /** Examples made of each like. Default 1. */
  copies?: number;
  /** Examples, about: with more, each is made with the chance that gives as many. Default all. */
  most?: number;
  random: RandomSource;
}

/**
 * More examples by mixing: each like is asked for with the user's other items, some replaced by translations (code-switching, Qin
 * et al. 2020, arXiv:2006.06402) and some left out (a history is a set here, so a masked span is a random part of it; Xie et al.
 * 2022, "Contrastive learning for sequential recommendation", section 4.2). The own item, in any language, is never in the user vector.
 * @param users rows liked by each user; those with fewer than two say nothing
 * @returns a set with `translated.vectors` as items; person is the user's number, label and weight 1
 * @throws bad-argument
 */
export function mixedExamples(
  users: readonly Int32Array[],
  { vectors, dimensions: d, others }: TranslatedVectors,
  { swap = 0.5, drop = 0.3, copies = 1, most = Number.POSITIVE_INFINITY, random }: MixOptions,
): TrainingSet {
  if (!(swap >= 0 && swap <= 1 && drop >= 0 && drop < 1 && Number.isInteger(copies) && copies > 0)) {
    throw new RecommenderError(
      'bad-argument',
      `Mixing takes swap from 0 to 1, drop from 0 to below 1, whole copies above 0; got ${swap}, ${drop}, ${copies}.`,
      { swap, drop, copies },
    );
  }
  const switched = (row: number): number => {
    const rows = others.get(row) ?? [];
    return rows.length > 0 && random() < swap ? (rows[randomBelow(rows.length, random)] as number) : row;
  };
  const all = users.reduce((sum, rows) => sum + (rows.length > 1 ? rows.length : 0), 0) * copies;
  const made: { user: number; profile: Float32Array; item: number }[] = [];
  users.forEach((rows, user) => {
    for (const own of rows) {
      const same = new Set([own, ...(others.get(own) ?? [])]);
      const rest = rows.filter((row) => !same.has(row));
      if (rest.length === 0) continue;
      for (let copy = 0; copy < copies; copy++) {
        if (all > most && random() * all >= most) continue;
        const kept = rest.filter(() => random() >= drop);
        const history = kept.length > 0 ? kept : rest.subarray(0, 1).map(() => rest[randomBelow(rest.length, random)] as number);
        made.push({ user, profile: meanVector(vectors, d, history.map(switched)), item: switched(own) });
      }
    }
  });
  return setOf(made, vectors, d);
}

/**
 * Contrastive alignment: a text asks for another text of the same item (translation ranking, Feng et al. 2022, LaBSE). Each item is a
 * person of its own, so that its other translations are no negatives.
 * @param weight of each pair against an example's 1 @param most pairs, drawn at random when there are more
 * @returns a set with `translated.vectors` as items
 * @throws bad-argument when no item has a translation
 */
export function alignmentExamples(
  { vectors, dimensions: d, others }: TranslatedVectors,
  { weight = 1, most = 5000, random }: { weight?: number; most?: number; random: RandomSource },
): TrainingSet {
  const pairs = [...others].flatMap(([row, rows]) => rows.map((item) => ({ row, item, user: Math.min(row, ...rows) })));
  if (pairs.length === 0) throw new RecommenderError('bad-argument', 'No item has a second text. Alignment needs translations; leave it out.');
  for (let i = 0; i < Math.min(most, pairs.length); i++) {
    const other = i + randomBelow(pairs.length - i, random);
    [pairs[i], pairs[other]] = [pairs[other] as (typeof pairs)[number], pairs[i] as (typeof pairs)[number]];
  }
  const made = pairs.slice(0, most).map(({ row, item, user }) => ({ user, profile: vectors.slice(row * d, (row + 1) * d), item }));
  const set = setOf(made, vectors, d);
  return { ...set, weight: set.weight.fill(weight) };
}

function setOf(made: readonly { user: number; profile: Float32Array; item: number }[], vectors: Float32Array, d: number): TrainingSet {
  const users = new Float32Array(made.length * d);
  made.forEach(({ profile }, example) => {
    users.set(profile, example * d);
  });
  return {
    users,
    items: vectors,
    userRow: Int32Array.from(made.keys()),
    itemRow: Int32Array.from(made, ({ item }) => item),
    person: Int32Array.from(made, ({ user }) => user),
    label: new Float32Array(made.length).fill(1),
    weight: new Float32Array(made.length).fill(1),
  };
}
