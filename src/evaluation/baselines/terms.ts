// Words of any script for TF-IDF, without dictionaries: what is written without spaces is cut into overlapping characters.

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
 * Terms of a text in their order, after NFKC and lower-casing: whole words; character bigrams of Han and kana, trigrams of Thai,
 * Lao, Khmer and Burmese (the piece itself where it is shorter).
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
