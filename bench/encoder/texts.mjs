// The texts that both systems encode: real catalogue entries of mixed length and language, always the same ones.
import { existsSync, readFileSync } from 'node:fs';

const DATA = new URL('../../../shared/data/', import.meta.url);
const DEMO = new URL('../../public/catalogues/world-library/items.ndjson', import.meta.url);

/** @returns {object[]} the records of an NDJSON file */
const records = (url) =>
  readFileSync(url, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** Item `i` in its own language or in one of its translations, each in turn, so that all languages come up. */
function inTurn(item, i) {
  const forms = [item, ...Object.values(item.translations ?? {})];
  const { title, description } = forms[(i * 7) % forms.length];
  return `${title}. ${description}`;
}

/** `count` items spread evenly over the file. */
function spread(items, count) {
  return Array.from({ length: count }, (_, i) => inTurn(items[Math.floor((i * items.length) / count)], i));
}

/** @returns {{texts: string[], source: string}} in "catalogue order": the two sets take turns */
export function catalogueTexts(count) {
  if (!existsSync(new URL('stories/items.ndjson', DATA))) {
    console.log('The data sets are missing; the demo catalogue public/catalogues/world-library is used instead.');
    const items = records(DEMO);
    return { texts: Array.from({ length: count }, (_, i) => inTurn(items[i % items.length], i)), source: 'world-library' };
  }
  const [stories, apps] = ['stories', 'apps'].map((set) => spread(records(new URL(`${set}/items.ndjson`, DATA)), Math.ceil(count / 2)));
  return { texts: stories.flatMap((story, i) => [story, apps[i]]).slice(0, count), source: 'stories and apps' };
}
