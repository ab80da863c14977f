// Parses the options of a list, once, at the worker's edge: they come from pages, some of which are written without types.
import * as v from 'valibot';
import { RecommenderError, shownValue } from '../base/errors.ts';
import type { RankingRule } from '../base/ranking-rules.ts';
import { MAX_LIST } from './places.ts';
import type { LanguageFusion, LanguagePolicy, RecommendOptions } from './types.ts';

const MOST_RULES = 100;

/** Options with their defaults. */
export interface ParsedListOptions {
  count: number;
  policy: LanguagePolicy;
  reasons: boolean;
  diversity: number;
  rules: RankingRule[];
  fusion: LanguageFusion;
  familiarity: number;
}

const needs = (what: string): string => `give ${what}`;
const within = (low: number, high: number, what: string) =>
  v.pipe(v.number(needs(what)), v.minValue(low, needs(what)), v.maxValue(high, needs(what)));
const whole = (low: number, high: number) => {
  const what = `a whole number from ${low} to ${high.toLocaleString('en')}`;
  return v.pipe(within(low, high, what), v.integer(needs(what)));
};
const Texts = v.pipe(v.array(v.string(needs('a text')), needs('a list of texts')), v.minLength(1, needs('one text or more')));
const Bound = v.exactOptional(v.pipe(v.number(needs('a number')), v.finite(needs('a finite number'))));
const Range = v.pipe(
  v.strictObject({ from: Bound, to: Bound }, needs('{ from, to }, each a number or left out')),
  v.check(({ from, to }) => from === undefined || to === undefined || from <= to, needs('a "from" that is not above "to"')),
);
const Target = v.pipe(
  v.strictObject(
    {
      items: v.exactOptional(Texts),
      categories: v.exactOptional(Texts),
      languages: v.exactOptional(Texts),
      attributes: v.exactOptional(v.record(v.string(), Range, needs('bounds by the name of the attribute'))),
    },
    needs('{ items, categories, languages, attributes }, one of them or more'),
  ),
  v.check(
    ({ attributes, ...lists }) => Object.keys(lists).length + Object.keys(attributes ?? {}).length > 0,
    needs('items, categories, languages or attributes: a rule needs a target'),
  ),
);
const Rule = v.variant(
  'rule',
  [
    v.strictObject({ rule: v.literal('pin'), items: Texts }),
    v.strictObject({ rule: v.literal('exclude'), where: Target }),
    v.strictObject({ rule: v.literal('boost'), by: within(-1, 1, 'a number from −1 to 1'), where: Target }),
    v.strictObject({ rule: v.literal('limit'), atMost: whole(0, MAX_LIST), categories: v.exactOptional(Texts) }),
  ],
  needs('{ rule: "pin", "exclude", "boost" or "limit", … }'),
);
const Tags = v.array(v.string(needs('a language tag')), needs('a list of language tags'));
const Policy = v.variant(
  'mode',
  [
    v.strictObject({ mode: v.literal('any') }),
    v.strictObject({ mode: v.literal('mix') }),
    v.strictObject({ mode: v.literal('only'), languages: Tags }),
    v.strictObject({ mode: v.literal('prefer'), languages: Tags, share: within(0, 1, 'a share of preferred languages from 0 to 1') }),
  ],
  needs('{ mode: "any", "only", "prefer" or "mix", … }'),
);

const Options = v.object({
  count: whole(1, MAX_LIST),
  policy: v.optional(Policy, { mode: 'any' }),
  reasons: v.optional(v.boolean(needs('true or false')), false),
  diversity: v.optional(within(0, 1, 'a number from 0 (best scores) to 1 (most varied)'), 0),
  rules: v.optional(v.pipe(v.array(Rule, needs('a list of rules')), v.maxLength(MOST_RULES, needs(`at most ${MOST_RULES} rules`))), []),
  fusion: v.optional(
    v.picklist(['interests', 'own-language', 'shared', 'rank', 'learned'], needs('"interests", "own-language", "shared", "rank" or "learned"')),
    'interests',
  ),
  familiarity: v.optional(within(-1, 1, 'a number from −1 (hidden finds) to 1 (well known)'), 0),
});

/** @throws bad-argument naming the first option that is wrong, its value, and what to give instead */
export function parseListOptions(options: RecommendOptions): ParsedListOptions {
  const parsed = v.safeParse(Options, options, { abortPipeEarly: true });
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  const option = v.getDotPath(issue) ?? 'the options';
  const missing = issue.type === 'strict_object' && issue.input === undefined;
  const surplus = issue.type === 'strict_object' && issue.expected === 'never';
  const advice = surplus ? 'leave it out: no rule or policy of this kind has it' : missing ? 'a rule or policy of this kind needs it' : issue.message;
  const value = shownValue(issue.input);
  throw new RecommenderError('bad-argument', `${option} is ${value}; ${advice}.`, { option, value });
}
