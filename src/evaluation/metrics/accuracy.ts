// Accuracy of one case from the ranks of its relevant items among all candidates, never among sampled negatives: samples can
// reverse the order of systems (Krichene and Rendle 2020, "On sampled metrics for item recommendation").
// Each is the mean over all orders of equal scores (see ties.ts). Relevance is binary. R: relevant items of the case.
import type { Standing, TieGroup } from './ties.ts';

/** n → Σ of `term(rank)` over ranks 1 … n. Sums are kept, so that a group of thousands of equal scores costs O(1). */
function prefixSums(term: (rank: number) => number): (n: number) => number {
  const sums = [0];
  return (n) => {
    while (sums.length <= n) sums.push((sums[sums.length - 1] as number) + term(sums.length));
    return sums[n] as number;
  };
}

const discounts = prefixSums((rank) => 1 / Math.log2(1 + rank));
const reciprocals = prefixSums((rank) => 1 / rank);

/** Mean over the ranks of this group of 1 / log₂(1 + rank) where rank ≤ k, else 0. */
export function expectedDiscount({ above, size }: Pick<TieGroup, 'above' | 'size'>, k: number): number {
  const last = Math.min(k, above + size);
  return last <= above ? 0 : (discounts(last) - discounts(above)) / size;
}

/**
 * nDCG@k = DCG@k / ideal DCG@k, DCG@k = Σ over relevant ranks r ≤ k of 1 / log₂(1 + r), ideal: min(k, R) relevant items first.
 * Source: Järvelin and Kekäläinen 2002, with the discount of Burges et al. 2005.
 */
export function ndcgAt({ groups, relevant }: Standing, k: number): number {
  let gain = 0;
  for (const group of groups) gain += group.relevant * expectedDiscount(group, k);
  return gain / discounts(Math.min(k, relevant));
}

/** Recall@k = relevant items among the first k / R. */
export function recallAt({ groups, relevant }: Standing, k: number): number {
  let found = 0;
  for (const { above, size, relevant: here } of groups) found += (here * Math.max(0, Math.min(k - above, size))) / size;
  return found / relevant;
}

/** Probability that none of the first `places` of `size` items in random order is one of `relevant`: C(size − places, relevant) / C(size, relevant). */
function missProbability(size: number, relevant: number, places: number): number {
  if (places > size - relevant) return 0;
  let probability = 1;
  for (let one = 0; one < relevant; one++) probability *= (size - places - one) / (size - one);
  return probability;
}

/** Hit rate@k: 1 when a relevant item is among the first k, else 0. */
export function hitAt({ groups }: Standing, k: number): number {
  const [first] = groups;
  if (!first || k <= first.above) return 0;
  return 1 - missProbability(first.size, first.relevant, Math.min(k - first.above, first.size));
}

/**
 * Reciprocal rank: 1 / rank of the first relevant item; its mean over cases is MRR. Source: Voorhees 1999 (TREC-8 QA track).
 * In a group of m with g relevant, the first is at place j with probability C(m − j, g − 1) / C(m, g).
 */
export function reciprocalRank({ groups }: Standing): number {
  const [first] = groups;
  if (!first) return 0;
  const { above, size, relevant } = first;
  if (relevant === 1) return (reciprocals(above + size) - reciprocals(above)) / size;
  let mean = 0;
  let probability = relevant / size;
  for (let place = 1; place <= size - relevant + 1; place++) {
    mean += probability / (above + place);
    probability *= (size - relevant - place + 1) / (size - place);
  }
  return mean;
}

/**
 * Average precision = (1 / R) · Σ over relevant ranks r of (relevant items at or above r) / r; its mean over cases is MAP.
 * Source: Buckley and Voorhees 2000. In a group of m with g relevant items, after p relevant items above it, place i adds
 * (g / m) · (p + 1 + (i − 1)(g − 1) / (m − 1)) / (above + i).
 */
export function averagePrecision({ groups, relevant }: Standing): number {
  let sum = 0;
  let before = 0;
  for (const { above, size, relevant: here } of groups) {
    const ratio = size > 1 ? (here - 1) / (size - 1) : 0;
    // Σ (p + 1 + (i − 1)·ratio) / (above + i), with i − 1 = (above + i) − (above + 1)
    const inverse = reciprocals(above + size) - reciprocals(above);
    sum += (here / size) * ((before + 1 - ratio * (above + 1)) * inverse + ratio * size);
    before += here;
  }
  return sum / relevant;
}
