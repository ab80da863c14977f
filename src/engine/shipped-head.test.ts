// The owner's head in an engine: what it is worth to a new visitor, and that whatever is wrong with it costs nothing else.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ItemId } from '../base/types.ts';
import { readHeadFile } from '../head/head-file.ts';
import { writeHeadFile } from '../owner/head-file-writer.ts';
import { tasteScorer } from '../owner/taste-scorer.ts';
import { items, mostLiked, newVisitors, ownerHead, ownerModel, ownerVectors, TOPICS, topicFeatures } from '../owner/testing/owner-world.ts';
import type { EngineSettings, EngineStatus } from '../protocol/engine-api.ts';
import { IDLE_STATUS } from '../protocol/idle-status.ts';
import { Engine } from './engine.ts';
import { StatusBoard } from './runtime.ts';
import { loadShippedHead } from './shipped-head.ts';

const SITE = 'https://shop.example/';
const CATALOGUE = `${SITE}items.ndjson`;
const SETTINGS: EngineSettings = {
  modelUrl: `${SITE}model/`,
  encoder: 'auto',
  speed: 'refined',
  quickModelUrl: '',
  databaseName: 'shipped-head',
  modelKind: 'manifest',
};
const headText = await ownerHead();
const files = new Map<string, string>();
const idOf = (row: number): ItemId => `i${row}` as ItemId;

beforeEach(() => {
  files.clear();
  files.set(CATALOGUE, items.map(({ id, title, language, categories }) => JSON.stringify({ id, title, language, categories })).join('\n'));
  files.set(`${SITE}head.json`, headText);
  vi.stubGlobal('fetch', async (url: string) => {
    const text = files.get(url);
    return text === undefined ? new Response('', { status: 404 }) : new Response(text, { headers: { 'content-type': 'application/json' } });
  });
});
afterEach(() => vi.unstubAllGlobals());

/** An engine that has encoded the shop. */
async function shop(head?: string, fingerprint?: string) {
  let status: EngineStatus = IDLE_STATUS;
  let ready = (): void => undefined;
  const engine = new Engine({ loadModel: async () => ownerModel(fingerprint), nowMs: () => Date.UTC(2026, 5, 1), random: () => 0.5 });
  const told = (next: EngineStatus): void => {
    status = next;
    if (next.phase === 'ready') ready();
  };
  await engine.start(SETTINGS, told, () => undefined);
  const open = async (file?: string): Promise<void> => {
    const done = new Promise<void>((resolve) => {
      ready = resolve;
    });
    await engine.openCatalogue({ kind: 'url', url: CATALOGUE, ...(file === undefined ? {} : { headUrl: `${SITE}${file}` }) });
    await done;
    await engine.stopEncoding(); // and what follows it
  };
  await open(head);
  const notices = (): string[] => status.notices.filter(({ code }) => code === 'head-unusable').map(({ text }) => text);
  return { engine, open, notices };
}

/** Share of what new visitors like besides two items that is in their first ten. */
async function found(engine: Engine): Promise<number> {
  let sum = 0;
  for (const { said, others } of newVisitors) {
    for (const row of said) await engine.rate(idOf(row), 'like');
    const best = await engine.recommend({ count: 10 });
    sum += best.items.filter(({ item }) => others.some((row) => idOf(row) === item.id)).length / others.length;
    for (const row of said) await engine.rate(idOf(row), null);
  }
  return sum / newVisitors.length;
}

/** The owner's file with other weights of the blend. */
async function weighted(weights: { head: number; prior: number; itemItem: number }): Promise<string> {
  const file = await readHeadFile(headText);
  return writeHeadFile({ ...file, ...(file.log && { log: { ...file.log, weights: [{ upTo: null, ...weights }] } }) });
}

