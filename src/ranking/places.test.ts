// What the places of a list promise when categories are limited: limits always, shares wherever rows allow, and no place left empty
// that could be filled.
import { describe, expect, test } from 'vitest';
import { randomBelow, seededRandom } from '../base/random.ts';
import { allot } from './places.ts';
import { rankByPolicy } from './policy.ts';
import { searchOf } from './testing/planted-search.ts';

const random = seededRandom(31);

interface World {
  scores: number[];
  languages: string[];
  categories: string[][];
  count: number;
  atMost: number;
  diversity: number;
  pinned: number[];
}

function planted(rowCount: number, categoriesOf: (row: number) => string[]): World {
  const rows = Array.from({ length: rowCount }, (_, row) => row);
  return {
    scores: rows.map(() => randomBelow(30, random) / 10 - 1),
    languages: rows.map(() => (random() < 0.4 ? 'sw' : 'en')),
    categories: rows.map(categoriesOf),
    count: 1 + randomBelow(14, random),
    atMost: 1 + randomBelow(3, random),
    diversity: randomBelow(3, random) / 5,
    pinned: [],
  };
}

function listOf({ scores, languages, categories, count, atMost, diversity, pinned }: World, share: number) {
  return rankByPolicy(
    { mode: 'prefer', languages: ['sw'], share },
    {
      count,
      rowCount: scores.length,
      search: searchOf(scores),
      allows: () => true,
      languageOf: (row) => languages[row] ?? '',
      limits: { limitOf: () => atMost, categoriesOf: (row) => categories[row] ?? [] },
      diversity,
      vectorOf: (row) => Float32Array.of(Math.cos(row), Math.sin(row)),
      pinned,
    },
  );
}

const inCategory = (world: World, rows: readonly number[], category: string) =>
  rows.filter((row) => world.categories[row]?.includes(category)).length;

describe('on 300 random catalogues with items of several categories', () => {
  const cases = Array.from({ length: 300 }, () => ({
    world: planted(1 + randomBelow(50, random), () => ['a', 'b', 'c', 'd', 'e', 'f'].filter(() => random() < 0.3)),
    share: randomBelow(11, random) / 10,
  }));

  test('a limit is never broken, no row stands twice, and a list that is short has no row left to add', async () => {
    for (const { world, share } of cases) {
      const rows = (await listOf(world, share)).map(({ row }) => row);
      expect(new Set(rows).size).toBe(rows.length);
      const full = ['a', 'b', 'c', 'd', 'e', 'f'].filter((category) => {
        const taken = inCategory(world, rows, category);
        expect(taken).toBeLessThanOrEqual(world.atMost);
        return taken === world.atMost;
      });
      if (rows.length === world.count) continue;
      const free = world.scores.flatMap((_, row) => (!rows.includes(row) && !world.categories[row]?.some((one) => full.includes(one)) ? [row] : []));
      expect(free).toEqual([]);
    }
  });

  test('the share is exact where each language has that many rows without a category', async () => {
    let checked = 0;
    for (const { world, share } of cases) {
      const wanted = Math.round(world.count * share);
      const plain = (sw: boolean) => world.languages.filter((tag, row) => (tag === 'sw') === sw && world.categories[row]?.length === 0).length;
      if (plain(true) < wanted || plain(false) < world.count - wanted) continue;
      checked++;
      const ranked = await listOf(world, share);
      expect(ranked.filter(({ row }) => world.languages[row] === 'sw')).toHaveLength(wanted);
      expect(ranked).toHaveLength(world.count);
    }
    expect(checked).toBeGreaterThan(30);
  });
});

test('best scores: the list is what going down all rows in order of score would take', async () => {
  for (let turn = 0; turn < 200; turn++) {
    const drawn = planted(40, () => [String(randomBelow(8, random))]);
    const world = { ...drawn, scores: drawn.scores.map((score, row) => score + row / 1000), diversity: 0 }; // no two alike
    const quotas = new Map([
      ['sw', Math.round(world.count * 0.5)],
      ['en', world.count - Math.round(world.count * 0.5)],
    ]);
    const expected: number[] = [];
    for (const { row } of await searchOf(world.scores)(40, new Uint32Array([0xffffffff, 0xff]))) {
      const tag = world.languages[row] ?? '';
      if ((quotas.get(tag) ?? 0) === 0 || inCategory(world, expected, world.categories[row]?.[0] ?? '') >= world.atMost) continue;
      quotas.set(tag, (quotas.get(tag) ?? 0) - 1);
      expected.push(row);
    }
    if ([...quotas.values()].some((left) => left > 0)) continue; // one language has to leave places to the other
    expect((await listOf(world, 0.5)).map(({ score }) => score)).toEqual(expected.map((row) => world.scores[row]));
  }
});

