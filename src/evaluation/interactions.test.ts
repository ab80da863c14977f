import { expect, test } from 'vitest';
import { ratingThreshold, readTimeMs } from './interaction-fields.ts';
import { type ImportInteractionsOptions, importInteractions } from './interactions.ts';
import { buildLog, likesByUser, matrixOf } from './log.ts';

const ITEMS = ['a', 'b', 'c', '7'];
const read = (data: string, options?: ImportInteractionsOptions, name = 'log.csv') => importInteractions({ name, data }, ITEMS, options);

test('a CSV of users and items, sorted by user in order of appearance, then time, then file order', async () => {
  const { log, problems, format } = await read('user_id,item_id,timestamp\nu2,b,200\nu1,a,5\nu2,a,100\nu1,c,5\nu1,7,\n');
  expect(format).toBe('csv');
  expect(problems).toEqual([]);
  expect(log.users).toEqual(['u2', 'u1']);
  expect([...log.user]).toEqual([0, 0, 1, 1, 1]);
  expect([...log.item]).toEqual([0, 1, 3, 0, 2]);
  expect([...log.timeMs]).toEqual([100_000, 200_000, Number.NaN, 5000, 5000]);
  expect([...log.weight]).toEqual([1, 1, 1, 1, 1]);
  expect(log.itemCount).toBe(4);
  expect(log.position).toBeUndefined();
});

test('NDJSON and JSON, ids as numbers, positions, other columns ignored', async () => {
  const rows = ['{"user": 1, "item": 7, "weight": 0.5, "position": 3, "session": "x"}', '{"user": "1", "item": "a", "weight": 0}'];
  for (const [data, format] of [
    [rows.join('\n'), 'ndjson'],
    [`[${rows.join(',')}]`, 'json'],
  ] as const) {
    const report = await read(data, {}, 'log.txt');
    expect(report.format).toBe(format);
    expect(report.log.users).toEqual(['1']);
    expect([...report.log.item]).toEqual([3, 0]);
    expect([...report.log.weight]).toEqual([0.5, 0]);
    expect([...(report.log.position ?? [])]).toEqual([3, 0]);
  }
});

test('of one user and item the latest is kept: by time, and without times the last of the file', async () => {
  const timed = await read('user,item,time,weight\nu,a,20,1\nu,a,10,2\nu,a,,3\nu,b,1,4\nu,b,1,5\n');
  expect(timed.duplicates).toBe(3);
  expect([...timed.log.item]).toEqual([1, 0]);
  expect([...timed.log.weight]).toEqual([5, 1]);
  const untimed = await read('user,item,weight\nu,a,1\nu,b,1\nu,a,2\n');
  expect([...untimed.log.item]).toEqual([1, 0]);
  expect([...untimed.log.weight]).toEqual([1, 2]);
});

test('ratings of a scale become 1 and -1 from three quarters of it; weights and two-valued ratings stay', async () => {
  const stars = await read('user,item,rating\nu,a,1\nu,b,4\nu,c,5\nv,a,3\n');
  expect([...stars.log.weight]).toEqual([-1, 1, 1, -1]);
  const thumbs = await read('user,item,rating\nu,a,1\nu,b,-1\nu,c,1\n');
  expect([...thumbs.log.weight]).toEqual([1, -1, 1]);
  const plays = await read('user,item,value\nu,a,1\nu,b,250\nu,c,17\n');
  expect([...plays.log.weight]).toEqual([1, 250, 17]);
  expect(ratingThreshold([1, 2, 3, 10])).toBe(7.75);
  expect(ratingThreshold([0.5, 3, 5])).toBe(3.875);
});

test('times: seconds, milliseconds, ISO 8601 with and without zone; nothing else', () => {
  expect(readTimeMs('1700000000')).toBe(1_700_000_000_000);
  expect(readTimeMs(1_700_000_000_000)).toBe(1_700_000_000_000);
  expect(readTimeMs('2024-05-31')).toBe(Date.UTC(2024, 4, 31));
  expect(readTimeMs('2024-05')).toBe(Date.UTC(2024, 4, 1));
  expect(readTimeMs('2024-05-31T10:20')).toBe(Date.UTC(2024, 4, 31, 10, 20));
  expect(readTimeMs('2024-05-31 10:20:30,5')).toBe(Date.UTC(2024, 4, 31, 10, 20, 30, 500));
  expect(readTimeMs('2024-05-31T10:20:30+0200')).toBe(Date.UTC(2024, 4, 31, 8, 20, 30));
  expect(readTimeMs('2024-05-31T10:20:30-03')).toBe(Date.UTC(2024, 4, 31, 13, 20, 30));
  for (const bad of ['31.05.2024', '2024-02-30', '2024-13-01', 'yesterday', true, {}, '2024-05-31T25:00Z']) expect(readTimeMs(bad)).toBeUndefined();
});

