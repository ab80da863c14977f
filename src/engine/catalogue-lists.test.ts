// Lists of an opened catalogue: what each policy promises, and reasons that hold when they are checked from outside.
import { describe, expect, test } from 'vitest';
import { gaussian, seededRandom } from '../base/random.ts';
import type { FeedbackEvent, FeedbackKind, Item, ItemId } from '../base/types.ts';
import { createCpuBackend } from '../compute/cpu/cpu-backend.ts';
import { plainHead } from '../head/fine-tune.ts';
import { ItemTable } from '../index/item-table.ts';
import { identityAdapter } from '../language/adapter.ts';
import type { LanguagePolicy, RecommendationList, RecommendOptions, RuleTarget } from '../protocol/engine-api.ts';
import { CatalogueLists } from './catalogue-lists.ts';
import type { Model } from './model.ts';
import { scopeWith } from './testing/small-encoder.ts';

const COUNT = 240;
const DIMENSIONS = 16;
const TOPICS = 4;
const TAGS = ['en', 'en-GB', 'de', 'pt-BR', 'sw'];
const DAY = 24 * 3_600_000;
const NOW = 20_000 * DAY;

const random = seededRandom(8);
const items: Item[] = Array.from({ length: COUNT }, (_, row) => ({
  id: `i${row}` as ItemId,
  language: TAGS[row % TAGS.length] ?? '',
  title: `${row}`,
  description: '',
  categories: [`topic ${row % TOPICS}`],
}));
/** Topics stand out on axes of their own, languages on another, which the correction takes out. */
const raw = Float32Array.from({ length: COUNT * DIMENSIONS }, (_, at) => {
  const [row, j] = [Math.floor(at / DIMENSIONS), at % DIMENSIONS];
  return (j === row % TOPICS ? 1 : 0) + (j === TOPICS + (row % TAGS.length) ? 1 : 0) + 0.15 * gaussian(random);
});
const unused = async () => {
  throw new Error('no encoder is needed');
};
const model: Model = {
  fingerprint: 'planted',
  dimensions: DIMENSIONS,
  adapter: identityAdapter(DIMENSIONS),
  transformer: { get: unused, loaded: () => undefined },
  quick: undefined,
  dispose: async () => undefined,
};
const rated = (row: number, kind: FeedbackKind = 'like', ageDays = 0): FeedbackEvent => ({
  itemId: `i${row}` as ItemId,
  kind,
  timeMs: NOW - ageDays * DAY,
});

function opened(...events: FeedbackEvent[]): CatalogueLists {
  const table = new ItemTable(
    items,
    items.map(() => ''),
    model.adapter,
    createCpuBackend(),
  );
  table.setRefined([...items.keys()], raw);
  return new CatalogueLists(scopeWith({ table, model, nowMs: () => NOW }), events, undefined);
}
const tags = ({ items: list }: RecommendationList | Omit<RecommendationList, 'elapsedMs'>) => list.map(({ item }) => item.language);
const count = (languages: readonly string[], ...wanted: string[]) => languages.filter((tag) => wanted.includes(tag)).length;
/** Likes of topic 0: rows divisible by 4; row % 5 is the language. */
const LIKES = [rated(0), rated(20), rated(40), rated(12), rated(8, 'like', 3), rated(21, 'dislike')];

