import { describe, expect, test } from 'vitest';
import { randomBelow, seededRandom } from '../base/random.ts';
import { type PolicyRequest, rankByPolicy } from './policy.ts';
import { boostedSearch } from './rules.ts';
import { type PlantedCatalogue, plantedCatalogue, searchOf } from './testing/planted-search.ts';
import type { LanguagePolicy } from './types.ts';

const LANGUAGES = ['en', 'de', 'pt-BR', 'pt', 'sw'];
const random = seededRandom(20);
const request = ({ scores, languages, search }: PlantedCatalogue, count: number, more: Partial<PolicyRequest> = {}): PolicyRequest => ({
  count,
  rowCount: scores.length,
  search,
  allows: () => true,
  languageOf: (row) => languages[row] ?? '',
  ...more,
});
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
const total = (ranked: readonly { score: number }[]) => sum(ranked.map(({ score }) => score));
const best = (scores: readonly number[], count: number) => sum([...scores].sort((a, b) => b - a).slice(0, count));
const isPortuguese = (tag: string | undefined) => tag === 'pt' || tag === 'pt-BR';

describe('prefer, on 400 random catalogues', () => {
  const cases = Array.from({ length: 400 }, () => {
    const catalogue = plantedCatalogue(1 + randomBelow(60, random), LANGUAGES, random);
    return { catalogue, count: 1 + randomBelow(25, random), share: randomBelow(11, random) / 10 };
  });

  test('round(k · share) are in the languages, fewer only where there are no more, and the list is full', async () => {
    for (const { catalogue, count, share } of cases) {
      const ranked = await rankByPolicy({ mode: 'prefer', languages: ['pt'], share }, request(catalogue, count));
      const rows = catalogue.scores.length;
      const inside = catalogue.languages.filter(isPortuguese).length;
      const length = Math.min(count, rows);
      const wanted = Math.round(count * share);
      const got = ranked.filter(({ row }) => isPortuguese(catalogue.languages[row])).length;
      expect(new Set(ranked.map(({ row }) => row)).size).toBe(length);
      expect(got).toBe(Math.max(Math.min(wanted, inside), length - (rows - inside)));
    }
  });

  test('no list with these numbers has a higher sum of scores, and scores never rise', async () => {
    for (const { catalogue, count, share } of cases) {
      const ranked = await rankByPolicy({ mode: 'prefer', languages: ['pt'], share }, request(catalogue, count));
      const got = ranked.filter(({ row }) => isPortuguese(catalogue.languages[row])).length;
      const scoresWhere = (inside: boolean) => catalogue.scores.filter((_, row) => isPortuguese(catalogue.languages[row]) === inside);
      expect(total(ranked)).toBeCloseTo(best(scoresWhere(true), got) + best(scoresWhere(false), ranked.length - got), 9);
      expect(ranked.every(({ score }, place) => place === 0 || score <= (ranked[place - 1]?.score ?? 0))).toBe(true);
    }
  });
});

describe('mix, on 400 random catalogues', () => {
  test('each language has its part of the likes to less than one item where there are enough, at the best scores', async () => {
    for (let turn = 0; turn < 400; turn++) {
      const catalogue = plantedCatalogue(200, LANGUAGES, random);
      const count = 1 + randomBelow(15, random);
      const liked = new Map(['en', 'de', 'pt'].filter(() => random() < 0.7).map((tag) => [tag, random()]));
      const groupOf = (tag: string) => tag.split('-')[0] ?? '';
      const ranked = await rankByPolicy({ mode: 'mix' }, request(catalogue, count, { liked, groupOf }));
      const groups = catalogue.languages.map(groupOf);
      const room = (group: string) => groups.filter((other) => other === group).length;
      expect(ranked).toHaveLength(count);
      if ([...liked.keys()].some((group) => room(group) < count)) continue;
      const likes = sum([...liked.values()]);
      let expected = 0;
      for (const [group, weight] of liked) {
        const got = ranked.filter(({ row }) => groups[row] === group).length;
        expect(Math.abs(got - (count * weight) / likes)).toBeLessThan(1);
        expected += best(
          catalogue.scores.filter((_, row) => groups[row] === group),
          got,
        );
      }
      expect(total(ranked)).toBeCloseTo(liked.size > 0 ? expected : best(catalogue.scores, count), 9);
    }
  });

  test('a language that runs out is filled up by the others the reader likes, then by the rest', async () => {
    const languages = ['en', 'en', 'de', 'de', 'de', 'sw', 'sw'];
    const catalogue = { languages, scores: languages.map((_, row) => row / 10), search: searchOf(languages.map((_, row) => row / 10)) };
    const tagsOf = async (count: number) => {
      const ranked = await rankByPolicy(
        { mode: 'mix' },
        request(catalogue, count, {
          liked: new Map([
            ['en', 3],
            ['de', 1],
          ]),
        }),
      );
      return ranked.map(({ row }) => languages[row]).sort();
    };
    expect(await tagsOf(4)).toEqual(['de', 'de', 'en', 'en']);
    expect(await tagsOf(6)).toEqual(['de', 'de', 'de', 'en', 'en', 'sw']);
  });
});

