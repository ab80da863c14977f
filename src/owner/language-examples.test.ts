// Low-resource help: each part exact on small sets, and what it brings on planted languages, of which one has little.
import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { initialParameters } from '../head/layout.ts';
import { smallSet } from '../head/testing/small-sets.ts';
import { alignmentExamples, joinSets, languageWeights, mixedExamples, transferPull, weightByLanguage } from './language-examples.ts';
import { ndcgOfCases, POOR, plantedWorld } from './testing/planted-languages.ts';
import { RECIPES } from './testing/planted-recipes.ts';

test('temperature: shares by n^(1/T), mean weight 1', () => {
  const tags = [...Array.from({ length: 16 }, () => 'en'), ...Array.from({ length: 4 }, () => 'sw')];
  expect([...languageWeights(tags, 1)]).toEqual(tags.map(() => 1));
  const rooted = languageWeights(tags, 2); // shares 4 : 2
  expect(rooted[0]).toBeCloseTo((20 * 4) / (6 * 16), 6);
  expect(rooted[19]).toBeCloseTo((20 * 2) / (6 * 4), 6);
  const alike = languageWeights(tags, Number.POSITIVE_INFINITY);
  expect([alike[0], alike[19]]).toEqual([0.625, 2.5]);
  expect(rooted.reduce((sum, weight) => sum + weight, 0) / 20).toBeCloseTo(1, 6);
  for (const bad of [0.5, Number.NaN]) expect(() => languageWeights(tags, bad)).toThrow(/temperature/);
  const set = smallSet({ persons: 3, items: 10, examples: 8, dimensions: 4, seed: 1 });
  const languageOf = (row: number) => (row < 5 ? 'en' : 'sw');
  const factors = languageWeights(Array.from(set.itemRow, languageOf), 3);
  expect(weightByLanguage(set, languageOf, 3).weight).toEqual(set.weight.map((weight, i) => weight * (factors[i] as number)));
});

test('transfer: the pull falls with the examples', () => {
  expect([10, 40].map(transferPull)).toEqual([1, 0.25]);
});

/** One axis a text: 0 to 3 are items, 4 and 5 translations of 0, 6 of 1. A profile tells by itself which texts are in it. */
const axes = {
  vectors: Float32Array.from({ length: 49 }, (_, i) => (i % 8 === 0 ? 1 : 0)),
  dimensions: 7,
  others: new Map([
    [0, [4, 5]],
    [4, [0, 5]],
    [5, [0, 4]],
    [1, [6]],
    [6, [1]],
  ]),
};
const rowsIn = (set: { users: Float32Array }, example: number) =>
  [...set.users.subarray(example * 7, (example + 1) * 7).keys()].filter((j) => set.users[example * 7 + j] !== 0);

test('mixing: an item or its translations stand in a profile, never the one that is asked for', () => {
  const users = [...Array.from({ length: 40 }, () => Int32Array.of(0, 1, 2)), Int32Array.of(3)];
  const set = mixedExamples(users, axes, { swap: 0.5, drop: 0.4, random: seededRandom(1) });
  expect(set.label.length).toBe(120);
  const itemOf = (row: number) => (row >= 6 ? 1 : row >= 4 ? 0 : row);
  const seen = new Set<number>();
  for (let example = 0; example < 120; example++) {
    const rows = rowsIn(set, example);
    expect(rows.length).toBeGreaterThan(0);
    const asked = set.itemRow[example] as number;
    expect(rows.map(itemOf)).not.toContain(itemOf(asked));
    for (const row of [...rows, asked]) seen.add(row);
  }
  expect([...seen].sort()).toEqual([0, 1, 2, 4, 5, 6]);
  expect([...new Set(set.person)]).toEqual([...Array(40).keys()]);
  const plain = mixedExamples([Int32Array.of(0, 1, 2)], axes, { swap: 0, drop: 0, random: seededRandom(1) });
  expect([0, 1, 2].map((example) => rowsIn(plain, example))).toEqual([
    [1, 2],
    [0, 2],
    [0, 1],
  ]);
  expect([...plain.itemRow]).toEqual([0, 1, 2]);
  expect(() => mixedExamples([], axes, { drop: 1, random: seededRandom(1) })).toThrow(/drop/);
});

