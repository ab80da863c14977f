// Picks the wanted rows out of verified chunks into one dense matrix. Pure.
import { decodeKeys, decodeRows } from './chunk-codec.ts';
import type { VectorChunk } from './schema.ts';
import type { VectorLoad } from './store.ts';

/**
 * @param chunks oldest first: the last row with a key counts
 * @returns wanted rows that exist, in the order in which their keys first appear
 */
export function packWanted(chunks: readonly VectorChunk[], dimensions: number, wanted: ReadonlySet<string>): Omit<VectorLoad, 'damagedChunks'> {
  const rows = new Map<string, number>();
  // Which row of the result each row of each chunk becomes, or -1.
  const targets = chunks.map((chunk) =>
    decodeKeys(chunk).map((key) => {
      if (!wanted.has(key)) return -1;
      const row = rows.get(key) ?? rows.size;
      rows.set(key, row);
      return row;
    }),
  );
  const vectors = new Float32Array(rows.size * dimensions);
  for (const [i, chunk] of chunks.entries()) {
    const values = decodeRows(chunk);
    for (const [from, to] of (targets[i] ?? []).entries()) {
      if (to !== -1) vectors.set(values.subarray(from * dimensions, (from + 1) * dimensions), to * dimensions);
    }
  }
  return { rows, vectors };
}