describe('in the engine', () => {
  test('a new visitor with two likes is served better than by likes and texts alone, and better with the log than by the head alone', async () => {
    const { log: _, ...alone } = await readHeadFile(headText);
    files.set(`${SITE}alone.json`, await writeHeadFile(alone));
    const [head, owner] = [await shop('alone.json'), await shop('head.json')];
    // The planted categories are the topics that people like; this head knows texts alone.
    files.set(CATALOGUE, items.map(({ id, title, language }) => JSON.stringify({ id, title, language })).join('\n'));
    const plain = await shop();
    expect(owner.notices()).toEqual([]);
    expect((await owner.engine.heads()).records[0]?.id).toBe((await owner.engine.heads()).activeId);
    const [byLikes, byHead, byOwner] = [await found(plain.engine), await found(head.engine), await found(owner.engine)];
    expect(byHead).toBeGreaterThan(byLikes + 0.02);
    expect(byOwner).toBeGreaterThan(byHead + 0.02);
  });

  test('a head of another encoder is said and the profile ranks as without it', async () => {
    const [plain, other] = [await shop(), await shop('head.json', 'another encoder')];
    expect(other.notices()).toEqual([
      expect.stringMatching(
        /^The head https:\/\/shop\.example\/head\.json was trained on vectors of the encoder planted .*another encoder.*Your likes alone rank\.$/,
      ),
    ]);
    for (const { engine } of [plain, other]) for (const row of [4, 12]) await engine.rate(idOf(row), 'like');
    const list = async ({ engine }: typeof plain) => (await engine.recommend({ count: 10 })).items;
    expect(await list(other)).toEqual(await list(plain));
  });

  test('a start shows what most people like, in every language in turn', async () => {
    const { engine } = await shop('head.json');
    const { items: start, basis } = await engine.recommend({ count: 8 });
    expect(basis).toBe('sample');
    expect(start.filter(({ item }) => item.language === 'de')).toHaveLength(4);
    const popular = (language: string) => mostLiked().find((row) => items[row]?.language === language) ?? -1;
    expect(
      start
        .slice(0, 2)
        .map(({ item }) => item.id)
        .sort(),
    ).toEqual([popular('en'), popular('de')].map(idOf).sort());
    expect(new Set(start.flatMap(({ item }) => item.categories)).size).toBe(TOPICS);
  });

  test('what a visitor trained from one head is not used beside the next', async () => {
    const { engine, open } = await shop('head.json');
    for (let like = 0; like < 6; like++) await engine.rate(idOf(like * TOPICS), 'like');
    await engine.train(60_000);
    expect((await engine.heads()).records).toHaveLength(2);
    files.set(`${SITE}next.json`, await ownerHead({ createdMs: Date.UTC(2026, 2, 1) }));
    await open('next.json');
    expect((await engine.heads()).records.map(({ id }) => id)).toEqual([(await engine.heads()).activeId]);
    await open('head.json');
    expect((await engine.heads()).records).toHaveLength(2);
  });

  test('a boost and variety weigh the same beside a log, whose scores are in other units', async () => {
    const { log: _, ...alone } = await readHeadFile(headText);
    files.set(`${SITE}alone.json`, await writeHeadFile(alone));
    files.set(`${SITE}only-head.json`, await weighted({ head: 1, prior: 0, itemItem: 0 }));
    const lists = async (file: string) => {
      const { engine } = await shop(file);
      for (const row of [0, 4, 9]) await engine.rate(idOf(row), 'like');
      const of = async (options: object) => (await engine.recommend({ count: 12, ...options })).items.map(({ item }) => item.id);
      const boost = { rule: 'boost', by: 0.2, where: { categories: ['topic 2'] } } as const;
      return [await of({}), await of({ diversity: 0.3 }), await of({ rules: [boost] }), await of({ diversity: 0.3, rules: [boost] })];
    };
    const [byHead, byBlend] = [await lists('alone.json'), await lists('only-head.json')];
    expect(byBlend).toEqual(byHead);
    expect(new Set(byHead.map(String)).size).toBe(4);
  });

  test("the owner's weights stay when a visitor's tuned head takes the place of the owner's", async () => {
    const { log: _, ...alone } = await readHeadFile(headText);
    files.set(`${SITE}alone.json`, await writeHeadFile(alone));
    files.set(`${SITE}only-head.json`, await weighted({ head: 1, prior: 0, itemItem: 0 }));
    files.set(`${SITE}only-log.json`, await weighted({ head: 0, prior: 1, itemItem: 1 }));
    const lists = async (file: string) => {
      const { engine } = await shop(file);
      for (const row of [0, 4, 9, 14]) await engine.rate(idOf(row), 'like');
      const list = async () => (await engine.recommend({ count: 30 })).items.map(({ item }) => item.id);
      const before = await list();
      const { id } = await engine.train(60_000);
      await engine.restoreHead(id);
      return { before, after: await list() };
    };
    const [byHead, byBlend, byLog] = [await lists('alone.json'), await lists('only-head.json'), await lists('only-log.json')];
    expect(byHead.after).not.toEqual(byHead.before);
    expect(byBlend).toEqual(byHead); // the tuned head's scores are standardised as the owner's were
    expect(byLog.after).toEqual(byLog.before);
  });

  test('reasons hold when the like that they name is taken back', async () => {
    files.set(`${SITE}even.json`, await weighted({ head: 1, prior: 0.3, itemItem: 1 }));
    const { engine } = await shop('even.json');
    for (const row of [0, 4, 1, 9]) await engine.rate(idOf(row), 'like');
    const { items: best } = await engine.recommend({ count: 10, reasons: true });
    const said = best.flatMap(({ item, score, reasons = [] }) => reasons.slice(0, 1).map((reason) => ({ item, score, named: reason.item })));
    expect(said.length).toBeGreaterThan(4);
    for (const { item, score, named } of said) {
      await engine.rate(named.id, null);
      const without = (await engine.recommend({ count: items.length })).items.find((one) => one.item.id === item.id);
      expect(without?.score).toBeLessThan(score - 0.009);
      await engine.rate(named.id, 'like');
    }
  });
});

