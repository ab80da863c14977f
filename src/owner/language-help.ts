// The help that an owner can ask for where languages have few ratings: likes weighted by language, and more examples from the
// catalogue's own translations. Each part is optional; without any, training sees the plain likes.
import { RecommenderError } from '../base/errors.ts';
import { groupBy } from '../base/group-by.ts';
import { randomBelow, seededRandom } from '../base/random.ts';
import { rowsOf } from '../head/heads.ts';
import type { TrainingSet } from '../head/types.ts';
import { alignmentExamples, joinSets, languageWeights, mixedExamples, type TranslatedVectors, weightByLanguage } from './language-examples.ts';
import { pretrainingSet } from './user-vectors.ts';

/** Texts of items in other languages than those in which the catalogue shows them. */
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
  /** Of `languageWeights`, at least 1. Without it every like counts the same. */
  temperature?: number;
  /** Needed for mixing and alignment. */
  translations?: TranslatedTexts;
  /** Adds `mixedExamples`: one for each like. */
  mixing?: boolean;
  /** Adds `alignmentExamples`: at most one for each like. */
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
  const translations = groupBy(Int32Array.from(itemRow.keys()), (at) => itemRow[at] as number);
  const others = new Map<number, number[]>();
  for (const [item, places] of translations) {
    const rows = [item, ...places.map((at) => itemCount + at)];
    for (const row of rows) {
      const rest = rows.filter((other) => other !== row);
      others.set(row, rest);
    }
  }
  return others;
}

/**
 * The training set of the gradient steps: one example for each like, and what the help adds.
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
  let set = pretrainingSet(users, vectors, dimensions, { most, random: seededRandom(seed) });
  const likes = set.label.length;
  if (help.mixing) set = joinSets(set, mixedExamples(users, texts, { most, random: seededRandom(seed + 1) }), dimensions, { samePersons: true });
  if (help.temperature !== undefined) set = weightByLanguage(set, (row) => languages[row] ?? '', help.temperature);
  if (help.alignment && others.size > 0) set = joinSets(set, alignmentExamples(texts, { most: likes, random: seededRandom(seed + 2) }), dimensions);
  return { ...set, itemGroup: Int32Array.from({ length: languages.length }, (_, row) => Math.min(row, ...(others.get(row) ?? []))) };
}

/**
 * The users of `withinUserSpectrum`, for the closed-form start. With mixing, each item of a user counts in all its texts. With alignment
 * the texts of each item are one more user, so that directions in which translations differ count less.
 * @param users rows liked by each user @returns rows of `texts.vectors` of each
 */
export function helpedUsers(users: readonly Int32Array[], { others }: HelpedTexts, { mixing, alignment }: LanguageHelp): Int32Array[] {
  const mixed = users.map((rows) => (mixing && rows.length > 1 ? [...rows].flatMap((row) => [row, ...(others.get(row) ?? [])]) : rows));
  const items = alignment ? [...others].filter(([row, rows]) => rows.every((other) => row < other)).map(([row, rows]) => [row, ...rows]) : [];
  return [...mixed, ...items].map((rows) => Int32Array.from(rows));
}

/**
 * The catalogue on which held-out users are measured: half of the items that have translations, drawn at random, are shown in one of
 * them, so that the choice is good between languages too. Without translations, the items as they are.
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
