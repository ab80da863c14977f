// How languages fare in this catalogue, before and after the correction: whether lists favour the language of what was liked,
// and how much each language is seen. Items stand for readers: each is asked for what is like it.
import { RecommenderError } from '../base/errors.ts';
import { createPacer } from '../base/pacer.ts';
import { type RandomSource, sampleWithout } from '../base/random.ts';
import type { Item } from '../base/types.ts';
import { dot } from '../compute/cpu/linear.ts';
import { equalExpectedRank, languagePreference } from '../evaluation/index.ts';
import type { FairnessReport, LanguageBias } from '../protocol/engine-api.ts';

/** Items that are asked with, at most. */
const QUERIES = 200;
const LIST = 10;

export interface FairnessVectors {
  /** [items × dimensions], unit length; a zero row has no vector and takes no part. */
  vectors: Float32Array;
  dimensions: number;
}

export interface FairnessInput {
  items: readonly Item[];
  before: FairnessVectors;
  after: FairnessVectors;
  /** How the correction was made. */
  method: string;
}

/**
 * Shares of places in the ten nearest of up to 200 items drawn at random, a place weighted by 1 / log₂(1 + rank). Items of a
 * shared category count as equally fitting for PEER and for the preference rate; what needs translations is null.
 * @throws not-ready with fewer than two items that have vectors; aborted
 */
export async function fairnessReport({ items, before, after, method }: FairnessInput, random: RandomSource, signal?: AbortSignal): Promise<FairnessReport> {
  const has = ({ vectors, dimensions: d }: FairnessVectors, row: number): boolean => dot(vectors, row * d, vectors, row * d, d) > 0;
  const present = items.flatMap((_, row) => (has(before, row) && has(after, row) ? [row] : []));
  if (present.length < 2) throw new RecommenderError('not-ready', `${present.length} items have vectors; two are needed to compare. Wait for the status "ready".`, { items: present.length });
  const queries = Array.from(sampleWithout(present.length, Math.min(QUERIES, present.length), random), (at) => present[at] as number);
  const languages = new Map<string, number>();
  for (const row of present) languages.set(languageOf(items, row), (languages.get(languageOf(items, row)) ?? 0) + 1);
  const measure = (space: FairnessVectors) => biasOf({ items, present, queries, languages, ...space, signal });
  const [first, second] = [await measure(before), await measure(after)];
  return {
    languages: [...languages]
      .map(([tag, count]) => ({
        tag,
        items: count,
        catalogueShare: count / present.length,
        exposureBefore: first.exposure.get(tag) ?? 0,
        exposureAfter: second.exposure.get(tag) ?? 0,
      }))
      .sort((a, b) => b.items - a.items || (a.tag < b.tag ? -1 : 1)),
    before: first.bias,
    after: second.bias,
    method,
    dimensions: after.dimensions,
    queries: queries.length,
  };
}

const languageOf = (items: readonly Item[], row: number): string => items[row]?.language ?? 'und';

interface Space {
  items: readonly Item[];
  /** Rows that have vectors. */
  present: readonly number[];
  queries: readonly number[];
  /** Rows of each language among them. */
  languages: ReadonlyMap<string, number>;
  vectors: Float32Array;
  dimensions: number;
  signal: AbortSignal | undefined;
}

async function biasOf({ items, present, queries, languages, vectors, dimensions: d, signal }: Space): Promise<{ bias: LanguageBias; exposure: Map<string, number> }> {
  const pace = createPacer({ what: 'Measuring fairness', signal });
  const seen = new Map<string, number>();
  const scores = new Float64Array(items.length);
  const [same, fair, peer, preference] = [emptyMean(), emptyMean(), emptyMean(), emptyMean()];
  let weight = 0;
  for (const query of queries) {
    const own = languageOf(items, query);
    const others = present.filter((row) => row !== query);
    for (const row of others) scores[row] = dot(vectors, query * d, vectors, row * d, d);
    others.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
    const top = others.slice(0, LIST);
    top.forEach((row, at) => {
      const worth = 1 / Math.log2(2 + at);
      seen.set(languageOf(items, row), (seen.get(languageOf(items, row)) ?? 0) + worth);
      weight += worth;
    });
    same.add(top.filter((row) => languageOf(items, row) === own).length / top.length);
    fair.add(((languages.get(own) ?? 1) - 1) / (present.length - 1));
    const categories = new Set(items[query]?.categories);
    const ranks: number[] = [];
    const tags: string[] = [];
    others.forEach((row, at) => {
      if (!items[row]?.categories.some((category) => categories.has(category))) return;
      ranks.push(at + 1);
      tags.push(languageOf(items, row));
    });
    peer.add(equalExpectedRank(ranks, tags));
    preference.add(languagePreference(ranks, tags, own));
    await pace();
  }
  const over = same.value() ?? 0;
  return {
    bias: { sameLanguageOverFair: (fair.value() ?? 0) > 0 ? over / (fair.value() ?? 1) : over, selfMrr: null, rankCorrelation: null, peer: peer.value(), preferenceRate: preference.value() },
    exposure: new Map([...seen].map(([tag, sum]) => [tag, sum / weight])),
  };
}

/** Mean of what is a number. */
function emptyMean(): { add(value: number): void; value(): number | null } {
  let [sum, count] = [0, 0];
  return {
    add(value) {
      if (!Number.isFinite(value)) return;
      sum += value;
      count++;
    },
    value: () => (count > 0 ? sum / count : null),
  };
}
