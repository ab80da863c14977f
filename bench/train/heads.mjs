// The heads that are compared, and the parts of their parameters by name, which the libraries hold as tensors of their own.
import { segmentsOf } from '../../src/head/layout.ts';

export const DIMENSIONS = 384;

export const SHAPES = {
  dot: { kind: 'dot', dimensions: DIMENSIONS },
  'bilinear, rank 16': { kind: 'bilinear', dimensions: DIMENSIONS, rank: 16 },
  'bilinear, rank 32': { kind: 'bilinear', dimensions: DIMENSIONS, rank: 32 },
  'mlp, 64 hidden': { kind: 'mlp', dimensions: DIMENSIONS, hidden: 64 },
};

/** @returns {{name: string, shape: number[], values: Float32Array}[]} the parameters in the order of their layout */
export function tensorsOf(shape, parameters) {
  const sizes = {
    A: [DIMENSIONS, shape.rank],
    B: [DIMENSIONS, shape.rank],
    W: [3 * DIMENSIONS, shape.hidden],
    'hidden offsets': [shape.hidden],
    'output weights': [shape.hidden, 1],
  };
  return segmentsOf(shape).map(({ name, offset, length }) => ({
    name,
    shape: sizes[name] ?? [],
    values: parameters.slice(offset, offset + length),
  }));
}

/** @param {ArrayLike<number>[]} parts @returns {Float32Array} one flat array again */
export function flatten(parts) {
  return Float32Array.from(parts.flatMap((part) => Array.from(part)));
}
