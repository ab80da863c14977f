// The (key, row) pairs that the kernels sort, and back: the inverse of `sort_key` in kernels/select.wgsl.
import type { TopKList } from '../backend.ts';

/** Score of a key: ascending keys are ascending scores. Key 0 is an empty place and has none. */
export function scoresOfKeys(keys: Uint32Array): Float32Array {
  const bits = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as number;
    bits[i] = key >>> 31 === 1 ? key ^ 0x80000000 : ~key;
  }
  return new Float32Array(bits.buffer);
}

/**
 * @param entries [queryCount × k × 2], key and row in turn, best first, key 0 where a list ends early
 * @returns one list a query
 */
export function listsOfEntries(entries: Uint32Array, queryCount: number, k: number): TopKList[] {
  return Array.from({ length: queryCount }, (_, query) => {
    const start = query * k * 2;
    let length = 0;
    while (length < k && entries[start + 2 * length] !== 0) length++;
    const keys = new Uint32Array(length);
    const rows = new Int32Array(length);
    for (let i = 0; i < length; i++) {
      keys[i] = entries[start + 2 * i] as number;
      rows[i] = entries[start + 2 * i + 1] as number;
    }
    return { rows, scores: scoresOfKeys(keys) };
  });
}
