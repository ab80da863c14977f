// Chooses the method and the number of dimensions: by held-out translations where the catalogue has enough. Otherwise by neighbourhoods:
// few neighbours of a row should be in its own language, and its nearest of the same language should stay the nearest.
import { groupBy } from '../../base/group-by.ts';
import { type RandomSource, shuffle } from '../../base/random.ts';
import { dot } from '../../compute/cpu/linear.ts';
import { correctRows } from './apply.ts';
import type { Material } from './build.ts';
import type { Translations } from './covariances.ts';
import { gatherRows } from './matrix.ts';
import type { Candidate, FitReport, LanguageCorrection } from './types.ts';

/** Held-out items needed to compare reciprocal ranks; with 20 the standard error is about 0.06. */
export const LEAST_HELD_OUT_ITEMS = 20;
/** Penalty for each fair share of the query's own language beyond the first, in units of the mean of reciprocal rank and agreement. */
const PRICE_OF_EXCESS = 0.1;
/** A method that keeps a smaller share of a row's nearest in its own language would make same-language lists worse. */
const LEAST_PRESERVED = 0.5;
/** Smaller differences are chance. `unfairness`: logarithm of the own language's share over the fair one. */
const TOLERANCE = { value: 0.003, unfairness: 0.25 } as const;

const LIST = 10;
const NEIGHBOURS = 5;
/** Queries between two turns of the event loop. */
const QUERIES_AT_ONCE = 64;
const LIMITS = { items: 250, queriesPerItem: 3, mixedRows: 512, languages: 6, rowsPerLanguage: 64 } as const;

/** Rows to compare candidates on, drawn once. */
export interface Trial {
  /** Held-out items, each with the row shown and rows that ask; undefined when there are too few. */
  items: readonly { shown: number; asking: readonly number[] }[] | undefined;
  mixed: readonly number[];
  /** Rows of one language each. */
  monolingual: readonly (readonly number[])[];
}

export function drawTrial({ present, tags, itemRows }: Material, heldOut: Translations, random: RandomSource): Trial {
  const tagged = shuffle([...present], random).filter((row) => tags[row] !== undefined);
  const items = heldOut.slice(0, LIMITS.items).map((item) => {
    const [shown, ...asking] = shuffle(
      item.map((place) => itemRows[place] as number),
      random,
    );
    return { shown: shown as number, asking: asking.slice(0, LIMITS.queriesPerItem) };
  });
  return {
    items: items.length >= LEAST_HELD_OUT_ITEMS ? items : undefined,
    mixed: tagged.slice(0, LIMITS.mixedRows),
    monolingual: [...groupBy(tagged, (row) => tags[row]).values()]
      .filter((rows) => rows.length > 2 * NEIGHBOURS)
      .sort((a, b) => b.length - a.length)
      .slice(0, LIMITS.languages)
      .map((rows) => rows.slice(0, LIMITS.rowsPerLanguage)),
  };
}

/**
 * @param centred neighbourhoods of the correction `centre`: the share of them that stays is `preserved`
 * @param turn awaited about every 50 ms
 */
export async function tryCandidate(
  correction: LanguageCorrection,
  centred: Neighbourhoods,
  material: Material,
  trial: Trial,
  turn: () => Promise<void>,
): Promise<Candidate> {
  const own = await neighbourhoods(correction, material, trial, turn);
  const about = { method: correction.method, dimensions: correction.dimensions, preserved: preservedShare(own, centred) };
  await turn();
  if (!trial.items) {
    const rows = correctedRows(correction, material, trial.mixed);
    const tags = trial.mixed.map((row) => material.tags[row]);
    const asking = tags.map((tag, i) => ({ vector: i, tag, self: i }));
    return { ...about, sameLanguageOverFair: (await lists(rows, correction.dimensions, tags, rows, asking, turn)).sameLanguageOverFair };
  }
  const shown = trial.items.map((item) => item.shown);
  const queries = trial.items.flatMap((item, self) => item.asking.map((row) => ({ row, self })));
  const found = await lists(
    correctedRows(correction, material, shown),
    correction.dimensions,
    shown.map((row) => material.tags[row]),
    correctedRows(
      correction,
      material,
      queries.map(({ row }) => row),
    ),
    queries.map(({ row, self }, vector) => ({ vector, tag: material.tags[row], self })),
    turn,
  );
  return { ...about, ...found };
}

/** The best candidate by the criterion; the first of equals. @param candidates at least one */
export function choose(candidates: readonly Candidate[], criterion: FitReport['criterion']): Candidate | undefined {
  const keeping = candidates.filter((candidate) => candidate.preserved >= LEAST_PRESERVED);
  const eligible = keeping.length > 0 ? keeping : candidates;
  if (criterion === 'translations') {
    const value = ({ selfReciprocalRank = 0, agreement = 0, sameLanguageOverFair }: Candidate) =>
      (selfReciprocalRank + agreement) / 2 - PRICE_OF_EXCESS * Math.max(0, sameLanguageOverFair - 1);
    const best = Math.max(...eligible.map(value));
    const near = eligible.filter((candidate) => value(candidate) >= best - TOLERANCE.value);
    return near.sort((a, b) => a.dimensions - b.dimensions || value(b) - value(a))[0];
  }
  return chooseByNeighbours(eligible);
}

/**
 * Translations of other texts helped on every catalogue measured, and shares of few rows tell little. So `lda` is chosen (the one that
 * preserves most), unless it shows the query's own language more than `centre` does. Otherwise the candidate nearest to fair is chosen;
 * too little of the own language is as wrong as too much.
 */
