// Training examples for languages with few ratings: weights by language, and more examples from the catalogue's own translations.
// Pure functions; nothing here trains.
import { RecommenderError } from '../base/errors.ts';
import { groupBy } from '../base/group-by.ts';
import { type RandomSource, randomBelow } from '../base/random.ts';
import { rowsOf } from '../head/heads.ts';
import type { TrainingSet } from '../head/types.ts';
import { meanVector } from './user-vectors.ts';

/**
 * Weight of each example so that a temperature sets how much languages count: with n_L examples of language L, its share of the loss becomes
 * p_L = n_L^(1/T) / Σ n_M^(1/T), as if batches were drawn with these shares. T = 1: shares as in the log; Infinity: equal shares. Weights have mean 1.
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
  const groups = groupBy(languages, (tag) => tag);
  let total = 0;
  for (const { length } of groups.values()) total += length ** (1 / temperature);
  return Float32Array.from(languages, (tag) => {
    const count = groups.get(tag)?.length ?? 1;
    return (languages.length * count ** (1 / temperature)) / (total * count);
  });
}

/** The set with its weights multiplied by `languageWeights`. @param languageOf tag of a row of `set.items` @throws bad-argument */
export function weightByLanguage(set: TrainingSet, languageOf: (itemRow: number) => string, temperature: number): TrainingSet {
  const factors = languageWeights(Array.from(set.itemRow, languageOf), temperature);
  return { ...set, weight: set.weight.map((weight, example) => weight * (factors[example] as number)) };
}

/** What a head of richer languages counts as, in examples, against the examples of the training. */
const PRIOR_EXAMPLES = 10;

/**
 * Transfer: training starts at a head of richer languages and stays nearer to it where there are fewer examples. The loss is a mean over
 * n examples, so a Gaussian belief of precision `PRIOR_EXAMPLES` around that head is a proximal weight of PRIOR_EXAMPLES / n (MAP).
 * @param examples n, above 0 @returns `proximal` of `Regularisation`
 */
export function transferPull(examples: number): number {
  return PRIOR_EXAMPLES / examples;
}

/** Vectors of items and of their texts in other languages. */
export interface TranslatedVectors {
  /** [rows × dimensions] one row a text */
  vectors: Float32Array;
  dimensions: number;
  /** Row → the other rows of the same item; items with one text are not in it. */
  others: ReadonlyMap<number, readonly number[]>;
}

export interface MixOptions {
  /** Chance that an item of the history, or the item asked for, is replaced by one of its translations. Default 0.5. */
  swap?: number;
  /** Chance that an item of the history is left out; one always stays. Default 0.3. */
  drop?: number;
  /** About the most examples: where there are more likes, each is used with the chance that gives this many. Default all. */
  most?: number;
  random: RandomSource;
}

/**
 * More examples by mixing: each like is asked for with the user's other items, of which some are replaced by translations
 * (code-switching, Qin et al. 2020, arXiv:2006.06402) and some are left out (a history is a set here, so a masked span is a random
 * part of it; Xie et al. 2022, "Contrastive learning for sequential recommendation", section 4.2). The user vector never holds the item
 * that is asked for, in any language.
 * @param users rows liked by each user; users with fewer than two give no example
 * @returns a set with `translated.vectors` as items; person is the user's number, label and weight 1
 * @throws bad-argument
 */
export function mixedExamples(
  users: readonly Int32Array[],
  { vectors, dimensions: d, others }: TranslatedVectors,
  { swap = 0.5, drop = 0.3, most = Number.POSITIVE_INFINITY, random }: MixOptions,
): TrainingSet {
  if (!(swap >= 0 && swap <= 1 && drop >= 0 && drop < 1)) {
    throw new RecommenderError('bad-argument', `Mixing takes swap from 0 to 1 and drop from 0 to below 1; got ${swap} and ${drop}.`, { swap, drop });
  }
  const translated = (row: number): number => {
    const rows = others.get(row) ?? [];
    return rows.length > 0 && random() < swap ? (rows[randomBelow(rows.length, random)] as number) : row;
  };
  const all = users.reduce((sum, rows) => sum + (rows.length > 1 ? rows.length : 0), 0);
  const made: { user: number; profile: Float32Array; item: number }[] = [];
  users.forEach((rows, user) => {
    for (const own of rows) {
      const same = new Set([own, ...(others.get(own) ?? [])]);
      const rest = rows.filter((row) => !same.has(row));
      if (rest.length === 0) continue;
      if (all > most && random() * all >= most) continue;
      const kept = rest.filter(() => random() >= drop);
      const history = kept.length > 0 ? kept : rest.subarray(0, 1).map(() => rest[randomBelow(rest.length, random)] as number);
      made.push({ user, profile: meanVector(vectors, d, history.map(translated)), item: translated(own) });
    }
  });
  return setOf(made, vectors, d);
}

/**
 * Contrastive alignment: a text asks for another text of the same item (translation ranking, Feng et al. 2022, LaBSE). Each item counts
 * as one person, so that its other translations are no negatives.
 * @param most pairs, drawn at random when there are more
 * @returns a set with `translated.vectors` as items
 * @throws bad-argument when no item has a translation
 */
export function alignmentExamples(
  { vectors, dimensions: d, others }: TranslatedVectors,
  { most, random }: { most: number; random: RandomSource },
): TrainingSet {
  const pairs = [...others].flatMap(([row, rows]) => rows.map((item) => ({ row, item, user: Math.min(row, ...rows) })));
  if (pairs.length === 0) throw new RecommenderError('bad-argument', 'No item has a second text. Alignment needs translations; leave it out.');
  for (let i = 0; i < Math.min(most, pairs.length); i++) {
    const other = i + randomBelow(pairs.length - i, random);
    [pairs[i], pairs[other]] = [pairs[other] as (typeof pairs)[number], pairs[i] as (typeof pairs)[number]];
  }
  const made = pairs.slice(0, most).map(({ row, item, user }) => ({ user, profile: vectors.slice(row * d, (row + 1) * d), item }));
  return setOf(made, vectors, d);
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

/**
 * The examples of `a`, then those of `b`. Both have the same `items`.
 * @param samePersons whether a person's number means the same in both; otherwise the persons of `b` are others than those of `a`
 */
export function joinSets(a: TrainingSet, b: TrainingSet, dimensions: number, { samePersons = false }: { samePersons?: boolean } = {}): TrainingSet {
  const [personsA, personsB] = [a.person ?? a.userRow, b.person ?? b.userRow];
  const personShift = samePersons ? 0 : 1 + personsA.reduce((most, person) => Math.max(most, person), -1);
  const userShift = rowsOf(a.users, dimensions);
  return {
    users: joinFloats(a.users, b.users),
    items: a.items,
    userRow: Int32Array.from([...a.userRow, ...b.userRow.map((row) => row + userShift)]),
    itemRow: Int32Array.from([...a.itemRow, ...b.itemRow]),
    label: joinFloats(a.label, b.label),
    weight: joinFloats(a.weight, b.weight),
    person: Int32Array.from([...personsA, ...personsB.map((person) => person + personShift)]),
  };
}

function joinFloats(a: Float32Array, b: Float32Array): Float32Array {
  const out = new Float32Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