test('a language whose only category the other would use up picks first', async () => {
  // Swahili has stories only, at most 3; English has better stories, and other things.
  const languages = [...Array.from({ length: 8 }, () => 'en'), ...Array.from({ length: 4 }, () => 'sw')];
  const categories = languages.map((tag, row) => [tag === 'sw' || row < 4 ? 'stories' : `other ${row}`]);
  const scores = languages.map((_, row) => 1 - row / 20);
  const world = { scores, languages, categories, count: 6, atMost: 3, diversity: 0, pinned: [] };
  for (const diversity of [0, 0.3]) {
    const rows = (await listOf({ ...world, diversity }, 0.5)).map(({ row }) => row);
    expect([inCategory(world, rows, 'stories'), rows.filter((row) => row >= 8).length, rows.length]).toEqual([3, 3, 6]);
    if (diversity === 0) expect(rows).toEqual([4, 5, 6, 8, 9, 10]);
  }
  // Where it cannot have its share even so, the other language fills the list.
  const few = (await listOf({ ...world, atMost: 2 }, 0.5)).map(({ row }) => row);
  expect([...few].sort((a, b) => a - b)).toEqual([4, 5, 6, 7, 8, 9]);
});

test('pinned rows count in a limit, and are not dropped for it', async () => {
  const categories = Array.from({ length: 8 }, (_, row) => [row < 4 ? 'x' : `y${row}`]);
  const world = {
    scores: categories.map((_, row) => -row),
    languages: categories.map(() => 'en'),
    categories,
    count: 5,
    atMost: 1,
    diversity: 0,
    pinned: [3, 2],
  };
  expect((await listOf(world, 0)).map(({ row }) => row)).toEqual([3, 2, 4, 5, 6]);
});

describe('allot', () => {
  test('largest remainder, worked by hand', () => {
    expect(allot(10, [0.5, 0.3, 0.2], [99, 99, 99])).toEqual([5, 3, 2]);
    expect(allot(7, [1, 1, 1], [99, 99, 99])).toEqual([3, 2, 2]);
    expect(allot(10, [47, 16, 37], [99, 99, 99])).toEqual([5, 1, 4]);
  });

  test('what a group has no room for goes to the others in proportion, then to those without a weight', () => {
    expect(allot(10, [5, 3, 2], [1, 99, 99])).toEqual([1, 5, 4]);
    expect(allot(10, [5, 3, 2, 0, 0], [1, 2, 1, 99, 99])).toEqual([1, 2, 1, 3, 3]);
    expect(allot(10, [1, 0], [3, 4])).toEqual([3, 4]);
    expect(allot(0, [1], [3])).toEqual([0]);
    expect(allot(5, [], [])).toEqual([]);
  });

  test('on 2,000 random cases: all places given, no room overrun, off by less than one where there is room', () => {
    const random = seededRandom(4);
    for (let turn = 0; turn < 2000; turn++) {
      const groups = 1 + randomBelow(6, random);
      const weights = Array.from({ length: groups }, () => (random() < 0.2 ? 0 : random()));
      const rooms = Array.from({ length: groups }, () => randomBelow(turn % 2 ? 12 : 1000, random));
      const places = randomBelow(30, random);
      const got = allot(places, weights, rooms);
      expect(got.reduce((a, b) => a + b, 0)).toBe(
        Math.min(
          places,
          rooms.reduce((a, b) => a + b, 0),
        ),
      );
      const total = weights.reduce((a, b) => a + b, 0);
      got.forEach((count, group) => {
        expect(Number.isInteger(count) && count >= 0 && count <= (rooms[group] ?? 0)).toBe(true);
        if (total > 0 && rooms.every((room) => room >= places)) expect(Math.abs(count - (places * (weights[group] ?? 0)) / total)).toBeLessThan(1);
      });
    }
  });
});
