// The protocol "Language bias": statistics are fitted on one half of the items, bias is measured on the other. There each item is shown in
// one language drawn at random, and its text in every language is a query.
import { correction, seededRandom, shuffle } from './room.mjs';

/**
 * @param matrix items, vectors [items × languages × d], languages
 * @returns the halves as item numbers and the language each item of `measured` is shown in
 */
export function drawHalf({ items, vectors, languages }, d, seed) {
  const random = seededRandom(seed);
  const order = shuffle([...items.keys()], random);
  const middle = Math.floor(items.length / 2);
  const measured = order.slice(middle);
  const shown = measured.map((item) => {
    const open = languages.map((_, l) => l).filter((l) => has(vectors, (item * languages.length + l) * d, d));
    return open[Math.floor(random() * open.length)];
  });
  return { fitted: order.slice(0, middle), measured, shown };
}

const has = (vectors, at, d) => vectors.subarray(at, at + d).some((value) => value !== 0);

/**
 * Rows that a fit may see: the translated half, and the texts that the other half is shown in, as on a device whose catalogue is both.
 * @param translations false: as if nothing were translated, the shown texts alone
 */
export function fitInput({ vectors, languages }, d, { fitted, measured, shown }, { translations = true, own = true } = {}) {
  const places = [];
  if (translations) for (const item of fitted) for (const l of languages.keys()) places.push({ item, l, group: item });
  if (own) for (const [i, item] of measured.entries()) places.push({ item, l: shown[i], group: undefined });
  const kept = places.filter(({ item, l }) => has(vectors, (item * languages.length + l) * d, d));
  const raw = new Float32Array(kept.length * d);
  kept.forEach(({ item, l }, row) => {
    const at = (item * languages.length + l) * d;
    raw.set(vectors.subarray(at, at + d), row * d);
  });
  return { raw, dimensions: d, languages: kept.map(({ l }) => languages[l]), groups: kept.map(({ group }) => group) };
}

/** Corrects the measured half and measures it. @param hubs whether the index's hubness bias counts */
export function measureHalf({ items, vectors, languages }, d, { measured, shown }, fitted, { hubs = true } = {}) {
  const width = languages.length * d;
  const raw = new Float32Array(measured.length * width);
  measured.forEach((item, i) => {
    raw.set(vectors.subarray(item * width, (item + 1) * width), i * width);
  });
  const tags = measured.flatMap(() => languages);
  const k = fitted.dimensions;
  const corrected = correction.correctRows(fitted, raw, tags);
  const rows = new Float32Array(measured.length * k);
  shown.forEach((l, i) => {
    const at = (i * languages.length + l) * k;
    rows.set(corrected.subarray(at, at + k), i * k);
  });
  return correction.measureLanguageBias({
    vectors: corrected,
    items: measured.length,
    languages: languages.length,
    dimensions: k,
    shown,
    ...(hubs ? { bias: correction.itemBias(rows, k, fitted.hubness) } : {}),
    categories: measured.map((item) => (items[item].categories ?? []).slice(0, 1)),
  });
}