describe('policies', () => {
  const likes = opened(...LIKES);
  const list = (policy: LanguagePolicy) => likes.recommend({ count: 10, policy });

  test('any: of the liked topic, in all languages, none of them rated', async () => {
    const { items: best, basis, candidates } = await list({ mode: 'any' });
    expect(basis).toBe('profile');
    expect(candidates).toBe(COUNT - LIKES.length);
    expect(best.every(({ item }) => item.categories[0] === 'topic 0' && !likes.events.has(item.id))).toBe(true);
    expect(best.every(({ score }, place) => place === 0 || score <= (best[place - 1]?.score ?? 0))).toBe(true);
    expect(best.every((one) => !('reasons' in one))).toBe(true);
  });

  test.each([0, 0.3, 0.5, 1])('prefer with share %d has that many in the languages', async (share) => {
    const languages = tags(await list({ mode: 'prefer', languages: ['en', 'sw'], share }));
    expect(languages).toHaveLength(10);
    expect(count(languages, 'en', 'en-GB', 'sw')).toBe(10 * share);
  });

  test('only: no other language, and candidates are counted within', async () => {
    const answer = await list({ mode: 'only', languages: ['pt'] });
    expect(tags(answer)).toEqual(Array.from({ length: 10 }, () => 'pt-BR'));
    expect(answer.candidates).toBe(COUNT / TAGS.length - LIKES.filter(({ itemId }) => Number(itemId.slice(1)) % 5 === 3).length);
  });

  test('mix: the languages of the likes in their proportion, variants of one language together', async () => {
    // en: 0, 20, 40; de: 12; pt-BR: 8, three days old: 3 : 1 : 0.99 of ten places are 6, 2 and 2.
    const languages = tags(await list({ mode: 'mix' }));
    expect([count(languages, 'en', 'en-GB'), count(languages, 'de'), count(languages, 'pt-BR')]).toEqual([6, 2, 2]);
  });

  test('a start without likes follows the policy too', async () => {
    const start = opened();
    expect((await start.recommend({ count: 10 })).basis).toBe('sample');
    expect(new Set(tags(await start.recommend({ count: 10 }))).size).toBe(5);
    expect(count(tags(await start.recommend({ count: 10, policy: { mode: 'prefer', languages: ['de'], share: 0.4 } })), 'de')).toBe(4);
    expect(count(tags(await start.recommend({ count: 10, policy: { mode: 'only', languages: ['de'] } })), 'de')).toBe(10);
    expect((await start.recommend({ count: 10, policy: { mode: 'mix' } })).items).toHaveLength(10);
  });

  test('a search follows the policy and finds rated items', async () => {
    const query = likes.vectors(['i0' as ItemId]);
    expect((await likes.nearest(query, { count: 1 })).items[0]?.item.id).toBe('i0');
    expect(count(tags(await likes.nearest(query, { count: 10, policy: { mode: 'prefer', languages: ['sw'], share: 0.5 } })), 'sw')).toBe(5);
    await expect(list({ mode: 'prefer', languages: ['sw'], share: 2 })).rejects.toThrowError(/policy.share is 2/);
  });
});

describe('rules and variety', () => {
  const likes = opened(...LIKES);
  const ofTopic = (topic: number): RuleTarget => ({ categories: [`topic ${topic}`] });
  const topicsOf = ({ items: list }: Awaited<ReturnType<typeof likes.recommend>>) => list.map(({ item }) => Number(item.categories[0]?.slice(6)));
  const PREFER: LanguagePolicy = { mode: 'prefer', languages: ['sw'], share: 0.3 };
  const mean = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;

  test('what is excluded is gone and not counted, what is boosted comes up, what is pinned stands first even when rated', async () => {
    const without = await likes.recommend({ count: 10, rules: [{ rule: 'exclude', where: ofTopic(0) }] });
    expect(topicsOf(without)).not.toContain(0);
    expect(without.candidates).toBe(COUNT - LIKES.length - (COUNT / TOPICS - 5));
    const up = await likes.recommend({ count: 10, rules: [{ rule: 'boost', by: 1, where: ofTopic(2) }] });
    expect(topicsOf(up)).toEqual(Array.from({ length: 10 }, () => 2));
    const pinned = await likes.recommend({ count: 3, rules: [{ rule: 'pin', items: ['i0', 'i3'] }] });
    expect(pinned.items.map(({ item }) => item.id).slice(0, 2)).toEqual(['i0', 'i3']);
  });

  test('shares of languages hold with all of them at once, in lists, starts and searches', async () => {
    const options: RecommendOptions = {
      count: 10,
      policy: PREFER,
      diversity: 0.4,
      rules: [
        { rule: 'pin', items: ['i7', 'i4'] },
        { rule: 'exclude', where: { items: ['i24'] } },
        { rule: 'boost', by: -0.5, where: { languages: ['sw'] } },
        { rule: 'limit', atMost: 4 },
      ],
    };
    for (const answer of [
      await likes.recommend(options),
      await opened().recommend(options),
      await likes.nearest(likes.vectors(['i0' as ItemId]), options),
    ]) {
      expect(answer.items.map(({ item }) => item.id).slice(0, 2)).toEqual(['i7', 'i4']);
      expect(count(tags(answer), 'sw')).toBe(3);
      expect(tags(answer)).toHaveLength(10);
      for (const topic of [0, 1, 2, 3]) expect(topicsOf(answer).filter((one) => one === topic).length).toBeLessThanOrEqual(4);
    }
  });

  test('variety: items of the list resemble each other less, and mix keeps its numbers', async () => {
    const likeness = async (diversity: number) => {
      const { items: list } = await likes.recommend({ count: 10, diversity, policy: { mode: 'mix' } });
      const languages = list.map(({ item }) => item.language);
      expect([count(languages, 'en', 'en-GB'), count(languages, 'de'), count(languages, 'pt-BR')]).toEqual([6, 2, 2]);
      const vectors = list.map(({ item }) => likes.vectors([item.id]));
      return mean(vectors.flatMap((a, i) => vectors.slice(i + 1).map((b) => a.reduce((sum, value, j) => sum + value * (b[j] ?? 0), 0))));
    };
    const [plain, some, much] = [await likeness(0), await likeness(0.3), await likeness(0.7)];
    expect(some).toBeLessThan(plain);
    expect(much).toBeLessThan(some);
  });

  test('what makes no sense is refused by name', async () => {
    await expect(likes.recommend({ count: 10, diversity: 2 })).rejects.toThrowError(/diversity is 2; give a number from 0/);
    await expect(likes.nearest(likes.vectors(['i0' as ItemId]), { count: 10, rules: [{ rule: 'limit', atMost: 0.5 }] })).rejects.toThrowError(
      /rules.0.atMost is 0.5/,
    );
  });
});

