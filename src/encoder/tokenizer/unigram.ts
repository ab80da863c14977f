// Unigram segmentation by Viterbi over flat arrays (Kudo 2018, "Subword Regularization", section 3.2): the same ids as
// `@huggingface/tokenizers` gives for `tokenizer.json`, ties included, without an object for every lattice node.
import { metaspace, normalize } from './normalize.ts';
import type { Tokenizer } from './tokenizer.ts';
import { PieceTrie, type Vocabulary } from './vocabulary.ts';

export interface SpecialTokens {
  /** Text of each special token → id; they are recognised inside texts before normalisation, as the reference does. */
  added: ReadonlyMap<string, number>;
  prefixIds: readonly number[];
  suffixIds: readonly number[];
  padId: number;
}

/** Score of an unknown character: the lowest of the vocabulary minus 10 (SentencePiece's kUnkPenalty). */
const UNKNOWN_PENALTY = 10;

export class UnigramTokenizer implements Tokenizer {
  readonly vocabularySize: number;
  readonly prefixIds: readonly number[];
  readonly suffixIds: readonly number[];
  readonly padId: number;
  readonly #trie: PieceTrie;
  readonly #scores: Float64Array;
  readonly #unknownId: number;
  readonly #unknownScore: number;
  readonly #added: ReadonlyMap<string, number>;
  readonly #addedPattern: RegExp | undefined;
  // Viterbi state by position in code units; grown on demand and reused.
  #best = new Float64Array(1024);
  #from = new Int32Array(1024);
  #piece = new Int32Array(1024);

  constructor(vocabulary: Vocabulary, special: SpecialTokens) {
    this.#trie = new PieceTrie(vocabulary);
    this.#scores = vocabulary.scores;
    this.#unknownId = vocabulary.unknownId;
    this.vocabularySize = vocabulary.scores.length;
    let lowest = Number.POSITIVE_INFINITY;
    for (const score of vocabulary.scores) if (score < lowest) lowest = score;
    this.#unknownScore = lowest - UNKNOWN_PENALTY;
    this.#added = special.added;
    this.prefixIds = special.prefixIds;
    this.suffixIds = special.suffixIds;
    this.padId = special.padId;
    const names = [...special.added.keys()].sort((a, b) => b.length - a.length);
    this.#addedPattern = names.length ? new RegExp(`(${names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`) : undefined;
  }

  encode(text: string): Int32Array {
    const ids: number[] = [];
    const sections = this.#addedPattern?.test(text) ? text.split(this.#addedPattern) : [text];
    for (const section of sections) {
      if (section === '') continue;
      const added = this.#added.get(section);
      if (added !== undefined) {
        ids.push(added);
        continue;
      }
      const normalized = normalize(section);
      if (normalized !== '') this.#segment(metaspace(normalized), ids);
    }
    return Int32Array.from(ids);
  }

  /** Appends the ids of the best segmentation; neighbouring unknown characters are one token. */
  #segment(text: string, out: number[]): void {
    const length = text.length;
    this.#reserve(length + 1);
    const best = this.#best;
    const from = this.#from;
    const pieces = this.#piece;
    const trie = this.#trie;
    const scores = this.#scores;
    best.fill(Number.NEGATIVE_INFINITY, 0, length + 1);
    best[0] = 0;

    for (let begin = 0; begin < length; ) {
      const width = characterWidth(text, begin);
      const base = best[begin] as number;
      let single = false;
      let node = 0;
      for (let end = begin; end < length; ) {
        node = trie.step(node, text.charCodeAt(end));
        if (node < 0) break;
        end++;
        const id = trie.ids[node] as number;
        if (id < 0) continue;
        if (end - begin === width) single = true;
        const score = base + (scores[id] as number);
        if (score > (best[end] as number)) {
          best[end] = score;
          from[end] = begin;
          pieces[end] = id;
        }
      }
      if (!single) {
        const end = begin + width;
        const score = base + this.#unknownScore;
        if (score > (best[end] as number)) {
          best[end] = score;
          from[end] = begin;
          pieces[end] = this.#unknownId;
        }
      }
      begin += width;
    }

    const start = out.length;
    let previous = -1;
    for (let end = length; end > 0; end = from[end] as number) {
      const id = pieces[end] as number;
      if (id !== this.#unknownId || previous !== this.#unknownId) out.push(id);
      previous = id;
    }
    for (let i = start, j = out.length - 1; i < j; i++, j--) {
      const left = out[i] as number;
      out[i] = out[j] as number;
      out[j] = left;
    }
  }

  #reserve(length: number): void {
    if (this.#best.length >= length) return;
    const size = Math.max(length, this.#best.length * 2);
    this.#best = new Float64Array(size);
    this.#from = new Int32Array(size);
    this.#piece = new Int32Array(size);
  }
}

/** Code units of the character at `index`: 2 for a surrogate pair, else 1. */
function characterWidth(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  if (unit < 0xd800 || unit > 0xdbff || index + 1 >= text.length) return 1;
  const low = text.charCodeAt(index + 1);
  return low >= 0xdc00 && low <= 0xdfff ? 2 : 1;
}
