// The one scorer: what a list shows, what reasons are checked by and what the gate of training compares are the same numbers.
import { describe, expect, test } from 'vitest';
import { gaussian, seededRandom } from '../base/random.ts';
import type { FeedbackEvent, FeedbackKind, Item, ItemId } from '../base/types.ts';
import { createCpuBackend } from '../compute/cpu/cpu-backend.ts';
import { normalizeRows } from '../compute/cpu/linear.ts';
import { createWasmBackend } from '../compute/wasm/wasm-backend.ts';
import { readerInterests } from '../feedback/interests.ts';
import { plainHead } from '../head/fine-tune.ts';
import { bitsetOf, bitsetWhere } from '../index/bitset.ts';
import { ItemTable } from '../index/item-table.ts';
import { identityAdapter } from '../language/adapter.ts';
import { catalogueFeatures, rankedRows, rowFeatures } from './ranked-rows.ts';
import { Taste } from './taste.ts';

const D = 24;
const ROWS = 300;
const LANGUAGES = ['en', 'de', 'sw'];
const idOf = (row: number): ItemId => `i${row}` as ItemId;
const random = seededRandom(4);
const centres = Array.from({ length: 6 }, () => Float32Array.from({ length: D }, () => gaussian(random)));
const items: Item[] = Array.from({ length: ROWS }, (_, row) => ({
  id: idOf(row),
  language: LANGUAGES[row % 3] as string,
  title: `${row}`,
  description: '',
  categories: row % 5 === 0 ? [] : [`c${row % 6}`],
}));
const raw = normalizeRows(
  Float32Array.from({ length: ROWS * D }, (_, at) => (centres[Math.floor(at / D) % 6]?.[at % D] as number) + 0.8 * gaussian(random)),
  D,
);
const groupOf = (row: number): string => items[row]?.language ?? '';
const groups = {
  groupOf,
  rowsOf: new Map(
    LANGUAGES.map((language) => [
      language,
      bitsetOf(
        ROWS,
        [...items.keys()].filter((row) => groupOf(row) === language),
      ),
    ]),
  ),
};
const all = bitsetWhere(ROWS, () => true);

async function rowsWith(features: boolean, backend = createCpuBackend()) {
  const projection = features ? catalogueFeatures(items) : undefined;
  const table = new ItemTable(
    items,
    items.map(({ id }) => id),
    identityAdapter(D),
    backend,
    {},
    projection && rowFeatures(projection, items),
  );
  table.setRefined([...items.keys()], raw);
  await table.ready();
  return rankedRows(table);
}

const rated = (...ratings: [row: number, kind: FeedbackKind, daysAgo?: number][]): FeedbackEvent[] =>
  ratings.map(([row, kind, days = 0]) => ({ itemId: idOf(row), kind, timeMs: NOW - days * 86_400_000 }));
const NOW = Date.UTC(2026, 0, 1);
const interestsOf = (events: readonly FeedbackEvent[]) =>
  readerInterests(
    events,
    () => true,
    (id) => groupOf(Number(id.slice(1))),
    { nowMs: NOW },
  );

