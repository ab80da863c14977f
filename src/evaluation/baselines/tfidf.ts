// TF-IDF of a catalogue as sparse unit rows and, for scoring, as an inverted index.
import type { Breathe } from './breathe.ts';
import { termsOf } from './terms.ts';

/** Cost of cutting a character of text, in multiply-adds. */
const WORK_PER_CHARACTER = 100;

/** Compressed rows: entries of row r are at offsets[r] … offsets[r + 1] − 1. */
export interface SparseRows {
  /** [rows + 1] */
  offsets: Int32Array;
  columns: Int32Array;
  values: Float32Array;
}

export interface TfIdf {
  /** Term → column. */
  vocabulary: ReadonlyMap<string, number>;
  /** [texts × terms], unit length; a text without a term is a zero row */
  byText: SparseRows;
  /** [terms × texts], the transpose of `byText` */
  byTerm: SparseRows;
}

/**
 * (1 + ln tf) · (ln((1 + n) / (1 + df)) + 1), rows scaled to unit length: sublinear tf and smooth idf as scikit-learn's
 * TfidfVectorizer(sublinear_tf=True) has them (Manning et al. 2008, 6.4).
 */
export async function fitTfIdf(texts: readonly string[], breathe: Breathe): Promise<TfIdf> {
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
    await breathe(text.length * WORK_PER_CHARACTER);
  }
  const byText = weigh(counts, vocabulary.size);
  return { vocabulary, byText, byTerm: transposeRows(byText, vocabulary.size) };
}

function weigh(counts: readonly Map<number, number>[], terms: number): SparseRows {
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
