// Catalogues whose items exist in several languages, as matrices [items × languages × dimensions] from the cache of vectors.
import { existsSync, readFileSync } from 'node:fs';
import {
  cleanText,
  contentKey,
  fingerprintOf,
  itemText,
  openVectorCache,
  parseManifestText,
  priorOf,
  readAdapterFiles,
  seededRandom,
  shuffle,
} from './room.mjs';

const ROOT = new URL('../../', import.meta.url);
const MODEL = new URL('public/models/multilingual-e5-small/', ROOT);

/** @returns the shipped encoder's manifest, its adapter's statistics, and the cache of its vectors */
export async function openModel() {
  const manifest = parseManifestText(readFileSync(new URL('manifest.json', MODEL), 'utf8'), 'manifest.json');
  const { dimensions } = manifest;
  const { adapter, covariances } = await readAdapterFiles();
  const prior = priorOf(adapter, covariances);
  const cache = await openVectorCache(
    new URL('.cache/vectors', ROOT).pathname,
    { fingerprint: fingerprintOf(manifest), dimensions },
    { name: 'languages' },
  );
  return { manifest, prior, cache, dimensions };
}

export function readItems(name) {
  const file = new URL(`../shared/data/${name}/items.ndjson`, ROOT);
  if (!existsSync(file)) return undefined;
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/**
 * @param textOf text of an item in a language
 * @param languages tags, in the order of the matrix
 * @returns items with vectors in two languages or more; a text that is missing, or not encoded, is a zero row
 */
export async function readMatrix({ cache, dimensions: d }, items, languages, textOf, { leastLanguages = 2, most = 1200, seed = 1 } = {}) {
  const chosen = [];
  const rows = [];
  let missing = 0;
  for (const item of shuffle([...items], seededRandom(seed))) {
    if (chosen.length === most) break;
    const forms = { [item.language]: item, ...item.translations };
    const own = new Float32Array(languages.length * d);
    let found = 0;
    for (const [l, tag] of languages.entries()) {
      const text = tag in forms ? cleanText(textOf(item, tag)) : '';
      if (text === '') continue;
      const vector = await cache.get(await contentKey(text));
      if (!vector) {
        missing++;
        continue;
      }
      own.set(vector, l * d);
      found++;
    }
    if (found < leastLanguages) continue;
    chosen.push(item);
    rows.push(own);
  }
  const vectors = new Float32Array(chosen.length * languages.length * d);
  for (const [i, row] of rows.entries()) vectors.set(row, i * languages.length * d);
  return { items: chosen, vectors, languages, missing };
}

/** Tags by the number of items that have them, most first. */
export function commonLanguages(items) {
  const counts = new Map();
  for (const item of items)
    for (const tag of new Set([item.language, ...Object.keys(item.translations ?? {})])) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

export const descriptionIn = (item, tag) => (tag === item.language ? item : item.translations[tag]).description ?? '';
export const wholeText = (item, tag) => itemText(item, tag);
