// EASE^R (Steck 2019, "Embarrassingly shallow autoencoders for sparse data"): the best linear item-to-item model in closed form.
// It inverts the smaller of two matrices, items × items or users × users; both give the same exact scores.
import { RecommenderError, throwIfAborted } from '../../base/errors.ts';
import { createPacer, type Pace } from '../../base/pacer.ts';
import { invertSymmetric } from '../../compute/cpu/symmetric-inverse.ts';
import type { InteractionMatrix, RecommenderSystem } from '../types.ts';
import { type BinaryMatrix, checkRange, likedHistory, lowestWhereUnknown, positivesOf, rowOf, transpose } from './common.ts';

/** The square matrix takes 8 bytes a value: 288 MB. */
const LARGEST_SIDE = 6000;

export interface EaseOptions {
  /** λ, the L2 penalty on B, above 0. Default 10. */
  lambda?: number;
  /** Which square matrix to invert. Default: the smaller. */
  through?: Side;
}

/** Adds h·B of a binary history to scores [items], which are zero on entry. */
type Scorer = (items: Int32Array, scores: Float64Array) => void;

/**
 * score = h·B with B = I − P / diag(P), P = (XᵀX + λI)⁻¹ (Steck 2019, eq. 8), X the 0/1 matrix of weights above 0.
 * Unknown items get the lowest score of the known ones, because B is 0 for them and known items can score below 0.
 * @throws bad-argument; fitting rejects with bad-argument when both sides are too large, training-failed, aborted
 */
export function easeSystem({ lambda = 10, through }: EaseOptions = {}): RecommenderSystem {
  checkRange('ease', 'lambda', lambda, { min: Number.MIN_VALUE });
  return {
    name: 'ease',
    title: `EASE^R (λ = ${lambda})`,
    refuses(train) {
      const { side, length } = sideOf(train, through);
      return refusalOf(side, length);
    },
    async fit({ train, signal }) {
      const what = 'Fitting EASE';
      throwIfAborted(signal, what);
      const pace = createPacer({ signal, what });
      const x = positivesOf(train);
      const likers = transpose(x);
      const { side, length } = sideOf(train, through);
      const refusal = refusalOf(side, length);
      if (refusal !== undefined) throw new RecommenderError('bad-argument', refusal, { length, limit: LARGEST_SIDE });
      const scorer = side === 'users' ? await fitUsers(x, likers, lambda, pace) : await fitItems(x, likers, lambda, pace);
      const sums = new Float64Array(x.columnCount);
      return {
        score(history, weights, scores) {
          const liked = likedHistory(history, weights, scores, x.columnCount);
          scorer(liked.items, sums.fill(0));
          scores.set(sums);
          lowestWhereUnknown(scores, (item) => rowOf(likers, item).length > 0);
        },
      };
    },
  };
}

type Side = 'users' | 'items';

function sideOf({ userCount, itemCount }: InteractionMatrix, wanted: Side | undefined): { side: Side; length: number } {
  const side = wanted ?? (userCount < itemCount ? 'users' : 'items');
  return { side, length: side === 'users' ? userCount : itemCount };
}

function refusalOf(side: Side, length: number): string | undefined {
  if (length <= LARGEST_SIDE) return undefined;
  return `EASE would invert a matrix of ${length} × ${length} ${side}; the limit is ${LARGEST_SIDE}. Leave out rare items or take fewer users.`;
}

/** Lower triangle of AAᵀ + λI for a 0/1 matrix. @returns [rows × rows] */
async function gram(a: BinaryMatrix, columns: BinaryMatrix, lambda: number, pace: Pace): Promise<Float64Array> {
  const n = a.rowCount;
  const out = new Float64Array(n * n);
  for (let row = 0; row < n; row++) {
    for (const column of rowOf(a, row)) {
      for (const other of rowOf(columns, column)) {
        if (other > row) break;
        out[row * n + other] = (out[row * n + other] as number) + 1;
      }
    }
    out[row * n + row] = (out[row * n + row] as number) + lambda;
    await pace();
  }
  return out;
}

/** B itself, [items × items]. */
async function fitItems(x: BinaryMatrix, likers: BinaryMatrix, lambda: number, pace: Pace): Promise<Scorer> {
  const n = x.columnCount;
  const b = await gram(likers, x, lambda, pace);
  await invertSymmetric(b, n, pace);
  const diagonal = Float64Array.from({ length: n }, (_, j) => b[j * n + j] as number);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) b[i * n + j] = i === j ? 0 : -(b[i * n + j] as number) / (diagonal[j] as number);
  }
  return (items, scores) => {
    for (const i of items) for (let j = 0; j < n; j++) scores[j] = (scores[j] as number) + (b[i * n + j] as number);
  };
}

/**
 * Woodbury: P = (I − XᵀMX) / λ with M = (XXᵀ + λI)⁻¹, [users × users]. As h·B = h − (h·P) / diag(P), λ cancels:
 * (h·B)_j = h_j − (h − XᵀMXh)_j / (1 − x_jᵀMx_j), x_j being column j of X. B itself is never stored.
 */
async function fitUsers(x: BinaryMatrix, likers: BinaryMatrix, lambda: number, pace: Pace): Promise<Scorer> {
  const n = x.rowCount;
  const m = await gram(x, likers, lambda, pace);
  await invertSymmetric(m, n, pace);
  /** [items] 1 − x_jᵀMx_j = λ P_jj, above 0 */
  const diagonal = new Float64Array(x.columnCount);
  for (let j = 0; j < x.columnCount; j++) {
    const users = rowOf(likers, j);
    let sum = 0;
    for (const u of users) for (const v of users) sum += m[u * n + v] as number;
    diagonal[j] = 1 - sum;
    await pace();
  }
  const xh = new Float64Array(n);
  return (items, scores) => {
    xh.fill(0);
    for (const i of items) for (const u of rowOf(likers, i)) xh[u] = (xh[u] as number) + 1;
    for (let u = 0; u < n; u++) {
      let sum = 0;
      for (let v = 0; v < n; v++) sum += (m[u * n + v] as number) * (xh[v] as number);
      for (const j of rowOf(x, u)) scores[j] = (scores[j] as number) + sum;
    }
    // Here scores hold XᵀMXh. With h_j = 0: s / d; with h_j = 1: 1 − (1 − s) / d.
    for (let j = 0; j < scores.length; j++) scores[j] = (scores[j] as number) / (diagonal[j] as number);
    for (const i of items) scores[i] = (scores[i] as number) + 1 - 1 / (diagonal[i] as number);
  };
}
