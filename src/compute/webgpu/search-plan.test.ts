import { describe, expect, test } from 'vitest';
import { planSearch, scanShape, WORKGROUP_BYTES, workgroupBytes } from './search-plan.ts';

const whole = (rows: number) => [{ firstRow: 0, rows }];
const LIST_BYTES = 64 * 2 ** 20;

describe('search plan', () => {
  test('every k and batch fits the workgroup memory that every device grants', () => {
    for (let k = 1; k <= 1024; k++) {
      for (const queries of [1, 2, 500]) {
        const shape = scanShape(24, queries, k);
        expect(shape.kPadded).toBeGreaterThanOrEqual(k);
        expect(Math.log2(shape.kPadded) % 1).toBe(0);
        expect(workgroupBytes(shape)).toBeLessThanOrEqual(WORKGROUP_BYTES);
      }
    }
  });

  test('few dispatches: one for a tile, two for a million rows, one more for the largest k', () => {
    expect(planSearch(whole(1000), 24, 1, 10, LIST_BYTES).dispatches).toBe(1);
    expect(planSearch(whole(100_000), 24, 1, 10, LIST_BYTES).dispatches).toBe(2);
    expect(planSearch(whole(1_000_000), 24, 1, 10, LIST_BYTES).dispatches).toBe(2);
    expect(planSearch(whole(1_000_000), 24, 1, 1024, LIST_BYTES).dispatches).toBe(3);
    expect(planSearch(whole(100_000), 24, 64, 10, LIST_BYTES).dispatches).toBe(2);
  });

  test('tiles cover every row of every shard, lists are numbered without gaps, merges end in one list', () => {
    for (const rows of [1, 1024, 1025, 77_777, 1_000_000]) {
      for (const k of [1, 16, 300, 1024]) {
        const shards = [...whole(rows), { firstRow: 64 * Math.ceil(rows / 64), rows: 500 }];
        const plan = planSearch(shards, 24, 7, k, LIST_BYTES);
        let list = 0;
        for (const scan of plan.scans) {
          expect(scan.firstList).toBe(list);
          expect(scan.tiles * plan.tileRows).toBeGreaterThanOrEqual(scan.rows);
          list += scan.tiles;
        }
        expect(plan.lists).toBe(list);
        for (const merge of plan.merges) {
          expect(merge.lists).toBe(list);
          expect(merge.merged * merge.fan).toBeGreaterThanOrEqual(merge.lists);
          list = merge.merged;
        }
        expect(list).toBe(1);
      }
    }
  });

  test('a batch too large for the list buffer is cut into parts of whole workgroups', () => {
    const plan = planSearch(whole(50_000), 24, 1001, 100, 100_000);
    expect(plan.parts.reduce((sum, part) => sum + part.queries, 0)).toBe(1001);
    expect(plan.parts.slice(0, -1).every((part) => part.queries % plan.shape.streams === 0)).toBe(true);
    expect(plan.listBytes).toBeLessThanOrEqual(100_000);
  });
});
