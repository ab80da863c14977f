// Reads Hugging Face's `tokenizer.json` of the Unigram kind; other kinds go to @huggingface/tokenizers (library.ts).
import * as v from 'valibot';
import { RecommenderError } from '../../base/errors.ts';
import type { SpecialTokens } from './unigram.ts';
import type { Vocabulary } from './vocabulary.ts';

const UnigramJson = v.object({
  added_tokens: v.array(v.object({ id: v.number(), content: v.string() })),
  post_processor: v.object({
    type: v.literal('TemplateProcessing'),
    single: v.array(v.union([v.object({ SpecialToken: v.object({ id: v.string() }) }), v.object({ Sequence: v.unknown() })])),
  }),
  model: v.object({ type: v.literal('Unigram'), unk_id: v.number(), vocab: v.array(v.tuple([v.string(), v.number()])) }),
});

export interface UnigramFiles {
  vocabulary: Vocabulary;
  special: SpecialTokens;
}

/** @returns undefined when the file is a tokenizer of another kind. @throws bad-manifest when it is no tokenizer */
export function readUnigramJson(json: unknown): UnigramFiles | undefined {
  const kind = v.safeParse(v.object({ model: v.object({ type: v.optional(v.string()) }) }), json);
  if (!kind.success) {
    throw new RecommenderError('bad-manifest', 'tokenizer.json has no "model" object. Use the file that the model was published with.');
  }
  const parsed = v.safeParse(UnigramJson, json);
  if (!parsed.success) return undefined;
  const { model, added_tokens, post_processor } = parsed.output;
  const added = new Map(added_tokens.map((token) => [token.content, token.id]));
  const order = Int32Array.from(model.vocab.keys());
  const pieceOf = (id: number): string => (model.vocab[id] as [string, number])[0];
  order.sort((a, b) => (pieceOf(a) < pieceOf(b) ? -1 : pieceOf(a) > pieceOf(b) ? 1 : a - b));
  const before: number[] = [];
  const after: number[] = [];
  let seen = false;
  for (const step of post_processor.single) {
    if ('Sequence' in step) seen = true;
    else (seen ? after : before).push(added.get(step.SpecialToken.id) ?? model.unk_id);
  }
  return {
    vocabulary: {
      sortedPieces: Array.from(order, pieceOf),
      sortedIds: order,
      scores: Float64Array.from(model.vocab, ([, score]) => score),
      unknownId: model.unk_id,
    },
    special: { added, prefixIds: before, suffixIds: after, padId: added.get('<pad>') ?? 0 },
  };
}
