import { expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { buildLog } from '../log.ts';
import { smallItems, smallLog } from '../testing/small-log.ts';
import type { InteractionLog, Split } from '../types.ts';
import { coldItems, coldLanguage } from './by-item.ts';
import { globalTemporal } from './by-time.ts';
import { fewRatings, kFoldUsers, leaveLastOut } from './by-user.ts';
import { drawLanguages, drawSides, languageMasked } from './language-masked.ts';
import { assertNoLeakage } from './leakage.ts';

const ITEMS = smallItems(80);
const LOG = smallLog(120, 80);
const LANGUAGES = ITEMS.map(({ language }) => language);

const trainRow = ({ train }: Split, user: number): number[] => [...train.items.subarray(train.offsets[user], train.offsets[user + 1])];
const logOf = (rows: readonly [user: string, item: number, timeMs?: number, weight?: number][], itemCount: number): InteractionLog =>
  buildLog(
    rows.map(([user, item, timeMs = Number.NaN, weight = 1]) => ({ user, item, timeMs, weight, position: 0 })),
    itemCount,
  ).log;

const ALL: Record<string, (seed: number) => Split[]> = {
  leaveLastOut: (seed) => [leaveLastOut(LOG, { seed })],
  kFoldUsers: (seed) => kFoldUsers(LOG, { seed }),
  globalTemporal: (seed) => [globalTemporal(LOG, { seed })],
  coldItems: (seed) => [coldItems(LOG, { seed }), coldItems(LOG, { seed, candidates: 'all' })],
  coldLanguage: (seed) => [
    coldLanguage(LOG, LANGUAGES, { seed, language: 'pt' }),
    coldLanguage(LOG, LANGUAGES, { seed, language: 'zh', candidates: 'cold' }),
  ],
  fewRatings: (seed) => fewRatings(LOG, { seed }),
  languageMasked: (seed) => languageMasked(LOG, ITEMS, { seed, historyCount: 2 }),
};

test.each(Object.keys(ALL))('%s: no leak, the same for the same seed', (name) => {
  const make = ALL[name];
  if (!make) throw new Error(name);
  for (const split of make(1)) assertNoLeakage(split, LOG);
  expect(make(5)).toEqual(make(5));
  if (name !== 'leaveLastOut' && name !== 'globalTemporal' && name !== 'coldLanguage') expect(make(5)[0]?.cases).not.toEqual(make(6)[0]?.cases);
});

test('leave last out holds out the latest; users with one item are counted and stay in training', () => {
  const log = logOf(
    [
      ['u', 0, 30],
      ['u', 1, 10],
      ['u', 2, 20],
      ['v', 3, 1],
      ['w', 0, 1, -1],
      ['w', 1, 2],
    ],
    4,
  );
  const split = leaveLastOut(log, { seed: 1 });
  expect(split.cases.map(({ user, history, relevant }) => [user, [...history], [...relevant]])).toEqual([[0, [1, 2], [0]]]);
  expect([trainRow(split, 0), trainRow(split, 1), trainRow(split, 2)]).toEqual([[1, 2], [3], [1]]);
  expect(split.leftOutUsers).toBe(2);
});

test('leave last out draws where times are missing or shared, so that the file order decides nothing', () => {
  const untimed = logOf(
    [
      ['u', 0],
      ['u', 1],
      ['u', 2],
    ],
    3,
  );
  const held = new Set(Array.from({ length: 40 }, (_, seed) => leaveLastOut(untimed, { seed }).cases[0]?.relevant[0]));
  expect(held).toEqual(new Set([0, 1, 2]));
  const shared = logOf(
    [
      ['u', 0, 5],
      ['u', 1, 9],
      ['u', 2, 9],
    ],
    3,
  );
  expect(new Set(Array.from({ length: 40 }, (_, seed) => leaveLastOut(shared, { seed }).cases[0]?.relevant[0]))).toEqual(new Set([1, 2]));
});

test('every user is in one fold; a fold is unseen; histories have the share asked for', () => {
  const splits = kFoldUsers(LOG, { seed: 3, folds: 4, historyShare: 0.5 });
  const tested = splits.flatMap(({ cases }) => cases.map(({ user }) => user));
  expect(tested.toSorted((a, b) => a - b)).toEqual([...new Set(tested)].toSorted((a, b) => a - b));
  expect(tested.length + splits.reduce((sum, { leftOutUsers = 0 }) => sum + leftOutUsers, 0)).toBe(120);
  for (const split of splits) {
    for (const { user, history, relevant } of split.cases) {
      expect(trainRow(split, user)).toEqual([]);
      expect(Math.abs(history.length - relevant.length)).toBeLessThanOrEqual(1);
    }
  }
});

test('the temporal cut is by share of interactions; users on one side only have no case', () => {
  const log = logOf(
    [
      ['u', 0, 1],
      ['u', 1, 4],
      ['v', 2, 2],
      ['v', 0, 3],
      ['w', 1, 5],
      ['u', 3],
    ],
    4,
  );
  const split = globalTemporal(log, { seed: 1, trainShare: 0.6 });
  expect(split.promises?.cutMs).toBe(4);
  expect(split.cases.map(({ user, history, relevant }) => [user, [...history], [...relevant]])).toEqual([[0, [0], [1]]]);
  expect([trainRow(split, 0), trainRow(split, 1), trainRow(split, 2)]).toEqual([[0], [0, 2], []]);
  expect(() =>
    globalTemporal(
      logOf(
        [
          ['u', 0],
          ['u', 1],
        ],
        2,
      ),
      { seed: 1 },
    ),
  ).toThrow(/have no times/);
});

test('cold items are the share asked for, the same with both kinds of candidates', () => {
  const only = coldItems(LOG, { seed: 2, share: 0.25 });
  const all = coldItems(LOG, { seed: 2, share: 0.25, candidates: 'all' });
  const liked = new Set(LOG.item).size;
  expect(only.candidates?.reduce((sum, one) => sum + one, 0)).toBe(Math.ceil(0.25 * liked));
  expect(all.candidates).toBeUndefined();
  expect(all.cases).toEqual(only.cases);
  expect([only.name, all.name]).toEqual(['cold-items', 'cold-items-among-all']);
});

test('a cold language takes its regional forms with it', () => {
  const split = coldLanguage(LOG, LANGUAGES, { seed: 1, language: 'pt' });
  const held = new Set(split.cases.flatMap(({ relevant }) => Array.from(relevant, (row) => LANGUAGES[row])));
  expect(held).toEqual(new Set(['pt', 'pt-BR']));
  expect([...split.train.items].some((row) => LANGUAGES[row]?.startsWith('pt'))).toBe(false);
});

test('few ratings: the same users and relevant items for every n, histories that grow', () => {
  const [one, two, five] = fewRatings(LOG, { seed: 4, counts: [1, 2, 5], testShare: 0.5 });
  if (!one || !two || !five) throw new Error('three splits');
  expect([one.cases[0]?.history.length, two.cases[0]?.history.length, five.cases[0]?.history.length]).toEqual([1, 2, 5]);
  one.cases.forEach(({ user, history, relevant, excluded }, at) => {
    expect(five.cases[at]?.user).toBe(user);
    expect(five.cases[at]?.relevant).toEqual(relevant);
    expect([...(five.cases[at]?.history ?? [])].toSorted()).toEqual([...history, ...(excluded ?? [])].toSorted());
  });
  expect(one.cases.length + (one.leftOutUsers ?? 0)).toBe(60);
  expect(five.cases[0]?.excluded).toBeUndefined();
});

test('each item is drawn in one of its languages', () => {
  const drawn = drawLanguages(ITEMS, seededRandom(1));
  ITEMS.forEach((item, row) => {
    expect([item.language, ...Object.keys(item.translations ?? {})]).toContain(drawn[row]);
  });
});

test('sides share no language, keep regional forms together, are nearly equal, and change with the seed', () => {
  const drawn = drawLanguages(ITEMS, seededRandom(1));
  const partitions = new Set<string>();
  for (let seed = 0; seed < 20; seed++) {
    const { a, b, sideOf } = drawSides(drawn, seededRandom(seed));
    expect([...a, ...b].toSorted()).toEqual([...new Set(drawn)].toSorted());
    expect(a.includes('pt')).toBe(a.includes('pt-BR'));
    const onA = sideOf.filter((side) => side === 0).length;
    expect(Math.abs(2 * onA - drawn.length)).toBeLessThanOrEqual(drawn.length / 4);
    partitions.add(a.join());
  }
  expect(partitions.size).toBeGreaterThan(1);
});

test('masked: cross and same ask the same users for the same items; only the language of the history differs', () => {
  const splits = languageMasked(LOG, ITEMS, { seed: 9, historyCount: 3, fold: 0 });
  expect(splits.map(({ name }) => name)).toEqual(
    ['cross-a-to-b', 'same-a-to-b', 'cross-b-to-a', 'same-b-to-a'].map((end) => `language-masked-${end}`),
  );
  const [cross, same, back] = splits;
  if (!cross || !same || !back) throw new Error('four splits');
  expect(cross.candidates).toEqual(same.candidates);
  cross.cases.forEach((one, at) => {
    expect(one.user).toBe(same.cases[at]?.user);
    expect(one.relevant).toEqual(same.cases[at]?.relevant);
    expect(one.excluded).toEqual(same.cases[at]?.history);
    expect([one.history.length, same.cases[at]?.history.length]).toEqual([3, 3]);
  });
  expect(cross.promises?.historyLanguages).toEqual(back.promises?.candidateLanguages);
  expect(same.promises?.historyLanguages).toEqual(same.promises?.candidateLanguages);
  expect(cross.cases.length + (cross.leftOutUsers ?? 0)).toBe(24);
});

test('a split without users is an error that says what to do', () => {
  const log = logOf(
    [
      ['u', 0, 1],
      ['v', 1, 2],
    ],
    2,
  );
  const items = ITEMS.slice(0, 2);
  for (const make of [
    () => leaveLastOut(log, { seed: 1 }),
    () => kFoldUsers(log, { seed: 1, folds: 2 }),
    () => coldItems(log, { seed: 1 }),
    () => fewRatings(log, { seed: 1 }),
    () => languageMasked(log, items, { seed: 1 }),
    () => coldLanguage(log, ['xx', 'yy'], { seed: 1, language: 'de' }),
  ]) {
    expect(make).toThrow(expect.objectContaining({ code: 'evaluation-empty' }));
  }
  expect(() => kFoldUsers(log, { seed: 1, folds: 1 })).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  expect(() => coldItems(log, { seed: 1, share: 1.5 })).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  expect(() => languageMasked(LOG, items, { seed: 1 })).toThrow(/80 items, but 2 were given/);
});
