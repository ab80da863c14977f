// Likeness of words: what a search engine without a model would recommend. Across languages it can match only names and loan
// words; the comparison is meant to show that.
import { throwIfAborted } from '../../base/errors.ts';
import { createPacer, type Pace } from '../../base/pacer.ts';
import type { RecommenderSystem } from '../types.ts';
import { likedHistory } from './common.ts';

/**
 * score = cosine of the item's TF-IDF row with the mean of the history's, weighted by the weights above 0. Items without a
 * word in common: 0, the lowest. Fitting rejects with aborted.
 */
export function tfidfKnnSystem(): RecommenderSystem {
  return {
    name: 'tfidf-knn',
    title: 'TF-IDF of the texts',
    async fit({ catalogue, signal }) {
      throwIfAborted(signal, 'Fitting TF-IDF');
      const model = await fitTfIdf(catalogue.texts, createPacer({ signal, what: 'Fitting TF-IDF' }));
      const profile = new Float64Array(model.vocabulary.size);
      return {
        score(history, weights, scores) {
          const liked = likedHistory(history, weights, scores, catalogue.texts.length);
          const terms = fillProfile(profile, model, liked.items, liked.weights);
          const sums = new Float64Array(scores.length);
          for (const term of terms) {
            const value = profile[term] as number;
            const { offsets, columns, values } = model.byTerm;
            for (let at = offsets[term] as number; at < (offsets[term + 1] as number); at++) {
              const text = columns[at] as number;
              sums[text] = (sums[text] as number) + value * (values[at] as number);
            }
            profile[term] = 0;
          }
          scores.set(sums);
        },
      };
    },
  };
}

/** Fills the profile of a history. @param profile [terms], zero on entry, unit length on return @returns the terms that are not zero */
function fillProfile(profile: Float64Array, { byText }: TfIdf, items: Int32Array, weights: Float64Array): number[] {
  const terms: number[] = [];
  items.forEach((text, h) => {
    for (let at = byText.offsets[text] as number; at < (byText.offsets[text + 1] as number); at++) {
      const term = byText.columns[at] as number;
      if (profile[term] === 0) terms.push(term);
      profile[term] = (profile[term] as number) + (weights[h] as number) * (byText.values[at] as number);
    }
  });
  let square = 0;
  for (const term of terms) square += (profile[term] as number) ** 2;
  for (const term of terms) profile[term] = (profile[term] as number) / Math.sqrt(square);
  return terms;
}

/** Compressed rows: entries of row r are at offsets[r] … offsets[r + 1] − 1. */
interface SparseRows {
  /** [rows + 1] */
  offsets: Int32Array;
  columns: Int32Array;
  values: Float32Array;
}

interface TfIdf {
  /** Term → column. */
  vocabulary: ReadonlyMap<string, number>;
  /** [texts × terms], unit length; a text without a term is a zero row */
  byText: SparseRows;
  /** [terms × texts], the transpose of `byText` */
  byTerm: SparseRows;
}

/**
 * TF-IDF as sparse rows and as an inverted index:
 * (1 + ln tf) · (ln((1 + n) / (1 + df)) + 1), rows scaled to unit length: sublinear tf and smooth idf as scikit-learn's
 * TfidfVectorizer(sublinear_tf=True) has them (Manning et al. 2008, 6.4).
 */
export async function fitTfIdf(texts: readonly string[], pace: Pace): Promise<TfIdf> {
  const vocabulary = new Map<string, number>();
  const counts: Map<number, number>[] = [];
  for (const text of texts) {
    const count = new Map<number, number>();
    for (const term of termsOf(text)) {
      const column = vocabulary.get(term) ?? vocabulary.size;
      vocabulary.set(term, column);
      count.set(column, (count.get(column) ?? 0) + 1);
    }
    counts.push(count);
    await pace();
  }
  const byText = weightedRows(counts, vocabulary.size);
  return { vocabulary, byText, byTerm: transposeRows(byText, vocabulary.size) };
}

function weightedRows(counts: readonly Map<number, number>[], terms: number): SparseRows {
  const documents = new Int32Array(terms);
  const offsets = new Int32Array(counts.length + 1);
  counts.forEach((count, text) => {
    offsets[text + 1] = (offsets[text] as number) + count.size;
    for (const column of count.keys()) documents[column] = (documents[column] as number) + 1;
  });
  const columns = new Int32Array(offsets[counts.length] as number);
  const values = new Float32Array(columns.length);
  let end = 0;
  for (const count of counts) {
    const start = end;
    let square = 0;
    for (const [column, frequency] of count) {
      const value = (1 + Math.log(frequency)) * (Math.log((1 + counts.length) / (1 + (documents[column] as number))) + 1);
      columns[end] = column;
      values[end++] = value;
      square += value * value;
    }
    for (let at = start; at < end; at++) values[at] = (values[at] as number) / Math.sqrt(square);
  }
  return { offsets, columns, values };
}

function transposeRows(rows: SparseRows, columnCount: number): SparseRows {
  const offsets = new Int32Array(columnCount + 1);
  for (const column of rows.columns) offsets[column + 1] = (offsets[column + 1] as number) + 1;
  for (let c = 0; c < columnCount; c++) offsets[c + 1] = (offsets[c + 1] as number) + (offsets[c] as number);
  const next = offsets.slice(0, columnCount);
  const columns = new Int32Array(rows.columns.length);
  const values = new Float32Array(columns.length);
  for (let row = 0; row + 1 < rows.offsets.length; row++) {
    for (let at = rows.offsets[row] as number; at < (rows.offsets[row + 1] as number); at++) {
      const column = rows.columns[at] as number;
      const to = next[column] as number;
      columns[to] = row;
      values[to] = rows.values[at] as number;
      next[column] = to + 1;
    }
  }
  return { offsets, columns, values };
}

/** Letters or digits with their marks. */
const RUN = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
const IDEOGRAPHS_AND_KANA = '\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}';
/** Alphabetic scripts of South-East Asia: a letter says less than an ideograph, so three make a term. */
const UNSPACED_ALPHABETS = '\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}';
const PIECE = new RegExp(
  `(?<two>[${IDEOGRAPHS_AND_KANA}]+)|(?<three>[${UNSPACED_ALPHABETS}]+)|[^${IDEOGRAPHS_AND_KANA}${UNSPACED_ALPHABETS}]+`,
  'gu',
);

/**
 * Terms of a text in their order, without a dictionary, after NFKC and lower-casing: whole words; scripts without spaces as
 * overlapping characters, two for Han and kana, three for Thai, Lao, Khmer and Burmese (a shorter piece is one term).
 */
export function termsOf(text: string): string[] {
  const terms: string[] = [];
  for (const [run] of text.normalize('NFKC').toLowerCase().matchAll(RUN)) {
    for (const piece of run.matchAll(PIECE)) {
      const size = piece.groups?.two !== undefined ? 2 : piece.groups?.three !== undefined ? 3 : 0;
      if (size === 0) terms.push(piece[0]);
      else pushGrams(terms, [...piece[0]], size);
    }
  }
  return terms;
}

function pushGrams(terms: string[], characters: readonly string[], size: number): void {
  const last = Math.max(0, characters.length - size);
  for (let at = 0; at <= last; at++) terms.push(characters.slice(at, at + size).join(''));
}