describe.each([false, true])('with features: %s', (features) => {
  test('the list and the scores of single rows agree on random readers, on every backend', async () => {
    const wasm = await createWasmBackend();
    for (const backend of [createCpuBackend(), ...(wasm ? [wasm] : [])]) {
      const rows = await rowsWith(features, backend);
      for (let reader = 0; reader < 12; reader++) {
        const ratings = Array.from({ length: 1 + reader }, (_, i): [number, FeedbackKind, number] => [
          Math.floor(random() * ROWS),
          i > 0 && i % 4 === 0 ? 'dislike' : 'like',
          Math.floor(random() * 400),
        ]);
        const taste = new Taste(rows, groups, interestsOf(rated(...ratings)));
        const scoreOf = taste.scorer();
        const list = await taste.search(25, all);
        expect(list).toHaveLength(25);
        for (const { row, score } of list) expect(Math.fround(scoreOf?.(row) as number)).toBeCloseTo(score, 6);
        const best = [...items.keys()].sort((a, b) => (scoreOf?.(b) as number) - (scoreOf?.(a) as number) || a - b).slice(0, 25);
        expect(list.map(({ row }) => row)).toEqual(best);
      }
    }
  });

  test('the plain head changes nothing, to the last bit', async () => {
    const rows = await rowsWith(features);
    const interests = interestsOf(rated([3, 'like'], [10, 'like', 90], [77, 'dislike'], [200, 'like', 300]));
    const plain = new Taste(rows, groups, interests);
    const headed = new Taste(rows, groups, interests, plainHead(rows.dimensions));
    const [a, b] = [plain.scorer(), headed.scorer()];
    for (const row of items.keys()) expect(b?.(row)).toBeCloseTo(a?.(row) as number, 6);
    const some = [0, 7, 42, 299];
    const vectors = Float32Array.from(some.flatMap((row) => [...(rows.vectorOf(idOf(row)) ?? [])]));
    expect([...plain.scoreRows(some, vectors)]).toEqual(some.map((row) => a?.(row)));
    expect((await headed.search(20, all)).map(({ row }) => row)).toEqual((await plain.search(20, all)).map(({ row }) => row));
  });

  test('one like lists what is nearest to it', async () => {
    const rows = await rowsWith(features);
    const taste = new Taste(rows, groups, interestsOf(rated([42, 'like'])));
    const vector = rows.vectorOf(idOf(42)) as Float32Array;
    const length = Math.hypot(...vector);
    const nearest = await rows.search(
      vector.map((value) => value / length),
      15,
      all,
    );
    const list = await taste.search(15, all);
    expect(list.map(({ row }) => row)).toEqual(nearest.map(({ row }) => row));
    for (const [place, { score }] of list.entries()) expect(score).toBeCloseTo(nearest[place]?.score as number, 5);
  });
});

test('two tastes: both are served, where the mean of the likes serves what lies between them', async () => {
  const rows = await rowsWith(false);
  // Rows of one remainder by 6 share a centre.
  const taste = new Taste(rows, groups, interestsOf(rated([0, 'like'], [6, 'like'], [12, 'like'], [3, 'like'], [9, 'like'], [15, 'like'])));
  const list = (await taste.search(20, all)).map(({ row }) => row % 6);
  expect(list.filter((kind) => kind === 0 || kind === 3).length).toBeGreaterThanOrEqual(18);
  expect(list.filter((kind) => kind === 0).length).toBeGreaterThanOrEqual(4);
  expect(list.filter((kind) => kind === 3).length).toBeGreaterThanOrEqual(4);
});

test('a dislike takes from what is near it and leaves the rest; an old one takes less', async () => {
  const rows = await rowsWith(false);
  const likes = rated([0, 'like'], [3, 'like']);
  const scores = (...dislikes: FeedbackEvent[]) => new Taste(rows, groups, interestsOf([...likes, ...dislikes])).scorer();
  const [none, fresh, old] = [scores(), scores(...rated([9, 'dislike'])), scores(...rated([9, 'dislike', 1800]))];
  const fall = (scorer: typeof none, row: number): number => (none?.(row) as number) - (scorer?.(row) as number);
  const mean = (rowsOf: number[], scorer: typeof none) => rowsOf.reduce((sum, row) => sum + fall(scorer, row), 0) / rowsOf.length;
  const kind = (which: number) => [...items.keys()].filter((row) => row % 6 === which && row > 20);
  expect(mean(kind(3), fresh)).toBeGreaterThan(2 * mean(kind(0), fresh));
  expect(mean(kind(3), old)).toBeLessThan(0.1 * mean(kind(3), fresh));
});

test('ratings left out count as if they had never been given', async () => {
  const rows = await rowsWith(true);
  const events = rated([3, 'like'], [10, 'like', 90], [77, 'dislike'], [200, 'like', 300]);
  const without = new Taste(rows, groups, interestsOf(events)).scorer([1, 2]);
  const fewer = new Taste(rows, groups, interestsOf([events[0], events[3]] as FeedbackEvent[])).scorer();
  for (const row of [0, 50, 123, 299]) expect(without?.(row)).toBeCloseTo(fewer?.(row) as number, 6);
  expect(new Taste(rows, groups, interestsOf(events)).scorer([0, 1, 3])).toBeUndefined();
});
