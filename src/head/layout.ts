// Where each parameter of a head is in the flat array, and the initial parameters. The layouts are those of `HeadShape`. Head files and
// GPU kernels depend on them, so another layout needs a new kind.
import { RecommenderError } from '../base/errors.ts';
import { gaussian } from '../base/random.ts';
import type { Floats, HeadKind, HeadShape, Segment } from './types.ts';

/** A shape with every size; sizes that its kind does not use are 0, `users` is at least 1. */
export type ResolvedShape = Readonly<Required<HeadShape>>;

const KINDS: readonly HeadKind[] = ['concat-linear', 'dot', 'bilinear', 'mlp', 'linear-probe'];

/** Whether each user may have parameters of their own. */
export function isPersonal(kind: HeadKind): boolean {
  return kind === 'concat-linear' || kind === 'linear-probe';
}

/** @throws bad-argument when a size is missing, not a whole number above 0, or not one of this kind */
export function resolveShape(shape: HeadShape): ResolvedShape {
  const { kind } = shape;
  if (!KINDS.includes(kind)) {
    throw new RecommenderError('bad-argument', `There is no head '${kind}'; use one of ${KINDS.join(', ')}.`, { kind });
  }
  const size = (name: 'dimensions' | 'rank' | 'hidden' | 'users', used: boolean, absent: number): number => {
    const value = shape[name] ?? absent;
    if (!used && shape[name] === undefined) return absent;
    if (!used || !Number.isInteger(value) || value < 1) {
      const want = used ? 'a whole number above 0' : 'nothing';
      throw new RecommenderError('bad-argument', `The head '${kind}' takes ${want} for '${name}'; got ${shape[name]}.`, { kind });
    }
    return value;
  };
  return {
    kind,
    dimensions: size('dimensions', true, 0),
    rank: size('rank', kind === 'bilinear', 0),
    hidden: size('hidden', kind === 'mlp', 0),
    users: size('users', isPersonal(kind), 1),
  };
}

/** Parts of the parameters in order, without a gap. @throws bad-argument as `resolveShape` */
export function segmentsOf(shape: HeadShape): Segment[] {
  const { kind, dimensions: d, rank, hidden, users } = resolveShape(shape);
  const parts: [name: string, length: number, decays: boolean, ranks?: false][] = [];
  const offset = (name: string): (typeof parts)[number] => [name, 1, false, false];
  for (let p = 0; p < users; p++) {
    if (kind === 'concat-linear') parts.push([`user weights ${p}`, d, true, false], [`item weights ${p}`, d, true], offset(`offset ${p}`));
    if (kind === 'linear-probe') parts.push([`item weights ${p}`, d, true], offset(`offset ${p}`));
  }
  if (kind === 'bilinear') parts.push(['A', d * rank, true], ['B', d * rank, true]);
  if (kind === 'mlp') parts.push(['W', 3 * d * hidden, true], ['hidden offsets', hidden, false], ['output weights', hidden, true]);
  if (!isPersonal(kind)) parts.push(['log scale', 1, false], offset('offset'));
  let at = 0;
  return parts.map(([name, length, decays, ranks = true]) => {
    const segment = { name, offset: at, length, decays, ranks };
    at += length;
    return segment;
  });
}

export function parameterCount(shape: HeadShape): number {
  return segmentsOf(shape).reduce((sum, { length }) => sum + length, 0);
}

/** @throws bad-head when the length is not that of the shape */
export function checkParameters(shape: HeadShape, parameters: Floats): void {
  const wanted = parameterCount(shape);
  if (parameters.length !== wanted) {
    const message = `A head '${shape.kind}' of ${shape.dimensions} dimensions has ${wanted} parameters; got ${parameters.length}.`;
    throw new RecommenderError('bad-head', message, { wanted, found: parameters.length });
  }
}

/**
 * Initial parameters. `dot`, `bilinear` and `mlp` score as s (u·v): A and w₂ are zero; B and W are normal with variances
 * 1/d and 1/2, so that vectors of unit length give hidden values of variance about 1. The linear heads start at zero.
 * @param scale s, the inverse of the softmax's temperature
 * @throws bad-argument
 */
export function initialParameters(shape: HeadShape, random: () => number, scale = 10): Float32Array {
  if (!(scale > 0 && scale < Number.POSITIVE_INFINITY)) {
    throw new RecommenderError('bad-argument', `A head's scale must be a number above 0; got ${scale}.`, { scale });
  }
  const { dimensions } = shape;
  const deviations: Record<string, number> = { B: Math.sqrt(1 / dimensions), W: Math.sqrt(1 / 2) };
  const parameters = new Float32Array(parameterCount(shape));
  for (const { name, offset, length } of segmentsOf(shape)) {
    if (name === 'log scale') parameters[offset] = Math.log(scale);
    const deviation = deviations[name];
    if (deviation === undefined) continue;
    for (let i = offset; i < offset + length; i++) parameters[i] = deviation * gaussian(random);
  }
  return parameters;
}