describe('trained on topics beside the text', () => {
  const withTopics = ownerHead({ features: topicFeatures });
  const vectors = ownerVectors(true);
  const d = vectors.length / items.length;

  beforeEach(async () => {
    const { log: _, ...alone } = await readHeadFile(await withTopics);
    files.set(`${SITE}topics.json`, await withTopics);
    files.set(`${SITE}alone.json`, await writeHeadFile(alone, { type: 'float32' }));
  });

  test('the page lists what the training scores highest, in its order', async () => {
    const { engine, notices } = await shop('alone.json');
    const { shape, parameters } = await readHeadFile(files.get(`${SITE}alone.json`) ?? '');
    expect(shape.dimensions).toBe(d);
    const scoresOf = tasteScorer({ shape, parameters }, vectors, 1 - topicFeatures.share);
    // Likes in one language weigh the same for every language, as in the training.
    const oneLanguage = newVisitors.filter(({ said }) => new Set(said.map((row) => items[row]?.language)).size === 1);
    expect(oneLanguage.length).toBeGreaterThan(2);
    for (const { said } of oneLanguage.slice(0, 6)) {
      for (const row of said) await engine.rate(idOf(row), 'like');
      const scores = scoresOf(said);
      const expected = [...items.keys()].filter((row) => !said.includes(row)).sort((a, b) => (scores[b] as number) - (scores[a] as number));
      const { items: best } = await engine.recommend({ count: 20 });
      expect(best.map(({ item }) => item.id)).toEqual(expected.slice(0, 20).map(idOf));
      for (const row of said) await engine.rate(idOf(row), null);
    }
    expect(notices()).toEqual([]);
  });

  test('with topics the training ranks held-out users better, and new visitors no worse without the log', async () => {
    const { log: _, ...textAlone } = await readHeadFile(headText);
    const withoutTopics = textAlone.training.heldOut.best;
    expect((await readHeadFile(await withTopics)).training.heldOut.best).toBeGreaterThan(withoutTopics + 0.01);
    files.set(`${SITE}text.json`, await writeHeadFile(textAlone));
    const [byText, byTopics] = [await shop('text.json'), await shop('alone.json')];
    expect(await found(byTopics.engine)).toBeGreaterThanOrEqual(await found(byText.engine));
  });

  test('a visitor trains from it, goes back to it, is asked questions and told reasons', async () => {
    const { engine, notices } = await shop('topics.json');
    for (let like = 0; like < 8; like++) await engine.rate(idOf(like * TOPICS), 'like');
    const made = await engine.train(60_000);
    const { records, activeId } = await engine.heads();
    expect(records.map(({ id }) => id)).toEqual([made.id, 'start']);
    expect(activeId).toBe(made.installed ? made.id : 'start');
    expect(made.heldOutNdcg).toBeGreaterThan(0);
    await engine.restoreHead('start');
    expect((await engine.heads()).activeId).toBe('start');
    const { items: best } = await engine.recommend({ count: 5, reasons: true });
    expect(best.filter(({ reasons = [] }) => reasons.length > 0).length).toBeGreaterThan(0);
    expect(await engine.suggestQuestions(4)).toHaveLength(4);
    expect((await engine.search('item 7', { count: 3 })).items).toHaveLength(3);
    expect(notices()).toEqual([]);
  });
});

