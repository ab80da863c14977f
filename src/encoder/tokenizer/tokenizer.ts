// The interface of all tokenizers. Types only.

export interface Tokenizer {
  readonly vocabularySize: number;
  /** Token ids of one text without special tokens. Never throws on any string, lone surrogates included. */
  encode(text: string): Int32Array;
  /** Ids put before and after every sequence (`<s>`, `</s>`). */
  readonly prefixIds: readonly number[];
  readonly suffixIds: readonly number[];
  readonly padId: number;
}
