// The protocol "Language bias": every candidate in one language drawn at random, queries in the others; what is measured is
// how well the same item, and items of its categories, are found across languages. Descriptions only: names are not translated.
import { existsSync, readFileSync } from 'node:fs';

const APPS = new URL('../../../shared/data/apps/items.ndjson', import.meta.url);
const TOP = 10;

/** Mulberry32: seeded numbers in [0, 1). */
export function seeded(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** @returns {any[]} `values` in an order drawn by `random` */
export function shuffled(values, random) {
  const out = [...values];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

/**
 * @param {{apps: number, languages: number, queries: number}} size
 * @returns {{candidates: object[], queries: object[], languages: string[]} | undefined} texts as {item, language, text, categories};
 *   undefined when the data set is not there
 */
export function drawTask({ apps, languages: languageCount, queries: queryCount }, seed = 1) {
  if (!existsSync(APPS)) return undefined;
  const random = seeded(seed);
  const items = readFileSync(APPS, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .map((item) => ({ ...item, forms: { [item.language]: item, ...item.translations } }));
  const counts = new Map();
  for (const item of items) for (const language of Object.keys(item.forms)) counts.set(language, (counts.get(language) ?? 0) + 1);
  const languages = [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, languageCount)
    .map(([tag]) => tag);
  const chosen = shuffled(items, random)
    .filter((item) => languages.filter((tag) => tag in item.forms).length >= languageCount * 0.75)
    .slice(0, apps);
  const textOf = (item, row, language) => {
    const { description } = item.forms[language];
    return { item: row, language, text: description, categories: item.categories };
  };
  const candidates = chosen.map((item, row) => {
    const open = languages.filter((tag) => tag in item.forms);
    return textOf(item, row, open[Math.floor(random() * open.length)]);
  });
  const pairs = chosen.flatMap((item, row) =>
    languages.filter((tag) => tag in item.forms && tag !== candidates[row].language).map((tag) => textOf(item, row, tag)),
  );
  return { candidates, languages, queries: shuffled(pairs, random).slice(0, queryCount) };
}

/**
 * @param {(query: number, candidate: number) => number} score
 * @returns {{selfMrr: number, categoryPrecision: number, sameLanguage: number, perQuery: {self: number, category: number}[]}}
 */
export function measure({ candidates, queries }, score) {
  const perQuery = queries.map((query, q) => {
    const scores = candidates.map((_, c) => score(q, c));
    const rank = 1 + scores.filter((value) => value > scores[query.item]).length;
    const order = scores.map((_, c) => c).sort((a, b) => scores[b] - scores[a] || a - b);
    const others = order.filter((c) => c !== query.item).slice(0, TOP);
    return {
      self: 1 / rank,
      category: share(others, (c) => candidates[c].categories.some((name) => query.categories.includes(name))),
      language: share(order.slice(0, TOP), (c) => candidates[c].language === query.language),
    };
  });
  const mean = (pick) => perQuery.reduce((sum, one) => sum + pick(one), 0) / perQuery.length;
  return { selfMrr: mean((one) => one.self), categoryPrecision: mean((one) => one.category), sameLanguage: mean((one) => one.language), perQuery };
}

const share = (values, test) => values.filter(test).length / values.length;
