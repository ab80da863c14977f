// Repeatable rows for the tests: row n always has the same key and the same vector, in any tab or worker.
import { seededRandom } from '../../base/random.ts';
import type { Item, ItemId } from '../../base/types.ts';
import type { StoredCatalogue, VectorBatch, VectorLoad } from '../store.ts';

/** 64 hex digits; every byte of the key depends on the row, so that a misplaced byte shows. */
export function keyOf(row: number): string {
  const random = seededRandom(row * 7919 + 1);
  return Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16)).join('');
}

export function vectorOf(row: number, dimensions: number): Float32Array {
  const random = seededRandom(row + 1);
  return Float32Array.from({ length: dimensions }, () => random() * 2 - 1);
}

/** Rows first … first + count - 1. */
export function batchOf(first: number, count: number, dimensions: number): VectorBatch {
  const rows = Array.from({ length: count }, (_, i) => first + i);
  const vectors = new Float32Array(count * dimensions);
  rows.forEach((row, i) => {
    vectors.set(vectorOf(row, dimensions), i * dimensions);
  });
  return { keys: rows.map(keyOf), vectors };
}

export function keysOfRows(first: number, count: number): Set<string> {
  return new Set(Array.from({ length: count }, (_, i) => keyOf(first + i)));
}

/** The loaded vector of a row, or undefined. */
export function loadedRow(load: VectorLoad, row: number, dimensions: number): number[] | undefined {
  const at = load.rows.get(keyOf(row));
  return at === undefined ? undefined : [...load.vectors.subarray(at * dimensions, (at + 1) * dimensions)];
}

export const itemId = (id: string) => id as ItemId;

export function itemsOf(count: number, title = 'Item'): Item[] {
  return Array.from({ length: count }, (_, i) => ({
    id: itemId(`i${i}`),
    language: 'en',
    title: `${title} ${i}`,
    description: '',
    categories: ['a'],
    ...(i % 2 === 0 ? { translations: { de: { title: `Ding ${i}`, description: '' } }, attributes: { pages: i }, popularity: i, creator: 'X' } : {}),
  }));
}

export function catalogueOf(id: string, itemCount: number): StoredCatalogue {
  return { id, title: `Catalogue ${id}`, sourceHash: 'ab', itemCount, importedAtMs: 1 };
}
