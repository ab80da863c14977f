// Checks what callers give the engine's methods, once, at the edge: pages are not always written in TypeScript.
// Options of lists are checked by `parseListOptions` of the ranking room.
import * as v from 'valibot';
import { RecommenderError, shownValue } from '../base/errors.ts';

const text = v.string('give a text');
const oneOf = <const T extends string>(...values: T[]) => v.picklist(values, `give ${values.map((value) => `"${value}"`).join(' or ')}`);
const blob = v.instance(Blob, 'give a File or Blob');
const whole = (from: number, to: number) => {
  const advice = `give a whole number from ${from.toLocaleString('en')} to ${to.toLocaleString('en')}`;
  return v.pipe(v.number(advice), v.integer(advice), v.minValue(from, advice), v.maxValue(to, advice));
};

export const Text = text;
export const ItemIds = v.array(text, 'give a list of item ids');
export const Rating = v.nullable(oneOf('like', 'dislike', 'hide'));
export const MapCorrection = oneOf('before', 'after');
/** Milliseconds; undefined: the default. */
export const BudgetMs = v.optional(v.pipe(v.number('give milliseconds'), v.finite('give milliseconds'), v.minValue(0, 'give 0 or more')));
/** Place of an item in the file. */
export const Place = whole(0, Number.MAX_SAFE_INTEGER);
export const SliceSize = whole(0, 1000);
export const QuestionCount = whole(1, 100);
export const Callback = v.function('give a function');

const address = v.optional(text);
export const Source = v.variant(
  'kind',
  [
    v.object({ kind: v.literal('url'), url: text, packUrl: address, headUrl: address }),
    v.object({ kind: v.literal('file'), name: text, data: blob }),
    v.object({ kind: v.literal('stored'), id: text }),
  ],
  'give { kind: "url", "file" or "stored", … }',
);

export const Settings = v.object(
  {
    modelUrl: text,
    encoder: oneOf('auto', 'webgpu', 'wasm'),
    speed: oneOf('auto', 'quick', 'quick-then-refined', 'refined'),
    quickModelUrl: text,
    databaseName: text,
    modelKind: oneOf('manifest', 'transformers'),
  },
  'give the settings',
);

export const Quality = v.object({ log: blob, name: text, split: oneOf('leave-last-out', 'few-ratings', 'cold-items') }, 'give { log, name, split }');

/** Options of a search that `parseListOptions` does not know. */
export const Search = v.looseObject({ quick: v.optional(v.boolean('give true or false')) }, 'give the options');

/** @param name of the argument, for the message @returns the value @throws bad-argument naming the argument, its value, and what to give instead */
export function check<T>(schema: v.GenericSchema, value: T, name: string): T {
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return value;
  const issue = parsed.issues[0];
  const argument = [name, v.getDotPath(issue)].filter((part) => part !== null).join('.');
  const shown = shownValue(issue.input);
  throw new RecommenderError('bad-argument', `${argument} is ${shown}; ${issue.message}.`, { argument, value: shown });
}