test('alignment: each text asks for another of its item, all of one item as one person', () => {
  const set = alignmentExamples(axes, { most: 5000, random: seededRandom(1) });
  const pairs = Array.from(set.itemRow, (item, example) => `${rowsIn(set, example)[0]}>${item}`).sort();
  expect(pairs).toEqual(['0>4', '0>5', '1>6', '4>0', '4>5', '5>0', '5>4', '6>1']);
  set.itemRow.forEach((item, example) => {
    expect(set.person?.[example]).toBe(item === 1 || item === 6 ? 1 : 0);
  });
  expect(new Set(set.weight)).toEqual(new Set([1]));
  expect(alignmentExamples(axes, { most: 3, random: seededRandom(1) }).label.length).toBe(3);
  expect(() => alignmentExamples({ ...axes, others: new Map() }, { most: 1, random: seededRandom(1) })).toThrow(/second text/);
});

test('joined sets ask what each asked', () => {
  const make = (seed: number) => smallSet({ persons: 3, items: 10, examples: 8, dimensions: 4, seed });
  const a = make(1);
  const b = { ...make(2), items: a.items };
  const joined = joinSets(a, b, 4);
  expect(joined.items).toBe(a.items);
  const userOf = (set: { users: Float32Array; userRow: Int32Array }, example: number) => {
    const row = set.userRow[example] as number;
    return set.users.slice(row * 4, row * 4 + 4);
  };
  for (const [part, from] of [
    [a, 0],
    [b, 8],
  ] as const) {
    for (let i = 0; i < 8; i++) {
      expect(joined.itemRow[from + i]).toBe(part.itemRow[i]);
      expect(userOf(joined, from + i)).toEqual(userOf(part, i));
    }
  }
  const persons = (from: number) => new Set(joined.person?.subarray(from, from + 8));
  expect([...persons(0)].filter((person) => persons(8).has(person))).toEqual([]);
  expect([...(joinSets(a, b, 4, { samePersons: true }).person ?? [])]).toEqual([...a.userRow, ...b.userRow]);
});

/** Mean nDCG@10 of a recipe over two planted worlds, of cases that read the poor language or another one. */
async function measure(poorUsers: number, fromPoor: boolean, ...names: string[]): Promise<number[]> {
  const sums = names.map(() => 0);
  for (const seed of [1, 2]) {
    const world = plantedWorld({ seed, poorUsers });
    const shape = { kind: 'bilinear' as const, dimensions: world.dimensions, rank: 12 };
    const start = { shape, parameters: initialParameters(shape, seededRandom(seed), 10) };
    const cases = world.cases.filter(({ from }) => (from === POOR) === fromPoor);
    for (const [i, name] of names.entries()) {
      const head = await RECIPES[name]?.(world, { start, isRich: (tag) => tag !== POOR, epochs: 10, learningRate: 0.01, seed });
      const values = head ? ndcgOfCases(head, world.vectors, cases) : new Float64Array();
      sums[i] = (sums[i] as number) + values.reduce((sum, value) => sum + value, 0) / values.length / 2;
    }
  }
  return sums;
}

test('a language nobody has rated: translations carry over to it what other languages taught', async () => {
  const [joint = 1, helped = 0] = await measure(0, false, 'joint, T 1', 'joint, mixing and alignment');
  expect(helped).toBeGreaterThan(joint + 0.05);
});

test('a language with a few raters: transfer beats learning from it alone, mixing beats plain joint training', async () => {
  const [alone = 1, transfer = 0, joint = 1, mixed = 0] = await measure(8, true, 'poor alone', 'transfer', 'joint, T 1', 'joint, mixing');
  expect(transfer).toBeGreaterThan(alone);
  expect(mixed).toBeGreaterThan(joint + 0.03);
});
