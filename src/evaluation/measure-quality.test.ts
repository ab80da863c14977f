// The page's report on planted tastes: the right system wins, unusable rows are listed, and an empty split says what to do.
import { expect, test } from 'vitest';
import { type MeasureQualityOptions, measureQuality, type QualityReport } from './measure-quality.ts';
import { SMALL_DIMENSIONS, smallCatalogue, smallItems, smallLog } from './testing/small-log.ts';

const ITEMS = smallItems(60);
const { vectors = new Float32Array(0) } = smallCatalogue(ITEMS);
const LOG = smallLog(80, 60);
const ROWS = Array.from(LOG.user, (user, at) => `${LOG.users[user]},i${LOG.item[at]},${LOG.timeMs[at]}`);
const csv = (rows: readonly string[], header = 'user,item,timestamp') => new Blob([[header, ...rows].join('\n')]);
const measure = (change: Partial<MeasureQualityOptions> = {}) =>
  measureQuality({ items: ITEMS, vectors, dimensions: SMALL_DIMENSIONS, log: csv(ROWS), name: 'likes.csv', split: 'leave-last-out', ...change });
/** The report of the whole log, measured once. */
const whole = measure();
const metricOf = (report: QualityReport, system: string, metric: string) => {
  const found = report.systems.find(({ name }) => name === system)?.metrics.find(({ name }) => name === metric);
  if (!found) throw new Error(`no ${metric} of ${system}`);
  return found;
};

test('leave-last-out: every system with every metric and its interval; planted tastes are found', async () => {
  const report = await whole;
  expect(report).toMatchObject({ split: 'leave-last-out', users: 80, interactions: LOG.item.length, problems: [], problemCount: 0 });
  expect(report.systems.map(({ name }) => name)).toEqual([
    'popularity',
    'category-histogram',
    'tfidf-knn',
    'item-knn',
    'ease',
    'mean-embedding',
    'kindred-visitor',
  ]);
  for (const { name, title, metrics } of report.systems) {
    expect(metrics.map((metric) => metric.name)).toEqual(['ndcg@10', 'recall@10', 'mrr', 'coverage@10']);
    expect(title).not.toBe('');
    for (const { value, low, high } of metrics)
      expect([name, low <= value, value <= high, low >= 0, high <= 1]).toEqual([name, true, true, true, true]);
  }
  expect(metricOf(report, 'mean-embedding', 'ndcg@10').low).toBeGreaterThan(metricOf(report, 'popularity', 'ndcg@10').high);
  // One held-out item a user, 60 items less history: chance finds about a sixth of them.
  expect(metricOf(report, 'mean-embedding', 'recall@10').value).toBeGreaterThan(0.4);
  expect(metricOf(report, 'popularity', 'coverage@10').value).toBeLessThan(metricOf(report, 'mean-embedding', 'coverage@10').value);
});

test('few ratings: as many as half of the users have; cold items: what nobody rated is found by content alone', async () => {
  const few = await measure({ split: 'few-ratings' });
  expect(few.split).toBe('few-ratings-5');
  const pairs = Array.from({ length: 40 }, (_, user) => [
    `u${user},i${user % 20}`,
    `u${user},i${(user % 20) + 4}`,
    `u${user},i${(user % 20) + 8}`,
  ]).flat();
  expect((await measure({ split: 'few-ratings', log: csv(pairs, 'user,item') })).split).toBe('few-ratings-2');
  const cold = await measure({ split: 'cold-items' });
  expect(cold.split).toBe('cold-items');
  // Nothing that is learned from interactions knows a cold item: all 12 stand as one tie.
  for (const name of ['ease', 'item-knn']) expect(metricOf(cold, name, 'mrr').value).toBeCloseTo(metricOf(cold, 'popularity', 'mrr').value, 9);
  expect(metricOf(cold, 'mean-embedding', 'mrr').low).toBeGreaterThan(metricOf(cold, 'ease', 'mrr').high);
});

test('rows about unknown items and rows that cannot be read are problems by row; the others are measured', async () => {
  const report = await measure({ log: csv(['nobody,i999,5', ',i1,5', ...ROWS]) });
  expect(report.interactions).toBe(LOG.item.length);
  expect(report.problemCount).toBe(2);
  expect(report.problems.map(({ row, field, value, severity }) => ({ row, field, value, severity }))).toEqual([
    { row: 1, field: 'item', value: 'i999', severity: 'error' },
    { row: 2, field: 'user', value: '', severity: 'error' },
  ]);
  expect(report.systems).toEqual((await whole).systems);
});

test('a split without users says what to do', async () => {
  const refused = (change: Partial<MeasureQualityOptions>) => expect(measure(change)).rejects;
  const once = csv(['a,i1', 'b,i2', 'c,i3'], 'user,item');
  await refused({ log: once }).toMatchObject({
    code: 'evaluation-empty',
    message: expect.stringMatching(/"likes.csv" leaves no user to ask: 3 users, 3 interactions\. Give a log in which some users like two/),
  });
  await refused({ log: once, split: 'few-ratings' }).toMatchObject({ code: 'evaluation-empty', message: expect.stringContaining('leave-last-out') });
  await refused({ log: once, split: 'cold-items' }).toMatchObject({
    code: 'evaluation-empty',
    message: expect.stringContaining('several items each'),
  });
  await refused({ log: csv(['a,x', 'a,y'], 'user,item') }).toMatchObject({
    code: 'evaluation-empty',
    message: expect.stringContaining('the first names "x"'),
  });
  await refused({ log: csv(['a,i1'], 'who,what') }).toMatchObject({ code: 'interactions-format' });
  await refused({ vectors: vectors.subarray(1) }).toMatchObject({ code: 'bad-argument' });
});

test('EASE is measured on catalogues of up to 3,000 items', async () => {
  const items = smallItems(3001);
  const report = await measure({ items, vectors: smallCatalogue(items).vectors ?? vectors, log: csv(ROWS.slice(0, 40)) });
  expect(report.systems.map(({ name }) => name)).not.toContain('ease');
});

test('progress: bytes of the log, then cases of all systems; an abort ends it', async () => {
  const told: { done: number; total: number; unit: string }[] = [];
  await measure({ onProgress: (progress) => told.push(progress) });
  expect(told.find(({ unit }) => unit === 'bytes')?.total).toBe(csv(ROWS).size);
  expect(told.at(-1)).toEqual({ done: 7 * 80, total: 7 * 80, unit: 'cases' });
  await expect(measure({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
  const controller = new AbortController();
  const stopped = measure({ signal: controller.signal, onProgress: ({ unit }) => unit === 'cases' && controller.abort() });
  await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
});