describe('fusion of languages', () => {
  // Topic 0 is liked in English, topic 1 in German.
  const events = [rated(0), rated(20), rated(40), rated(60), rated(17), rated(37), rated(57), rated(77)];
  const likes = opened(...events);

  test.each(['own-language', 'shared', 'rank', 'learned'] as const)('%s finds both tastes, shares hold, and reasons are checked', async (fusion) => {
    const { items: list } = await likes.recommend({ count: 20, fusion, policy: { mode: 'prefer', languages: ['de'], share: 0.5 }, reasons: true });
    expect(list.map(({ item }) => item.language).filter((tag) => tag === 'de')).toHaveLength(10);
    expect(list.every(({ item }) => ['topic 0', 'topic 1'].includes(item.categories[0] ?? ''))).toBe(true);
    const named = list.filter(({ reasons = [] }) => reasons.length > 0);
    if (fusion === 'rank') expect(named).toHaveLength(0);
    else expect(named.length).toBeGreaterThan(5);
    for (const { score, item, reasons = [] } of fusion === 'learned' ? [] : named.slice(0, 4)) {
      const left = reasons[0]?.item.id;
      const again = await opened(...events.filter(({ itemId }) => itemId !== left)).recommend({ count: COUNT, fusion });
      expect(again.items.find((one) => one.item.id === item.id)?.score).toBeLessThan(score - 0.002);
    }
  });

  test('by rank, a row has one score whatever else is asked for', async () => {
    const all = (await likes.recommend({ count: COUNT, fusion: 'rank' })).items;
    const some = (await likes.recommend({ count: COUNT, fusion: 'rank', policy: { mode: 'only', languages: ['sw'] } })).items;
    const scores = new Map(all.map(({ item, score }) => [item.id, score]));
    expect(some.length).toBeGreaterThan(40);
    for (const { item, score } of some) expect(score).toBe(scores.get(item.id));
  });
});

test('old likes count less than new ones', async () => {
  const of = async (ageOfTopic0: number, ageOfTopic1: number) => {
    const { items: best } = await opened(rated(0, 'like', ageOfTopic0), rated(1, 'like', ageOfTopic1)).recommend({ count: 20 });
    return best.filter(({ item }) => item.categories[0] === 'topic 1').length;
  };
  expect(await of(720, 0)).toBeGreaterThan(await of(0, 720));
});

