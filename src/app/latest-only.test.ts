// While one request runs, only the newest of the waiting ones is kept.
import { expect, test } from 'vitest';
import { LatestOnly } from './latest-only.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test('one runs at a time; only the newest waiting one runs next', async () => {
  const ran: number[] = [];
  const ends: (() => void)[] = [];
  const requests = new LatestOnly<number>((wanted) => {
    ran.push(wanted);
    return new Promise((resolve) => ends.push(resolve));
  });
  for (const wanted of [1, 2, 3]) requests.ask(wanted);
  expect(ran).toEqual([1]);
  ends.shift()?.();
  await nextTurn();
  expect(ran).toEqual([1, 3]);
  requests.ask(4);
  requests.dropWaiting();
  ends.shift()?.();
  await nextTurn();
  expect(ran).toEqual([1, 3]);
  requests.ask(5);
  expect(ran).toEqual([1, 3, 5]);
});
