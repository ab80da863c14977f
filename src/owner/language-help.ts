// What an owner's training is given for languages of which little is known: the likes, weighted by language, and more examples from
// the catalogue's own translations. Each part can be left out; with none the likes are what they were.
import { RecommenderError } from '../base/errors.ts';
import { randomBelow, seededRandom } from '../base/random.ts';
import { rowsOf } from '../head/heads.ts';
import type { TrainingSet } from '../head/types.ts';
import { alignmentExamples, joinSets, languageWeights, mixedExamples, type TranslatedVectors, weightByLanguage } from './language-examples.ts';
import { pretrainingSet } from './user-vectors.ts';

/** Texts of the catalogue's items in other languages than those they are shown in. */
export interface TranslatedTexts {
  /** [texts × dimensions], language-neutral like those of the items */
  vectors: Float32Array;
  /** [texts] row of the item */
  itemRow: Int32Array;
  /** [texts] BCP-47 */
  languages: readonly string[];
}

export interface LanguageHelp {
  /** [items] BCP-47 tag in which each item is shown */
  languages: readonly string[];
  /** Of `languageWeights`, at least 1; absent: languages count as they come. */
  temperature?: number;
  /** Needed for mixing and alignment. */
  translations?: TranslatedTexts;
  /** `mixedExamples`: as many again as there are likes. */
  mixing?: boolean;
  /** `alignmentExamples`: as many as there are likes, at most. */
  alignment?: boolean;
}

/** The catalogue's texts in one matrix: items first, in their order, then translations. */
export interface HelpedTexts extends TranslatedVectors {
  /** [rows] */
  languages: readonly string[];
}

/**
 * @param vectors [items × dimensions]
 * @throws bad-argument when languages, rows or temperature do not fit, or mixing or alignment has no translations; bad-vector
 */
export function helpedTexts(
  vectors: Float32Array,
  dimensions: number,
  { languages, translations, temperature, mixing, alignment }: LanguageHelp,
): HelpedTexts {
  const itemCount = rowsOf(vectors, dimensions);
  if (languages.length !== itemCount)
    throw new RecommenderError('bad-argument', `There are ${languages.length} languages for ${itemCount} items. Give one an item.`);
  if (temperature !== undefined) languageWeights([], temperature);
  const { vectors: more, itemRow, languages: tags } = translations ?? NO_TEXTS;
  if ((mixing || alignment) && itemRow.length === 0)
    throw new RecommenderError('bad-argument', 'Mixing and alignment need translations, and there are none. Leave them out.');
  if (rowsOf(more, dimensions) !== itemRow.length || tags.length !== itemRow.length) {
    throw new RecommenderError(
      'bad-argument',
      `There are ${itemRow.length} translations, ${more.length / dimensions} vectors and ${tags.length} languages of them. Give as many of each.`,
    );
  }
  const stray = itemRow.find((row) => !(row >= 0 && row < itemCount));
  if (stray !== undefined)
    throw new RecommenderError('bad-argument', `A translation is of item ${stray}; there are ${itemCount} items.`, { row: stray, itemCount });
  const bad = more.find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw new RecommenderError('bad-vector', `The vectors of translations hold ${bad}. Encode them again.`);
  const all = new Float32Array(vectors.length + more.length);
  all.set(vectors);
  all.set(more, vectors.length);
  return { vectors: all, dimensions, languages: [...languages, ...tags], others: textsOfOneItem(itemCount, itemRow) };
}

const NO_TEXTS: TranslatedTexts = { vectors: new Float32Array(0), itemRow: new Int32Array(0), languages: [] };

/** Row → the other rows of its item, for items with more than one text. */
function textsOfOneItem(itemCount: number, itemRow: Int32Array): Map<number, number[]> {
  const texts = new Map<number, number[]>();
  itemRow.forEach((item, at) => {
    texts.set(item, [...(texts.get(item) ?? [item]), itemCount + at]);
  });
  const others = new Map<number, number[]>();
  for (const rows of texts.values())
    for (const row of rows)
      others.set(
        row,
        rows.filter((other) => other !== row),
      );
  return others;
}

/**
 * What the gradient steps learn from: one example a like, and what the help adds.
 * @param users rows liked by each user @param most likes that are taken, drawn at random when there are more
 * @returns a set with `texts.vectors` as items; translations of an item count as that item where negatives are drawn
 */
export function helpedSet(
  users: readonly Int32Array[],
  texts: HelpedTexts,
  help: LanguageHelp,
  { most, seed }: { most: number; seed: number },
): TrainingSet {
  const { vectors, dimensions, others, languages } = texts;
  const languageOf = (row: number): string => languages[row] ?? '';
  const likes = pretrainingSet(users, vectors, dimensions, { most, random: seededRandom(seed) });
  const mixed = help.mixing ? withMixed(likes, users, texts, { most, seed: seed + 1 }) : likes;
  const tastes = help.temperature === undefined ? mixed : weightByLanguage(mixed, languageOf, help.temperature);
  const set = help.alignment ? withAligned(tastes, texts, { most: likes.label.length, seed: seed + 2 }) : tastes;
  return { ...set, itemGroup: Int32Array.from({ length: languages.length }, (_, row) => Math.min(row, ...(others.get(row) ?? []))) };
}

/** The set, then examples of the same persons by mixing. @param swap 0: items are left out of histories, none is translated */
export function withMixed(
  set: TrainingSet,
  users: readonly Int32Array[],
  texts: TranslatedVectors,
  { seed, most, swap = 0.5 }: { seed: number; most?: number; swap?: number },
): TrainingSet {
  const examples = mixedExamples(users, texts, { swap, random: seededRandom(seed), ...(most !== undefined && { most }) });
  return joinSets(set, examples, texts.dimensions, { samePersons: true });
}

/** The set, then pairs of texts of one item; as it is where no item has two. @param most pairs */
export function withAligned(set: TrainingSet, texts: TranslatedVectors, { most, seed }: { most: number; seed: number }): TrainingSet {
  if (texts.others.size === 0) return set;
  return joinSets(set, alignmentExamples(texts, { most, random: seededRandom(seed) }), texts.dimensions);
}

/**
 * Who counts as one user where the spread within users is measured, for the closed-form start: with mixing a user's items in all their
 * texts, with alignment also the texts of each item, so that directions in which translations differ count less.
 * @param users rows liked by each user @returns rows of `texts.vectors` of each
 */
export function helpedUsers(users: readonly Int32Array[], { others }: HelpedTexts, { mixing, alignment }: LanguageHelp): Int32Array[] {
  const mixed = users.map((rows) => (mixing && rows.length > 1 ? [...rows].flatMap((row) => [row, ...(others.get(row) ?? [])]) : rows));
  const items = alignment ? [...others].filter(([row, rows]) => rows.every((other) => row < other)).map(([row, rows]) => [row, ...rows]) : [];
  return [...mixed, ...items].map((rows) => Int32Array.from(rows));
}

/**
 * The items with half of the translated ones shown in a translation: where held-out users are asked, so that what is chosen is good
 * between languages too. The items as they are where there are no translations.
 * @returns [items × dimensions]
 */
export function mixedCatalogue(vectors: Float32Array, { vectors: all, dimensions: d, others }: HelpedTexts, seed: number): Float32Array {
  const random = seededRandom(seed);
  const out = vectors.slice();
  for (let row = 0; row < vectors.length / d; row++) {
    const rows = others.get(row) ?? [];
    const text = rows.length > 0 && random() < 0.5 ? (rows[randomBelow(rows.length, random)] ?? row) : row;
    out.set(all.subarray(text * d, (text + 1) * d), row * d);
  }
  return out;
}
