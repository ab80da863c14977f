import { expect, test } from 'vitest';
import { LiveRows } from './live-rows.ts';

test('live rows report the changed words once', () => {
  const live = new LiveRows();
  live.add(30, 40);
  expect(live.takeChanged()).toEqual({ from: 0, to: 3 });
  expect(live.takeChanged()).toBeUndefined();
  live.remove([500, 29]);
  expect(live.takeChanged()).toBeUndefined();
  live.remove([33]);
  expect(live.takeChanged()).toEqual({ from: 1, to: 2 });
  expect(Array.from(live.words(0, 3))).toEqual([0xc0000000, 0xfffffffd, 0x3f]);
});