test('faults of rows are reported with row, field, value and remedy; the other rows are read', async () => {
  const { log, problems, errorCount, unknownItemRows, rowCount } = await read(
    'user,item,weight,time,position\nu,a,1,then,1\n,a,1,,\nu,,1,,\nu,b,much,,\nu,zz,1,,\nu,zz,1,,\nu,c,1,,first\n',
  );
  expect(rowCount).toBe(7);
  expect([...log.item]).toEqual([0, 2]);
  expect(problems.map(({ row, field, value, severity }) => [row, field, value, severity])).toEqual([
    [1, 'time', 'then', 'warning'],
    [2, 'user', '', 'error'],
    [3, 'item', '', 'error'],
    [4, 'weight', 'much', 'error'],
    [7, 'position', 'first', 'warning'],
  ]);
  expect(problems[3]).toMatchObject({ id: 'u', remedy: expect.stringContaining('number') });
  expect([errorCount, unknownItemRows]).toEqual([3, 2]);
});

test('rows of unknown items are problems with reportUnknownItems', async () => {
  const { problems, errorCount, log } = await read('user,item\nu,a\nv,zz\n', { reportUnknownItems: true });
  expect([errorCount, log.item.length]).toEqual([1, 1]);
  expect(problems[0]).toMatchObject({ row: 2, id: 'v', field: 'item', value: 'zz', severity: 'error' });
});

test('a file that is no log is refused, saying why and what to do', async () => {
  const refused = async (data: string | Uint8Array, pattern: RegExp) => {
    const failure = importInteractions({ name: 'x', data }, ITEMS);
    await expect(failure).rejects.toMatchObject({ code: 'interactions-format', message: expect.stringMatching(pattern) });
  };
  await refused('', /is empty/);
  await refused('person,item\n1,a\n', /has no column user; its first row reads: person, item/);
  await refused('{"user": "u"}\n{"user": "v"}', /none is usable.*Row 1/);
  await refused(Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0), /ZIP archive/);
  await expect(importInteractions({ name: 'x', data: 'user,item\nu,zz\n' }, ITEMS)).rejects.toMatchObject({
    code: 'evaluation-empty',
    message: expect.stringMatching(/1 rows and none is about an item of the catalogue; the first names "zz"\. Write the ids/),
  });
  await expect(importInteractions({ name: 'x', data: 'user,item\nu,a' }, ITEMS, { maxBytes: 5 })).rejects.toMatchObject({
    code: 'interactions-format',
  });
  await expect(importInteractions({ name: 'x', data: 'user,item\nu,a' }, ITEMS, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'aborted',
  });
});

test('a damaged line of NDJSON does not stop the reading', async () => {
  const { log, problems } = await read('{"user": "u", "item": "a"}\n{"user": "u", \n[1]\n{"user": "u", "item": "b"}\n', {}, 'log.ndjson');
  expect([...log.item]).toEqual([0, 1]);
  expect(problems.map(({ row, remedy }) => [row, remedy.includes('columns user and item')])).toEqual([
    [2, true],
    [3, true],
  ]);
});

test('likes leave out what is not positive; the matrix has ascending items', () => {
  const row = (user: string, item: number, weight: number, timeMs: number) => ({ user, item, weight, timeMs, position: 0 });
  const { log } = buildLog([row('u', 3, 1, 1), row('u', 1, 2, 2), row('v', 2, -1, 1), row('w', 0, 1, 1)], 4);
  const likes = likesByUser(log);
  expect(likes.map(({ items }) => [...items])).toEqual([[3, 1], [], [0]]);
  const matrix = matrixOf(likes, 4);
  expect([...matrix.offsets]).toEqual([0, 2, 2, 3]);
  expect([...matrix.items]).toEqual([1, 3, 0]);
  expect([...matrix.weights]).toEqual([2, 1, 1]);
});
