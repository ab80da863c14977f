// Options from pages are either accepted or refused with name, value and advice.
import { expect, test } from 'vitest';
import { parseListOptions } from './list-options.ts';

/** As a page without types would call it. */
const parse = (options: object) => parseListOptions({ count: 5, ...options });

test('what is left out has its default', () => {
  expect(parse({})).toEqual({ count: 5, policy: { mode: 'any' }, reasons: false, diversity: 0, rules: [], fusion: 'interests', familiarity: 0 });
});

test('every kind of rule is taken', () => {
  const rules = [
    { rule: 'pin', items: ['a'] },
    { rule: 'exclude', where: { categories: ['x'], attributes: { price: { from: 2 }, year: { from: 1, to: 3 } } } },
    { rule: 'boost', by: -1, where: { languages: ['sw'] } },
    { rule: 'limit', atMost: 0 },
    { rule: 'limit', atMost: 2, categories: ['x'] },
  ];
  expect(parse({ rules, diversity: 1, fusion: 'rank', familiarity: -1 })).toMatchObject({ rules, diversity: 1, fusion: 'rank', familiarity: -1 });
});

test.each([
  [{ count: 0 }, /^count is 0; give a whole number from 1 to 1,000\.$/],
  [{ count: 2.5 }, /^count is 2.5; give a whole number/],
  [{ diversity: 1.1 }, /^diversity is 1.1; give a number from 0 \(best scores\) to 1 \(most varied\)\.$/],
  [{ diversity: Number.NaN }, /^diversity is NaN; give a number/],
  [{ diversity: '0.3' }, /^diversity is "0.3"; give a number/],
  [{ familiarity: -1.5 }, /^familiarity is -1.5; give a number from −1 \(hidden finds\) to 1 \(well known\)\.$/],
  [{ familiarity: 'high' }, /^familiarity is "high"; give a number/],
  [{ fusion: 'rrf' }, /^fusion is "rrf"; give "interests", "own-language", "shared", "rank" or "learned"\.$/],
  [{ policy: { mode: 'prefer', languages: ['sw'], share: 2 } }, /^policy.share is 2; give a share of preferred languages from 0 to 1\.$/],
  [{ policy: { mode: 'same' } }, /^policy.mode is "same"; give \{ mode: "any"/],
  [{ rules: {} }, /^rules is \{\}; give a list of rules\.$/],
  [{ rules: [{ rule: 'pin', items: ['a'] }, { rule: 'hide' }] }, /^rules.1.rule is "hide"; give \{ rule: "pin", "exclude"/],
  [{ rules: [{ rule: 'pin', items: [] }] }, /^rules.0.items is \[\]; give one text or more\.$/],
  [{ rules: [{ rule: 'boost', by: 2, where: { items: ['a'] } }] }, /^rules.0.by is 2; give a number from −1 to 1\.$/],
  [{ rules: [{ rule: 'boost', by: 0.1 }] }, /^rules.0.where is undefined; a rule or policy of this kind needs it\.$/],
  [{ rules: [{ rule: 'exclude', where: {} }] }, /^rules.0.where is \{\}; give items, categories, languages or attributes/],
  [{ rules: [{ rule: 'exclude', where: { attributes: {} } }] }, /a rule needs a target/],
  [{ rules: [{ rule: 'exclude', where: { tags: ['a'] } }] }, /^rules.0.where.tags is .*; leave it out/],
  [
    { rules: [{ rule: 'exclude', where: { attributes: { price: { from: 3, to: 1 } } } }] },
    /^rules.0.where.attributes.price is .*; give a "from" that is not above "to"\.$/,
  ],
  [{ rules: [{ rule: 'limit', atMost: -1 }] }, /^rules.0.atMost is -1; give a whole number from 0/],
  [{ rules: Array.from({ length: 101 }, () => ({ rule: 'limit', atMost: 1 })) }, /give at most 100 rules\.$/],
])('%j is refused', (options, message) => {
  const refuse = () => parse(options);
  expect(refuse).toThrowError(message);
  expect(refuse).toThrowError(expect.objectContaining({ code: 'bad-argument' }));
});
