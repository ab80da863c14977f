// Tokenizers of other kinds than Unigram, by the library that transformers.js uses.
import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers';
import * as v from 'valibot';
import type { Tokenizer } from './tokenizer.ts';

const Config = v.looseObject({ pad_token: v.optional(v.string()) });
/** A text to find out which special tokens the library puts around it. */
const PROBE = 'a';

export function libraryTokenizer(json: object, config: object): Tokenizer {
  const library = new LibraryTokenizer(json, config);
  const bare = library.encode(PROBE, { add_special_tokens: false }).ids;
  const whole = library.encode(PROBE).ids;
  const start = Math.max(
    0,
    whole.findIndex((_, i) => bare.every((id, j) => whole[i + j] === id)),
  );
  const padToken = v.parse(Config, config).pad_token;
  return {
    vocabularySize: library.get_vocab().size,
    encode: (text) => Int32Array.from(library.encode(text, { add_special_tokens: false }).ids),
    prefixIds: whole.slice(0, start),
    suffixIds: whole.slice(start + bare.length),
    padId: (padToken === undefined ? undefined : library.token_to_id(padToken)) ?? 0,
  };
}