test('any is the plain list; only is the plain list of its languages, short where there are few', async () => {
  const catalogue = plantedCatalogue(40, LANGUAGES, random);
  const plain = await catalogue.search(12, new Uint32Array([0xffffffff, 0xffffffff]));
  expect(await rankByPolicy({ mode: 'any' }, request(catalogue, 12))).toEqual(plain);
  const only = await rankByPolicy({ mode: 'only', languages: ['pt'] }, request(catalogue, 40));
  expect(only.map(({ row }) => row).sort((a, b) => a - b)).toEqual(
    [...catalogue.languages.keys()].filter((row) => isPortuguese(catalogue.languages[row])),
  );
  expect(await rankByPolicy({ mode: 'only', languages: [] }, request(catalogue, 5))).toEqual([]);
  const even = await rankByPolicy({ mode: 'any' }, request(catalogue, 40, { allows: (row) => row % 2 === 0 }));
  expect(even.map(({ row }) => row % 2)).toEqual(Array.from({ length: 20 }, () => 0));
});

describe('with pinned rows', () => {
  const languages = Array.from({ length: 20 }, (_, row) => (row < 10 ? 'en' : 'de'));
  const scores = languages.map((_, row) => -row / 20);
  const catalogue = { scores, languages, search: searchOf(scores) };
  const list = (policy: LanguagePolicy, pinned: number[], count = 10) =>
    rankByPolicy(policy, request(catalogue, count, { pinned, allows: (row) => row !== 3 }));

  test('they stand first in their order with their scores, once, and even where they are not allowed', async () => {
    const ranked = await list({ mode: 'any' }, [19, 3, 19]);
    expect(ranked.map(({ row }) => row)).toEqual([19, 3, 0, 1, 2, 4, 5, 6, 7, 8]);
    expect(ranked[0]?.score).toBe(-19 / 20);
  });

  test('they count in the share', async () => {
    const ranked = await list({ mode: 'prefer', languages: ['de'], share: 0.3 }, [19, 18]);
    expect(ranked.filter(({ row }) => row >= 10).map(({ row }) => row)).toEqual([19, 18, 10]);
    const over = await list({ mode: 'prefer', languages: ['de'], share: 0.1 }, [19, 18]);
    expect(over.filter(({ row }) => row >= 10)).toHaveLength(2);
    expect(over).toHaveLength(10);
  });

  test('more pinned rows than places', async () => {
    expect((await list({ mode: 'any' }, [9, 8, 7], 2)).map(({ row }) => row)).toEqual([9, 8]);
  });
});

test('with diversity the share still holds', async () => {
  const catalogue = plantedCatalogue(60, LANGUAGES, random);
  const vectorOf = (row: number) => Float32Array.of(Math.cos(row), Math.sin(row));
  for (const share of [0, 0.3, 0.5, 1]) {
    const ranked = await rankByPolicy({ mode: 'prefer', languages: ['en'], share }, request(catalogue, 10, { diversity: 0.4, vectorOf }));
    expect(ranked.filter(({ row }) => catalogue.languages[row] === 'en')).toHaveLength(share * 10);
    expect(new Set(ranked.map(({ row }) => row)).size).toBe(10);
  }
});

test('of ten places, mix and prefer give each language what is asked for to less than one, under variety, boosts, exclusions and pins', async () => {
  const vectorOf = (row: number) => Float32Array.of(Math.cos(row), Math.sin(row));
  for (let turn = 0; turn < 200; turn++) {
    const catalogue = plantedCatalogue(300, ['en', 'de', 'pt'], random);
    const diversity = randomBelow(4, random) / 5;
    const search = boostedSearch(catalogue.search, 300, (row) => (row % 3 === 0 ? 0.5 : row % 7 === 0 ? -1 : 0));
    const allows = (row: number) => row % 5 !== 0;
    const liked = new Map([
      ['en', 1 + random()],
      ['de', 1 + random()],
      ['pt', 1 + random()],
    ]);
    // One of a language that has three places or more: more pinned rows than places would be the owner's wish against the reader's.
    const pinned = [catalogue.languages.indexOf('de')];
    const share = 0.3 + randomBelow(7, random) / 10;
    const counts = async (policy: LanguagePolicy) => {
      const ranked = await rankByPolicy(policy, request({ ...catalogue, search }, 10, { diversity, vectorOf, allows, liked, pinned }));
      expect(ranked[0]?.row).toBe(pinned[0]);
      expect(ranked.slice(1).every(({ row }) => allows(row))).toBe(true);
      return (tag: string) => ranked.filter(({ row }) => catalogue.languages[row] === tag).length;
    };
    const room = ['en', 'de', 'pt'].map((tag) => catalogue.languages.filter((other, row) => other === tag && allows(row)).length);
    if (Math.min(...room) < 10) continue;
    const mix = await counts({ mode: 'mix' });
    const likes = sum([...liked.values()]);
    for (const [tag, weight] of liked) expect(Math.abs(mix(tag) - (10 * weight) / likes)).toBeLessThan(1);
    expect((await counts({ mode: 'prefer', languages: ['de'], share }))('de')).toBe(Math.round(10 * share));
  }
});

test.each([
  [{ mode: 'prefer', languages: ['en'], share: 1.5 }, 10, 0, /share of preferred languages is 1.5/],
  [{ mode: 'any' }, 0, 0, /list of 0 items/],
  [{ mode: 'any' }, 1001, 0, /list of 1001 items/],
  [{ mode: 'any' }, 10, Number.NaN, /diversity is NaN/],
] as [LanguagePolicy, number, number, RegExp][])('%o with count %d and diversity %d is refused', async (policy, count, diversity, message) => {
  await expect(rankByPolicy(policy, request(plantedCatalogue(20, LANGUAGES, random), count, { diversity }))).rejects.toThrowError(message);
});