describe('reasons', () => {
  const events = [rated(0), rated(16), rated(1), rated(5), rated(2, 'dislike')];
  const list = async (...left: string[]) => {
    const kept = events.filter(({ itemId }) => !left.includes(itemId));
    return (await opened(...kept).recommend({ count: 12, reasons: true })).items;
  };
  async function scoreOf(id: string, left: string[]): Promise<number> {
    const all = await opened(...events.filter(({ itemId }) => !left.includes(itemId))).recommend({ count: COUNT });
    return all.items.find(({ item }) => item.id === id)?.score ?? Number.NaN;
  }

  test('an item of a topic is carried by likes of that topic, never by a dislike', async () => {
    const said = await list();
    expect(said.filter(({ reasons }) => (reasons?.length ?? 0) > 0).length).toBeGreaterThan(6);
    for (const { item, reasons = [] } of said) {
      expect(reasons.length).toBeLessThanOrEqual(3);
      for (const reason of reasons) expect(events.find(({ itemId }) => itemId === reason.item.id)?.kind).toBe('like');
      if (reasons[0]) expect(reasons[0].item.categories).toEqual(item.categories);
    }
  });

  test('scored again by a catalogue that never had the ratings named, the item scores less', async () => {
    for (const { item, score, reasons = [] } of (await list()).slice(0, 6)) {
      for (const reason of reasons) expect(await scoreOf(item.id, [reason.item.id])).toBeLessThan(score - 0.002);
    }
  });

  test('nothing is said of a start', async () => {
    const { items: start } = await opened().recommend({ count: 3, reasons: true });
    expect(start.every(({ reasons = [] }) => reasons.length === 0)).toBe(true);
  });
});

describe('what is widely known', () => {
  const known = (row: number): number => 10 ** ((row * 7) % 5);
  const withCounts = (counts: boolean): CatalogueLists => {
    const stated = items.map((item, row) => (counts ? { ...item, popularity: known(row) } : item));
    const table = new ItemTable(
      stated,
      stated.map(() => ''),
      model.adapter,
      createCpuBackend(),
    );
    table.setRefined([...items.keys()], raw);
    return new CatalogueLists(scopeWith({ table, model, nowMs: () => NOW }), LIKES, undefined);
  };
  const meanCount = ({ items: list }: Pick<RecommendationList, 'items'>): number =>
    list.reduce((sum, { item }) => sum + Math.log10(known(Number(item.id.slice(1)))), 0) / list.length;

  test('familiarity moves lists between hidden finds and the well known, and reasons still name likes', async () => {
    const lists = withCounts(true);
    const [hidden, plain, familiar] = await Promise.all([-1, 0, 1].map((familiarity) => lists.recommend({ count: 10, familiarity, reasons: true })));
    if (!hidden || !plain || !familiar) throw new Error('three lists');
    expect(meanCount(hidden)).toBeLessThan(meanCount(plain));
    expect(meanCount(plain)).toBeLessThan(meanCount(familiar));
    const liked = new Set(LIKES.flatMap(({ itemId, kind }) => (kind === 'like' ? [itemId] : [])));
    const reasons = plain.items.flatMap(({ reasons: own = [] }) => own);
    for (const { item } of reasons) expect(liked.has(item.id)).toBe(true);
  });

  test('a catalogue without counts is ranked as if there were no such option', async () => {
    const lists = withCounts(false);
    const ids = async (familiarity: number) => (await lists.recommend({ count: 12, familiarity })).items.map(({ item, score }) => [item.id, score]);
    expect(await ids(1)).toEqual(await ids(0));
    expect(await ids(-1)).toEqual(await ids(0));
  });
});

test('the gate of training compares heads by the scores of the list', async () => {
  const lists = opened(...LIKES);
  const { items: list } = await lists.recommend({ count: 20 });
  const ids = list.map(({ item }) => item.id);
  const scores = lists.listScorer(LIKES, ids)(plainHead(DIMENSIONS));
  for (const [place, { score }] of list.entries()) expect(scores?.[place]).toBeCloseTo(score, 5);
});
