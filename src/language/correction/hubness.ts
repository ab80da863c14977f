// Hubs are items that are near to everything: they fill every list, most of all across languages. Each item gets a bias that lowers its
// scores by its mean cosine with its nearest neighbours. The bias depends on the item alone, so an inner-product index can hold it.
import { seededRandom, shuffle } from '../../base/random.ts';
import { dot } from '../../compute/cpu/linear.ts';
import { isZeroRow } from './means.ts';

/**
 * CSLS (Conneau et al. 2018, arXiv:1710.04087): 2 cos(x, y) − r(x) − r(y); r of the query changes no order, so bias = −r / 2. A higher weight
 * makes rankings of translations agree more, and lists hold a little less of the same category; more neighbours raise both (apps, five
 * halves, 1,024 references, weight and share of neighbours: 0.65 and 2 % → agreement 0.782, category precision 0.1695; 0.8 and 4 % → 0.782,
 * 0.1703; 0.95 and 6 % → 0.784, 0.1703; 0.8 and 2 % → 0.792, 0.166).
 */
export const HUBNESS_WEIGHT = 0.95;
/**
 * Rows that r is measured against. More references find the same item better (256 → 0.867, 1,024 → 0.872), but each costs a product with
 * every row of the catalogue: as many are drawn as keep the products within `MOST_PRODUCTS`.
 */
const REFERENCES = { least: 256, most: 1024 } as const;
const MOST_PRODUCTS = 2 ** 24;
/** Share of the references that r is the mean of: the nearest ones. */
const NEIGHBOUR_SHARE = 0.06;
/**
 * The stored bias is multiplied by this and the query's factor divided by it. Otherwise the query's factor would be its largest value by
 * far, and int8 would leave few steps to the others. With 3 it is about as large as the largest of the others.
 */
const BIAS_SCALE = 3;
/** A reference with a higher cosine is the row itself or a copy of it. */
const SAME = 0.9999;

/** Draws the references from these row numbers with a fixed seed: 1,024; of more than 16,000 rows fewer, at least 256. */
export function drawReferences(rows: readonly number[]): number[] {
  const count = Math.floor(MOST_PRODUCTS / Math.max(1, rows.length));
  return shuffle([...rows], seededRandom(rows.length)).slice(0, Math.min(REFERENCES.most, Math.max(REFERENCES.least, count)));
}

/** How many of the nearest references are averaged: 6 %, at least one. */
export function neighboursFor(references: number): number {
  return Math.max(1, Math.round(references * NEIGHBOUR_SHARE));
}

/**
 * −weight · (mean cosine with the nearest references), a number per row to be added to its cosine with a query.
 * @param rows [rows × d], unit length @param references [references × d] @returns [rows]; 0 for zero rows
 */
export function itemBias(
  rows: Float32Array,
  d: number,
  { references, neighbours, weight }: { references: Float32Array; neighbours: number; weight: number },
): Float32Array {
  const bias = new Float32Array(rows.length / d);
  const count = references.length / d;
  if (weight === 0 || count === 0) return bias;
  const k = Math.min(neighbours, count);
  const nearest = new Float64Array(k); // largest first
  for (let row = 0; row < bias.length; row++) {
    if (isZeroRow(rows, row, d)) continue;
    nearest.fill(Number.NEGATIVE_INFINITY);
    for (let r = 0; r < count; r++) {
      const cosine = dot(rows, row * d, references, r * d, d);
      if (cosine > SAME || cosine <= (nearest[k - 1] as number)) continue;
      let at = k - 1;
      for (; at > 0 && (nearest[at - 1] as number) < cosine; at--) nearest[at] = nearest[at - 1] as number;
      nearest[at] = cosine;
    }
    // Fewer than k where few references are there; none where all are copies of the row, which then counts as near to everything.
    let [sum, found] = [0, 0];
    for (const cosine of nearest) {
      if (cosine < -1) break;
      sum += cosine;
      found++;
    }
    bias[row] = -weight * (found > 0 ? sum / found : 1);
  }
  return bias;
}

/** Rows for an inner-product index: the corrected row and its bias as one more dimension. @returns [rows × (d + 1)] */
export function indexRows(rows: Float32Array, d: number, bias: Float32Array): Float32Array {
  const out = new Float32Array(bias.length * (d + 1));
  for (let row = 0; row < bias.length; row++) {
    out.set(rows.subarray(row * d, (row + 1) * d), row * (d + 1));
    out[row * (d + 1) + d] = BIAS_SCALE * (bias[row] as number);
  }
  return out;
}

/** The query for such an index. @param vector [d] @param biasWeight times the bias is added to the score; default |vector| @returns [d + 1] */
export function indexQuery(vector: Float32Array, biasWeight = Math.sqrt(dot(vector, 0, vector, 0, vector.length))): Float32Array {
  const out = new Float32Array(vector.length + 1);
  out.set(vector);
  out[vector.length] = biasWeight / BIAS_SCALE;
  return out;
}
