// How much a text's language decides what is near to it: the four numbers of the protocol "Language bias". Each item is shown in one of
// its languages, and its text in every language is a query. Tests and benchmarks measure by it.
import { RecommenderError } from '../../base/errors.ts';
import { dot } from '../../compute/cpu/linear.ts';

export interface BiasInput {
  /** [items × languages × dimensions], unit rows; a zero row stands for a missing text. */
  vectors: Float32Array;
  items: number;
  languages: number;
  dimensions: number;
  /** Language (number) in which each item is shown. */
  shown: ArrayLike<number>;
  /** [items], added to every score of the shown item (`itemBias`). */
  bias?: Float32Array;
  /** Categories of each item; without them there is no category precision. */
  categories?: readonly (readonly string[])[];
  /** Length of the lists. Default 10. */
  k?: number;
}

export interface MeasuredBias {
  /** Share of the top k (without the item itself) that is shown in the query's language. */
  sameLanguageShare: number;
  /** `sameLanguageShare` over the share expected by chance; 1 is fair. */
  sameLanguageOverFair: number;
  /** Mean of 1 / rank of the same item, shown in another language than the query's. */
  selfReciprocalRank: number;
  /** Share of the top k (without the item itself) that has a category of the query's item; NaN without categories. */
  categoryPrecision: number;
  /** Mean Spearman correlation between the full rankings by an item's queries in two languages. */
  rankCorrelation: number;
  /** Means of each item’s queries [items], NaN where an item had none: for intervals over items. */
  perItem: { selfReciprocalRank: Float64Array; categoryPrecision: Float64Array };
}

/**
 * Measures language bias. Cost: (items × languages) × items products of `dimensions`.
 * @throws bad-vector when sizes do not fit, bad-argument when an item is shown in a language that it lacks
 */
export function measureLanguageBias(input: BiasInput): MeasuredBias {
  check(input);
  const { items, languages, dimensions: d, vectors, shown, bias, categories, k = 10 } = input;
  const at = (item: number, language: number): number => (item * languages + language) * d;
  const exists = (item: number, language: number): boolean => dot(vectors, at(item, language), vectors, at(item, language), d) > 0;
  const shares = categories ? categoryTable(categories) : undefined;
  const shownIn = new Int32Array(languages);
  for (let i = 0; i < items; i++) shownIn[shown[i] as number] = (shownIn[shown[i] as number] as number) + 1;

  const same = emptyMean();
  const fair = emptyMean();
  const self = emptyMean();
  const precise = emptyMean();
  const agreement = emptyMean();
  const perItem = { selfReciprocalRank: new Float64Array(items).fill(Number.NaN), categoryPrecision: new Float64Array(items).fill(Number.NaN) };
  const scores = new Float64Array(items);
  for (let item = 0; item < items; item++) {
    const ownSelf = emptyMean();
    const ownPrecise = emptyMean();
    const rankSum = new Float64Array(items);
    let asked = 0;
    for (let language = 0; language < languages; language++) {
      if (!exists(item, language)) continue;
      for (let c = 0; c < items; c++) scores[c] = dot(vectors, at(item, language), vectors, at(c, shown[c] as number), d) + (bias?.[c] ?? 0);
      asked++;
      addNormalisedRanks(rankSum, scores);
      if (language !== shown[item]) add(ownSelf, 1 / rankOf(scores, item));
      const top = topOthers(scores, item, k);
      let hits = 0;
      for (const c of top) {
        if (shown[c] === language) hits++;
        if (shares) add(ownPrecise, shares(item, c) ? 1 : 0);
      }
      add(same, hits / top.length);
      add(fair, ((shownIn[language] as number) - (shown[item] === language ? 1 : 0)) / (items - 1));
    }
    if (ownSelf.count > 0) perItem.selfReciprocalRank[item] = average(ownSelf);
    if (ownPrecise.count > 0) perItem.categoryPrecision[item] = average(ownPrecise);
    merge(self, ownSelf);
    merge(precise, ownPrecise);
    // Rank vectors have length 1, so |Σ r|² = asked + Σ of the correlations of all ordered pairs.
    let squared = 0;
    for (const value of rankSum) squared += value * value;
    const pairs = asked * (asked - 1);
    if (pairs > 0) add(agreement, (squared - asked) / pairs, pairs / 2);
  }
  return {
    sameLanguageShare: average(same),
    sameLanguageOverFair: average(same) / average(fair),
    selfReciprocalRank: average(self),
    categoryPrecision: average(precise),
    rankCorrelation: average(agreement),
    perItem,
  };
}

interface Mean {
  sum: number;
  count: number;
}

const emptyMean = (): Mean => ({ sum: 0, count: 0 });
const average = ({ sum, count }: Mean): number => (count > 0 ? sum / count : Number.NaN);

function add(mean: Mean, value: number, weight = 1): void {
  mean.sum += value * weight;
  mean.count += weight;
}

function merge(mean: Mean, other: Mean): void {
  mean.sum += other.sum;
  mean.count += other.count;
}

function check({ vectors, items, languages, dimensions, shown, bias }: BiasInput): void {
  if (vectors.length !== items * languages * dimensions || shown.length !== items || (bias && bias.length !== items)) {
    throw new RecommenderError(
      'bad-vector',
      `${vectors.length} values, ${shown.length} shown languages: not ${items} items in ${languages} languages of ${dimensions} dimensions.`,
    );
  }
  for (let i = 0; i < items; i++) {
    const start = (i * languages + (shown[i] as number)) * dimensions;
    if ((shown[i] as number) < languages && dot(vectors, start, vectors, start, dimensions) > 0) continue;
    throw new RecommenderError('bad-argument', `Item ${i} is shown in language ${shown[i]}, in which it has no text. Show it in one that it has.`);
  }
}

/** 1 + the number of better scores. */
function rankOf(scores: Float64Array, item: number): number {
  let rank = 1;
  for (const score of scores) if (score > (scores[item] as number)) rank++;
  return rank;
}

/** The k best without `item`; ties by number. */
function topOthers(scores: Float64Array, item: number, k: number): number[] {
  const top: number[] = [];
  scores.forEach((score, c) => {
    if (c === item || (top.length === k && score <= (scores[top[k - 1] as number] as number))) return;
    let place = top.length;
    while (place > 0 && (scores[top[place - 1] as number] as number) < score) place--;
    top.splice(place, 0, c);
    if (top.length > k) top.pop();
  });
  return top;
}

/** Adds the ranks of scores (ties share their mean), centred and of length 1: dot products of such vectors are Spearman's ρ. */
function addNormalisedRanks(sum: Float64Array, scores: Float64Array): void {
  const n = scores.length;
  const order = new Uint32Array(n).map((_, i) => i).sort((a, b) => (scores[a] as number) - (scores[b] as number));
  const ranks = new Float64Array(n);
  for (let from = 0; from < n; ) {
    let to = from + 1;
    while (to < n && scores[order[to] as number] === scores[order[from] as number]) to++;
    for (let i = from; i < to; i++) ranks[order[i] as number] = (from + to - 1) / 2 - (n - 1) / 2;
    from = to;
  }
  let squared = 0;
  for (const rank of ranks) squared += rank * rank;
  if (squared === 0) return;
  const scale = 1 / Math.sqrt(squared);
  for (let i = 0; i < n; i++) sum[i] = (sum[i] as number) + (ranks[i] as number) * scale;
}

function categoryTable(categories: readonly (readonly string[])[]): (a: number, b: number) => boolean {
  const sets = categories.map((names) => new Set(names));
  return (a, b) => categories[b]?.some((name) => sets[a]?.has(name)) ?? false;
}