describe('what is wrong with it is one sentence', () => {
  async function load({ text = headText, catalogue = items }: { text?: string; catalogue?: typeof items } = {}) {
    const board = new StatusBoard(
      () => undefined,
      () => 0,
    );
    const scope = { model: ownerModel(), board, signal: new AbortController().signal };
    const shipped = await loadShippedHead('h.json', catalogue, scope, async () => text);
    return { shipped, said: board.status.notices.map((notice) => notice.text) };
  }

  test('nothing, where all is well', async () => {
    const { shipped, said } = await load();
    expect(said).toEqual([]);
    expect(shipped?.head.shape.dimensions).toBe(12);
    expect(shipped?.blend?.prior).toHaveLength(items.length);
  });

  test('changed, missing, no JSON', async () => {
    const cases: [Parameters<typeof load>[0], RegExp][] = [
      [{ text: headText.replace('"users": 150', '"users": 151') }, /was changed after it was written.*Copy it again/],
      [{ text: '{' }, /is no JSON/],
    ];
    for (const [change, sentence] of cases) {
      const { shipped, said } = await load(change);
      expect(shipped).toBeUndefined();
      expect(said).toEqual([expect.stringMatching(sentence)]);
    }
    const { notices } = await shop('nowhere.json');
    expect(notices()).toEqual(['The head https://shop.example/nowhere.json is missing. Check its address, or leave it out. Your likes alone rank.']);
  });

  test('trained on categories, and the catalogue has none', async () => {
    const text = await ownerHead({ features: topicFeatures });
    const { shipped, said } = await load({ text, catalogue: items.map((item) => ({ ...item, categories: [] })) });
    expect(shipped).toBeUndefined();
    expect(said).toEqual([
      expect.stringMatching(
        /^The head h\.json was trained with categories beside the text, and none of the 160 items has any\. .*without --features\. Your likes alone rank\.$/,
      ),
    ]);
    expect((await load({ text })).said).toEqual([]);
  });

  test('of another catalogue: the head ranks without its log', async () => {
    const { shipped, said } = await load({ catalogue: items.slice(0, 1).map((item) => ({ ...item, id: 'x' as ItemId })) });
    expect(said).toEqual([expect.stringMatching(/knows none of the 1 items/)]);
    expect(shipped?.head).toBeDefined();
    expect(shipped?.blend).toBeUndefined();
  });
});
