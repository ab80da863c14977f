// The k best of many scores with ties broken by row, so that the same input always gives the same list.

export interface Ranked {
  row: number;
  score: number;
}

/** The order of all lists: best first, ties by row, so that equal scores never change places. */
export function byScore(a: Ranked, b: Ranked): number {
  return b.score - a.score || a.row - b.row;
}

/**
 * @param scores [rows]; NaN counts as worst and is never returned
 * @param allowed which rows may appear; all when left out
 * @returns at most k rows, best first; equal scores by ascending row
 */
export function topK(scores: Float32Array, k: number, allowed?: (row: number) => boolean): Ranked[] {
  const heap: Ranked[] = []; // worst of the kept on top
  if (k <= 0) return heap;
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row] as number;
    if (Number.isNaN(score)) continue;
    if (heap.length === k && !(score > (heap[0] as Ranked).score)) continue; // equal: the earlier row stays
    if (allowed && !allowed(row)) continue;
    if (heap.length < k) {
      heap.push({ row, score });
      siftUp(heap);
    } else {
      heap[0] = { row, score };
      siftDown(heap);
    }
  }
  return heap.sort(byScore);
}

function worse(a: Ranked, b: Ranked): boolean {
  return byScore(a, b) > 0;
}

function siftUp(heap: Ranked[]): void {
  let child = heap.length - 1;
  while (child > 0) {
    const parent = (child - 1) >> 1;
    if (!worse(heap[child] as Ranked, heap[parent] as Ranked)) return;
    swap(heap, child, parent);
    child = parent;
  }
}

function siftDown(heap: Ranked[]): void {
  let parent = 0;
  for (;;) {
    let worst = parent;
    for (const child of [2 * parent + 1, 2 * parent + 2]) {
      if (child < heap.length && worse(heap[child] as Ranked, heap[worst] as Ranked)) worst = child;
    }
    if (worst === parent) return;
    swap(heap, parent, worst);
    parent = worst;
  }
}

function swap(heap: Ranked[], a: number, b: number): void {
  const held = heap[a] as Ranked;
  heap[a] = heap[b] as Ranked;
  heap[b] = held;
}