function chooseByNeighbours(eligible: readonly Candidate[]): Candidate | undefined {
  const centred = eligible.find(({ method }) => method === 'centre')?.sameLanguageOverFair ?? Number.POSITIVE_INFINITY;
  const byPreserved = (a: Candidate, b: Candidate) => b.preserved - a.preserved || a.dimensions - b.dimensions;
  const informed = eligible.filter(({ method, sameLanguageOverFair }) => method === 'lda' && sameLanguageOverFair <= Math.max(centred, 1));
  if (informed.length > 0) return informed.sort(byPreserved)[0];
  const unfairness = ({ sameLanguageOverFair }: Candidate) => Math.abs(Math.log(Math.max(sameLanguageOverFair, 0.01)));
  const least = Math.min(...eligible.map(unfairness));
  return eligible.filter((candidate) => unfairness(candidate) <= least + TOLERANCE.unfairness).sort(byPreserved)[0];
}

function correctedRows(correction: LanguageCorrection, { raw, dimensions: d, tags }: Material, rows: readonly number[]): Float32Array {
  return correctRows(
    correction,
    gatherRows(raw, rows, d),
    rows.map((row) => tags[row]),
  );
}

/** @param queries `self`: position of the shown row of the query's own item, which is not part of its list */
async function lists(
  shown: Float32Array,
  d: number,
  shownTags: readonly (string | undefined)[],
  vectors: Float32Array,
  queries: readonly { vector: number; tag: string | undefined; self: number }[],
  turn: () => Promise<void>,
): Promise<{ sameLanguageOverFair: number; selfReciprocalRank: number; agreement: number }> {
  const perTag = new Map<string | undefined, number>();
  for (const tag of shownTags) perTag.set(tag, (perTag.get(tag) ?? 0) + 1);
  let same = 0;
  let fair = 0;
  let reciprocal = 0;
  const all: number[][] = [];
  const k = Math.min(LIST, shownTags.length - 1);
  for (const [i, { vector, tag, self }] of queries.entries()) {
    if (i % QUERIES_AT_ONCE === 0) await turn();
    const scores = shownTags.map((_, i) => dot(vectors, vector * d, shown, i * d, d));
    const own = scores[self] as number;
    all.push(scores);
    reciprocal += 1 / (1 + scores.filter((score) => score > own).length);
    for (const place of nearest(scores, self, k)) if (shownTags[place] === tag) same++;
    fair += (k * ((perTag.get(tag) ?? 0) - (shownTags[self] === tag ? 1 : 0))) / (shownTags.length - 1);
  }
  return {
    sameLanguageOverFair: fair > 0 ? same / fair : 1,
    selfReciprocalRank: queries.length > 0 ? reciprocal / queries.length : 0,
    agreement: meanAgreement(
      all,
      queries.map((query) => query.self),
    ),
  };
}

/**
 * Mean correlation between the scores by queries of one item. The mean score of each shown item is subtracted first: otherwise what all
 * queries share (a constant in all vectors, an item near to everything) would count as agreement.
 * @param scores [queries] of [shown] @param items number of each query's item
 */
function meanAgreement(scores: readonly (readonly number[])[], items: readonly number[]): number {
  const shown = scores[0]?.length ?? 0;
  const common = new Float64Array(shown);
  for (const row of scores) for (let i = 0; i < shown; i++) common[i] = (common[i] as number) + (row[i] as number) / scores.length;
  const sums = new Map<number, { sum: Float64Array; asked: number }>();
  scores.forEach((row, query) => {
    const own = Float64Array.from(row, (score, i) => score - (common[i] as number));
    const mean = own.reduce((sum, value) => sum + value, 0) / shown;
    const length = Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0)) || 1;
    const item = items[query] as number;
    const entry = sums.get(item) ?? { sum: new Float64Array(shown), asked: 0 };
    sums.set(item, entry);
    entry.asked++;
    for (let i = 0; i < shown; i++) entry.sum[i] = (entry.sum[i] as number) + ((own[i] as number) - mean) / length;
  });
  // The added vectors have length 1, so |Σ u|² = asked + Σ of the correlations of all ordered pairs.
  let sum = 0;
  let pairs = 0;
  for (const { sum: vector, asked } of sums.values()) {
    sum += vector.reduce((total, value) => total + value * value, 0) - asked;
    pairs += asked * (asked - 1);
  }
  return pairs > 0 ? sum / pairs : 0;
}

/** Positions of the k best scores without `self`; ties by position. */
function nearest(scores: readonly number[], self: number, k: number): number[] {
  return scores
    .map((_, i) => i)
    .filter((i) => i !== self)
    .sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
    .slice(0, k);
}

/** For each monolingual row, its nearest rows of the same language. */
export type Neighbourhoods = readonly (readonly number[])[];

export async function neighbourhoods(
  correction: LanguageCorrection,
  material: Material,
  { monolingual }: Trial,
  turn: () => Promise<void>,
): Promise<Neighbourhoods> {
  const sets: number[][] = [];
  for (const rows of monolingual) {
    await turn();
    sets.push(...neighbourSets(correctedRows(correction, material, rows), correction.dimensions));
  }
  return sets;
}

/** 1 where no language has enough rows to tell. */
function preservedShare(now: Neighbourhoods, before: Neighbourhoods): number {
  let kept = 0;
  let total = 0;
  now.forEach((set, i) => {
    for (const j of set) if (before[i]?.includes(j)) kept++;
    total += set.length;
  });
  return total > 0 ? kept / total : 1;
}

function neighbourSets(vectors: Float32Array, d: number): number[][] {
  const n = vectors.length / d;
  return Array.from({ length: n }, (_, i) => {
    const scores = Array.from({ length: n }, (_, j) => dot(vectors, i * d, vectors, j * d, d));
    return nearest(scores, i, NEIGHBOURS);
  });
}
