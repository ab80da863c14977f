// A planted world of languages with many ratings (rich) and few (poor), for the tests and the benchmark of the help for languages.
// No test framework in here.
//
// An item has a topic, which is what people like, and loud detail, which nobody cares for. Each language writes both partly in
// directions of its own: a share `apart` of the length of every text lies in a rotation that only this language uses. So a head must
// learn which directions matter (the same in all languages: what transfer can carry) and how languages correspond (what only
// translations, or people who read two languages, can tell).
import { groupBy } from '../../base/group-by.ts';
import { gaussian, type RandomSource, randomBelow, seededRandom, shuffle } from '../../base/random.ts';
import type { Head } from '../../head/evaluate.ts';
import { score } from '../../head/heads.ts';
import type { TranslatedVectors } from '../language-examples.ts';
import { meanVector } from '../user-vectors.ts';

const TOPICS = 6;
const COMMON = 12;
/** Directions that each language has of its own. */
const OWN = 6;
export const POOR = 'poor';
export const RICH = ['rich-1', 'rich-2'] as const;
const TAGS = [...RICH, POOR];

export interface PlantedWorldOptions {
  seed: number;
  /** Users who like items of rich languages, and of the poor one. */
  richUsers?: number;
  poorUsers?: number;
  /** Items of each language that people are asked for. */
  items?: number;
  /** Share of the items of rich languages that have a text in every language; those of the poor one have none but their own. */
  translated?: number;
  /** Part of a text's length that lies in its language's own directions, 0 to 1. */
  apart?: number;
  noise?: number;
}

export interface PlantedWorld extends TranslatedVectors {
  /** [rows] */
  languages: string[];
  /** Rows liked by each training user; every user reads one language, the last ones the poor one. */
  users: Int32Array[];
  /** People who are not in training: rows seen, and rows to be found among the items of one language. */
  cases: { history: Int32Array; relevant: Int32Array; candidates: Int32Array; from: string; to: string }[];
}

/** Draws a world; the same options give the same. */
export function plantedWorld({
  seed,
  richUsers = 60,
  poorUsers = 4,
  items = 60,
  translated = 0.5,
  apart = 0.8,
  noise = 1.2,
}: PlantedWorldOptions): PlantedWorld {
  const random = seededRandom(seed);
  const dimensions = COMMON + OWN * TAGS.length;
  const maps = TAGS.map(() => Float64Array.from({ length: OWN * COMMON }, () => gaussian(random) / Math.sqrt(OWN)));
  const contents = Array.from({ length: items * TAGS.length }, (_, item) => {
    const topic = Math.floor(item / TAGS.length) % TOPICS;
    return { topic, values: Array.from({ length: COMMON }, (_, j) => (j === topic ? 1.6 : 0) + (j < TOPICS ? 0.2 : noise) * gaussian(random)) };
  });
  // First each item in the language it is shown in, then the translations.
  const texts = contents.map((_, item) => ({ item, tag: item % TAGS.length }));
  for (const item of contents.keys()) {
    const own = item % TAGS.length;
    if (own < RICH.length && random() < translated) for (const tag of TAGS.keys()) if (tag !== own) texts.push({ item, tag });
  }
  const rows = texts.map(({ item, tag }) => ({
    item,
    tag,
    topic: contents[item]?.topic,
    values: textOf(contents[item]?.values ?? [], tag, maps, apart, random),
  }));
  const vectors = Float32Array.from(rows.flatMap(({ values }) => values));
  const ownRows = (tag: number, topic?: number): number[] =>
    [...rows.keys()].filter((row) => row < items * TAGS.length && rows[row]?.tag === tag && (topic === undefined || rows[row]?.topic === topic));
  const pick = (tag: number, topic: number, count: number): Int32Array => Int32Array.from(shuffle(ownRows(tag, topic), random).slice(0, count));
  const users = [
    ...Array.from({ length: richUsers }, (_, user) => pick(user % RICH.length, randomBelow(TOPICS, random), 6)),
    ...Array.from({ length: poorUsers }, () => pick(RICH.length, randomBelow(TOPICS, random), 4)),
  ];
  const poor = Int32Array.from(ownRows(RICH.length));
  const cases = Array.from({ length: 120 }, (_, i) => {
    const topic = i % TOPICS;
    const from = i % 2 === 0 ? RICH.length : randomBelow(RICH.length, random);
    const drawn = pick(RICH.length, topic, items);
    const history = from === RICH.length ? drawn.slice(0, 2) : pick(from, topic, 3);
    const relevant = from === RICH.length ? drawn.slice(2) : drawn;
    return { history, relevant, candidates: poor.filter((row) => !history.includes(row)), from: TAGS[from] ?? '', to: POOR };
  });
  return { vectors, dimensions, others: othersOf(rows.map(({ item }) => item)), languages: rows.map(({ tag }) => TAGS[tag] ?? ''), users, cases };
}

/** Unit text vector: content, of which a part is written in the language's own directions, and a little noise. */
function textOf(content: readonly number[], tag: number, maps: readonly Float64Array[], apart: number, random: RandomSource): number[] {
  const out = new Array<number>(COMMON + OWN * maps.length).fill(0);
  const map = maps[tag];
  for (let j = 0; j < COMMON; j++) out[j] = Math.sqrt(1 - apart * apart) * (content[j] ?? 0) + 0.1 * gaussian(random);
  for (let o = 0; o < OWN; o++) {
    let sum = 0;
    for (let j = 0; j < COMMON; j++) sum += (map?.[o * COMMON + j] ?? 0) * (content[j] ?? 0);
    out[COMMON + tag * OWN + o] = apart * sum;
  }
  const length = Math.hypot(...out);
  return out.map((value) => value / length);
}

function othersOf(groups: readonly number[]): Map<number, number[]> {
  const out = new Map<number, number[]>();
  for (const rows of groupBy(groups.keys(), (row) => groups[row]).values()) {
    if (rows.length === 1) continue;
    for (const row of rows) {
      const rest = rows.filter((other) => other !== row);
      out.set(row, rest);
    }
  }
  return out;
}

/** nDCG@10 of each case: its relevant rows among its candidates, for the mean of its history. @returns [cases] */
export function ndcgOfCases({ shape, parameters }: Head, vectors: Float32Array, cases: PlantedWorld['cases']): Float64Array {
  const d = shape.dimensions;
  const gather = (rows: Int32Array): Float32Array => {
    const out = new Float32Array(rows.length * d);
    rows.forEach((row, i) => {
      out.set(vectors.subarray(row * d, (row + 1) * d), i * d);
    });
    return out;
  };
  return Float64Array.from(cases, ({ history, relevant, candidates }) => {
    const scores = score(shape, meanVector(vectors, d, history), gather(candidates), parameters);
    const order = [...candidates.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b).slice(0, 10);
    const liked = new Set(relevant);
    const gain = order.reduce((sum, place, rank) => sum + (liked.has(candidates[place] as number) ? 1 / Math.log2(2 + rank) : 0), 0);
    let ideal = 0;
    for (let rank = 0; rank < Math.min(10, liked.size); rank++) ideal += 1 / Math.log2(2 + rank);
    return gain / ideal;
  });
}
