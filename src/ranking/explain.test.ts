import { describe, expect, test } from 'vitest';
import { gaussian, seededRandom } from '../base/random.ts';
import { explain, LEAST_DROP, type Scorer } from './explain.ts';

/** A reader is the mean of likes, not of unit length, so that falls can be worked out by hand; weights may be negative. */
function meanScorer(likes: readonly number[][], rows: readonly number[][]): Scorer<number[]> {
  return {
    without: (left) => {
      const kept = likes.filter((_, event) => !left.includes(event));
      return kept.length === 0 ? undefined : (kept[0] ?? []).map((_, j) => kept.reduce((sum, like) => sum + (like[j] ?? 0), 0) / kept.length);
    },
    score: (user, row) => (rows[row] ?? []).reduce((sum, value, j) => sum + value * (user[j] ?? 0), 0),
  };
}

test('the like that carried an item is named, and its share is its part of the falls', () => {
  // Row 0 scores (1 + 0 + 0) / 3; without like 0 it scores 0, without another (1 + 0) / 2, which is more.
  const scorer = meanScorer(
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    [
      [1, 0, 0],
      [0, 0.8, 0.6],
    ],
  );
  expect(explain([0, 1], [0, 1, 2], scorer)[0]).toEqual([{ event: 0, share: 1 }]);
  // Row 1: 1.4 / 3 = 0.467 against (0.6 / 2 = 0.3) and (0.8 / 2 = 0.4): falls 0.167 and 0.067.
  const [, second] = explain([0, 1], [0, 1, 2], scorer);
  expect(second?.map(({ event }) => event)).toEqual([1, 2]);
  expect(second?.[0]?.share).toBeCloseTo(0.1667 / (0.1667 + 0.0667), 3);
});

test('a single like carries everything; with no events, or none that may be named, nothing is said', () => {
  const scorer = meanScorer([[1, 0]], [[0.6, 0.8]]);
  expect(explain([0], [0], scorer)).toEqual([[{ event: 0, share: 1 }]]);
  expect(explain([0], [], scorer)).toEqual([[]]);
});

test('one of several of a kind can be missed by nobody: unsaid', () => {
  expect(
    explain(
      [0],
      [0, 1, 2],
      meanScorer(
        [
          [1, 0],
          [1, 0],
          [1, 0],
        ],
        [[1, 0]],
      ),
    ),
  ).toEqual([[]]);
});

test('what falls by less than the least drop is unsaid', () => {
  const scorer = meanScorer(
    [
      [1, 0],
      [0, 1],
    ],
    [[0.004, 0]],
  );
  expect(explain([0], [0, 1], scorer)).toEqual([[]]);
  expect(explain([0], [0, 1], scorer, { leastDrop: 0.0019 })).toEqual([[{ event: 0, share: 1 }]]);
});

test('ratings that seem to matter one by one but not together are unsaid', () => {
  const scores = new Map([
    ['', 0.5],
    ['0', 0.4],
    ['1', 0.4],
    ['0,1', 0.5],
  ]);
  const scorer: Scorer<number> = { without: (left) => scores.get(left.join(',')), score: (user) => user };
  expect(explain([0], [0, 1], scorer)).toEqual([[]]);
});

test('an item that gains a place without what is named is unsaid', () => {
  // Without the event both lose, but row 1 loses more, so that row 0 would rise above it.
  const scorer: Scorer<boolean> = {
    without: (left) => left.length === 0,
    score: (full, row) => (full ? (row === 0 ? 0.5 : 0.6) : row === 0 ? 0.4 : 0.1),
  };
  expect(explain([0, 1], [0], scorer)).toEqual([[], [{ event: 0, share: 1 }]]);
});

describe('on random readers', () => {
  const random = seededRandom(14);
  const vector = () => Array.from({ length: 12 }, () => gaussian(random));
  const likes = Array.from({ length: 20 }, vector);
  const rows = Array.from({ length: 12 }, vector);
  const scorer = meanScorer(likes, rows);
  const full = scorer.without([]) ?? [];

  test('every claim holds when it is checked again', () => {
    const reasons = explain([...rows.keys()], [...likes.keys()], scorer);
    expect(reasons.some((named) => named.length === 3)).toBe(true);
    reasons.forEach((named, row) => {
      const left = [...named].map(({ event }) => event);
      if (left.length === 0) return;
      expect(scorer.score(full, row) - scorer.score(scorer.without(left) ?? [], row)).toBeGreaterThanOrEqual(LEAST_DROP);
      for (const event of left) expect(scorer.score(full, row) - scorer.score(scorer.without([event]) ?? [], row)).toBeGreaterThanOrEqual(LEAST_DROP);
      expect(named.length).toBeLessThanOrEqual(3);
      expect(named.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    });
  });

  test('12 items and 50 ratings take 63 readers and 756 scores, at most', () => {
    const cost = { readers: 0, scores: 0 };
    const counted: Scorer<number> = {
      without: (left) => {
        cost.readers++;
        return left.length;
      },
      score: (user, row) => {
        cost.scores++;
        return 1 - user / 10 - row / 100;
      },
    };
    explain(
      Array.from({ length: 12 }, (_, row) => row),
      Array.from({ length: 50 }, (_, event) => event),
      counted,
    );
    expect(cost).toEqual({ readers: 1 + 50 + 12, scores: 12 * (1 + 50 + 12) });
  });
});
