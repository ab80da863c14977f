// Layout of the parameters on the GPU: rows of vectors and matrices are padded with zeros to whole quads (four floats), so that no kernel
// has a special case at an edge. On the CPU the layout is that of `HeadShape`. Pure.
import type { TrainSpec } from './train-plan.ts';

type Head = TrainSpec['head'];

/** A matrix of the head, or a vector as a matrix of one row. */
interface Block {
  rows: number;
  columns: number;
  /** Rows including the padding. */
  paddedRows: number;
}

/** @returns quads that hold that many floats */
export function quadsOf(floats: number): number {
  return Math.ceil(floats / 4);
}

/** The blocks that repeat for every person, in order; the last block of a head without persons holds logScale and offset. */
function blocksOf({ kind, dimensions: d, width }: Head): Block[] {
  const vector = (columns: number): Block => ({ rows: 1, columns, paddedRows: 1 });
  const matrix: Block = { rows: d, columns: width, paddedRows: 4 * quadsOf(d) };
  const blocks: Record<Head['kind'], Block[]> = {
    'concat-linear': [vector(d), vector(d), vector(1)],
    'linear-probe': [vector(d), vector(1)],
    dot: [vector(2)],
    bilinear: [matrix, matrix, vector(2)],
    mlp: [matrix, matrix, matrix, vector(width), vector(width), vector(2)],
  };
  return blocks[kind];
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

/** Persons with parameters of their own, or 1. */
function personsOf(head: Head): number {
  return head.count / sum(blocksOf(head).map(({ rows, columns }) => rows * columns));
}

/** @returns quads of all parameters */
export function parameterQuads(head: Head): number {
  return personsOf(head) * sum(blocksOf(head).map(({ columns, paddedRows }) => paddedRows * quadsOf(columns)));
}

/** @param parameters [count] @returns [4 × parameterQuads] */
export function padParameters(head: Head, parameters: Float32Array): Float32Array {
  const padded = new Float32Array(4 * parameterQuads(head));
  eachRow(head, (at, paddedAt, columns) => padded.set(parameters.subarray(at, at + columns), paddedAt));
  return padded;
}

/** @param padded [4 × parameterQuads] @returns [count] */
export function unpadParameters(head: Head, padded: Float32Array): Float32Array {
  const parameters = new Float32Array(head.count);
  eachRow(head, (at, paddedAt, columns) => parameters.set(padded.subarray(paddedAt, paddedAt + columns), at));
  return parameters;
}

/** @param vectors [rows × dimensions] @returns [rows × 4 quads of a vector], the same array where nothing is to be filled up */
export function padVectors(vectors: Float32Array, dimensions: number): Float32Array {
  const stride = 4 * quadsOf(dimensions);
  if (stride === dimensions) return vectors;
  const rows = vectors.length / dimensions;
  const padded = new Float32Array(rows * stride);
  for (let row = 0; row < rows; row++) padded.set(vectors.subarray(row * dimensions, (row + 1) * dimensions), row * stride);
  return padded;
}

function eachRow(head: Head, visit: (at: number, paddedAt: number, columns: number) => void): void {
  const blocks = blocksOf(head);
  let [at, paddedAt] = [0, 0];
  for (let person = 0; person < personsOf(head); person++) {
    for (const { rows, columns, paddedRows } of blocks) {
      const stride = 4 * quadsOf(columns);
      for (let row = 0; row < rows; row++) visit(at + row * columns, paddedAt + row * stride, columns);
      at += rows * columns;
      paddedAt += paddedRows * stride;
    }
  }
}
