// Checks what a page passes to the engine: it may be written without types. Options of lists are checked in ranking/list-options.ts.
import * as v from 'valibot';
import { RecommenderError } from '../base/errors.ts';
import type { ItemId } from '../base/types.ts';

const text = (what: string) => v.string(`give ${what}`);

export const Id = v.pipe(
  text('an id'),
  v.transform((id) => id as ItemId),
);
export const Ids = v.array(Id, 'give a list of item ids');
export const Query = text('the words to search for');
export const Rating = v.nullable(v.picklist(['like', 'dislike', 'hide'], 'give "like", "dislike", "hide" or null'));
export const Correction = v.picklist(['before', 'after'], 'give "before" or "after"');
export const BudgetMs = v.optional(v.pipe(v.number('give milliseconds'), v.minValue(0, 'give milliseconds from 0')));
export const Options = v.looseObject({ quick: v.optional(v.boolean('give true or false')) }, 'give an object of options');
export const Callback = v.function('give a function');

const file = v.instance(Blob, 'give a File or Blob');

export const Source = v.variant(
  'kind',
  [
    v.object({
      kind: v.literal('url'),
      url: text('the address of the catalogue'),
      packUrl: v.optional(text('an address')),
      headUrl: v.optional(text('an address')),
    }),
    v.object({ kind: v.literal('file'), name: text('the name of the file'), data: file }),
    v.object({ kind: v.literal('stored'), id: text('the id of the catalogue') }),
  ],
  'give { kind: "url", "file" or "stored", … }',
);

export const Settings = v.object(
  {
    modelUrl: text('the folder of the model'),
    encoder: v.picklist(['auto', 'webgpu', 'wasm'], 'give "auto", "webgpu" or "wasm"'),
    speed: v.picklist(['auto', 'quick', 'quick-then-refined', 'refined'], 'give "auto", "quick", "quick-then-refined" or "refined"'),
    quickModelUrl: text('the folder of the instant table'),
    databaseName: text('the name of the database'),
    modelKind: v.picklist(['manifest', 'transformers'], 'give "manifest" or "transformers"'),
  },
  'give the settings as an object',
);

export const Quality = v.object(
  {
    log: file,
    name: text('the name of the log'),
    split: v.picklist(['leave-last-out', 'few-ratings', 'cold-items'], 'give "leave-last-out", "few-ratings" or "cold-items"'),
  },
  'give { log, name, split }',
);

/** @param name of the argument, for the message @throws bad-argument naming the field that is wrong and what to give instead */
export function checked<T extends v.GenericSchema>(name: string, schema: T, value: unknown): v.InferOutput<T> {
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  const path = [name, v.getDotPath(issue)].filter(Boolean).join('.');
  throw new RecommenderError('bad-argument', `${path} is ${issue.received}; ${issue.message}.`, { argument: path, value: issue.received });
}
