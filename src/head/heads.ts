// One interface over all heads: logits of users and items, and the query with which an index of item vectors can rank.
import { RecommenderError } from '../base/errors.ts';
import { cpuSession, type DenseSessionFactory, type Floats } from '../compute/cpu/dense.ts';
import { concatLinearHead, linearProbeHead } from './affine.ts';
import { bilinearHead, dotHead } from './bilinear.ts';
import { checkParameters, isPersonal, type ResolvedShape, resolveShape } from './layout.ts';
import { mlpHead } from './mlp.ts';
import type { HeadMath } from './pass.ts';
import type { HeadKind, HeadShape } from './types.ts';

export const HEAD_MATH: Readonly<Record<HeadKind, HeadMath>> = {
  'concat-linear': concatLinearHead,
  dot: dotHead,
  bilinear: bilinearHead,
  mlp: mlpHead,
  'linear-probe': linearProbeHead,
};

/** Most users and items that are scored at once: work arrays stay at a few megabytes. */
const BLOCK = { users: 32, items: 256 };

export interface ScoreOptions {
  /** [users] whose parameters are used, where the head has some for each user. Default 0 for all. */
  persons?: Int32Array;
  /** Where scores are computed. Default plain TypeScript. */
  session?: DenseSessionFactory<Float32Array>;
}

/**
 * Logits of every user with every item; σ of one is its score. The order of items is that of the logits.
 * @param users [U × dimensions] @param items [N × dimensions] @param parameters as laid out at `HeadShape`
 * @returns [U × N]
 * @throws bad-head when the parameters do not fit the shape, bad-vector when a length is no multiple of the dimensions,
 *   bad-argument for a person without parameters
 */
export function score(
  shape: HeadShape,
  users: Float32Array,
  items: Float32Array,
  parameters: Float32Array,
  { persons, session = cpuSession }: ScoreOptions = {},
): Float32Array {
  const resolved = resolveShape(shape);
  checkParameters(shape, parameters);
  const [userCount, itemCount] = [rowsOf(users, resolved.dimensions), rowsOf(items, resolved.dimensions)];
  const who = persons ?? new Int32Array(userCount);
  checkPersons(resolved, who, userCount);
  const out = new Float32Array(userCount * itemCount);
  const scoreBlock = blockScorer(resolved, parameters, session, Math.min(BLOCK.users, userCount), Math.min(BLOCK.items, itemCount));
  for (let user = 0; user < userCount; user += BLOCK.users) {
    for (let item = 0; item < itemCount; item += BLOCK.items) {
      const [size, candidates] = [Math.min(BLOCK.users, userCount - user), Math.min(BLOCK.items, itemCount - item)];
      const d = resolved.dimensions;
      const logits = scoreBlock(
        users.subarray(user * d, (user + size) * d),
        items.subarray(item * d, (item + candidates) * d),
        who.subarray(user, user + size),
      );
      for (let i = 0; i < size; i++) out.set(logits.subarray(i * candidates, (i + 1) * candidates), (user + i) * itemCount + item);
    }
  }
  return out;
}

function blockScorer(shape: ResolvedShape, parameters: Float32Array, session: DenseSessionFactory<Float32Array>, size: number, candidates: number) {
  const { dimensions: d, kind } = shape;
  const math = HEAD_MATH[kind];
  const lengths = [parameters.length, size * d, candidates * d, size * candidates, ...math.workspace(shape, { size, candidates, shared: true })];
  const { kernels, arrays } = session(lengths);
  const [values, users, items, logits, ...work] = arrays as [Float32Array, Float32Array, Float32Array, Float32Array, ...Float32Array[]];
  values.set(parameters);
  // Scoring never goes backward, so the gradient may be any array of the right length.
  const pass = math.bind({ shape, kernels, parameters: values, gradient: values, work });
  return (userRows: Float32Array, itemRows: Float32Array, persons: Int32Array): Float32Array => {
    users.set(userRows);
    items.set(itemRows);
    pass.forward({ size: userRows.length / d, candidates: itemRows.length / d, shared: true, users, items, persons }, logits);
    return logits;
  };
}

export interface HeadQuery {
  /** [dimensions] */
  vector: Float32Array;
  offset: number;
  /** True: logit(v) = vector·v + offset. False (`mlp`): vector·v + offset is only its part s (u·v) + b; re-score a shortlist with `score`. */
  exact: boolean;
}

/**
 * The query with which an index over item vectors ranks as the head does for this user.
 * @param user [dimensions] (not read by `linear-probe`) @param person whose parameters, where the head has some per user
 * @throws bad-head, bad-vector, bad-argument as `score`
 */
export function queryOf(shape: HeadShape, user: Float32Array, parameters: Float32Array, person = 0): HeadQuery {
  const resolved = resolveShape(shape);
  const { kind, dimensions: d, rank: r } = resolved;
  checkParameters(shape, parameters);
  if (user.length !== d) throw new RecommenderError('bad-vector', `The user vector has ${user.length} dimensions; the head takes ${d}.`, { d });
  checkPersons(resolved, Int32Array.of(person), 1);
  if (isPersonal(kind)) {
    const own = kind === 'concat-linear' ? d : 0;
    const at = person * (own + d + 1);
    let offset = parameters[at + own + d] as number;
    for (let j = 0; j < own; j++) offset += (parameters[at + j] as number) * (user[j] as number);
    return { vector: parameters.slice(at + own, at + own + d), offset, exact: true };
  }
  const scale = Math.exp(parameters[parameters.length - 2] as number);
  const moved = kind === 'bilinear' ? throughRank(user, parameters, d, r) : undefined;
  return {
    vector: user.map((value, j) => scale * (value + (moved?.[j] ?? 0))),
    offset: parameters[parameters.length - 1] as number,
    exact: kind !== 'mlp',
  };
}

/** B (Aᵀ u) for [A: d × r][B: d × r] */
function throughRank(user: Float32Array, parameters: Float32Array, d: number, r: number): Float64Array {
  const low = new Float64Array(r);
  for (let j = 0; j < d; j++) {
    for (let c = 0; c < r; c++) low[c] = (low[c] as number) + (user[j] as number) * (parameters[j * r + c] as number);
  }
  return Float64Array.from({ length: d }, (_, j) => low.reduce((sum, value, c) => sum + value * (parameters[(d + j) * r + c] as number), 0));
}

/** @throws bad-vector when the length is no multiple of the dimensions */
export function rowsOf(vectors: Floats, dimensions: number): number {
  const rows = vectors.length / dimensions;
  if (!Number.isInteger(rows)) {
    throw new RecommenderError('bad-vector', `${vectors.length} values are not rows of ${dimensions} dimensions.`, { dimensions });
  }
  return rows;
}

/** @throws bad-argument when a person has no parameters, or a user no person */
function checkPersons({ users, kind }: ResolvedShape, persons: Int32Array, count: number): void {
  const limit = isPersonal(kind) ? users : Number.POSITIVE_INFINITY;
  const bad = persons.find((person) => person < 0 || person >= limit);
  if (bad !== undefined || persons.length !== count) {
    const found = bad === undefined ? `${persons.length} persons for ${count} users` : `person ${bad}`;
    throw new RecommenderError('bad-argument', `The head '${kind}' has parameters of ${users} persons; got ${found}.`, { users });
  }
}
