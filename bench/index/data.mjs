// The vectors that every system is given, in parts that are always the same: real embeddings, each many times over, with noise.
import { existsSync, readFileSync } from 'node:fs';

export const WIDTH = 384;
/** Rows of a part; part p of any size of index is the same. */
export const PART_ROWS = 10_000;
/** Length of the noise on an embedding of length 1. */
const NOISE = 0.5;
const EMBEDDINGS = new URL('../../.cache/embeddings/', import.meta.url);
/** The first that is there is used. */
const SOURCES = ['apps', 'stories', 'demo'];
/** Length of the list of normal numbers from which each row takes its noise, from a random place on; a power of two. */
const NORMALS = 2 ** 20;

/** mulberry32. @returns {() => number} uniform in [0, 1) */
function randomSource(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function normals(count, random) {
  return Float32Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
}

/** Makes each row unit length in place. */
function unitRows(rows, width) {
  for (let at = 0; at < rows.length; at += width) {
    let square = 0;
    for (let j = at; j < at + width; j++) square += rows[j] * rows[j];
    const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
    for (let j = at; j < at + width; j++) rows[j] *= scale;
  }
  return rows;
}

/** Takes their mean out, as before a catalogue is ranked, and makes each row unit length. */
function centred(rows) {
  const count = rows.length / WIDTH;
  const mean = new Float64Array(WIDTH);
  for (let i = 0; i < rows.length; i++) mean[i % WIDTH] += rows[i] / count;
  return unitRows(
    rows.map((value, i) => value - mean[i % WIDTH]),
    WIDTH,
  );
}

/** @returns {{source: string, distinct: number, part: (p: number, dimensions: number) => Float32Array, queries: (count: number, dimensions: number) => Float32Array}} */
export function vectorSource() {
  const name = SOURCES.find((source) => existsSync(new URL(`${source}.f32`, EMBEDDINGS)));
  const random = randomSource(1);
  const noise = normals(NORMALS, random);
  const distinct = name ? read(name) : unitRows(normals(500 * WIDTH, random), WIDTH);
  const count = distinct.length / WIDTH;
  const perValue = NOISE / Math.sqrt(WIDTH);
  const make = (rows, seed, dimensions) => {
    const next = randomSource(seed);
    const out = new Float32Array(rows * dimensions);
    for (let row = 0; row < rows; row++) {
      const from = Math.floor(next() * count) * WIDTH;
      const place = Math.floor(next() * NORMALS);
      for (let j = 0; j < dimensions; j++) out[row * dimensions + j] = distinct[from + j] + perValue * noise[(place + j) % NORMALS];
    }
    return unitRows(out, dimensions);
  };
  return {
    source: name
      ? `${count} embeddings of the catalogue \`${name}\`, less their mean`
      : `${count} random unit vectors, because no embeddings are at hand`,
    distinct: count,
    part: (p, dimensions) => make(PART_ROWS, 1000 + p, dimensions),
    queries: (queryCount, dimensions) => make(queryCount, 7, dimensions),
  };
}

function read(name) {
  const bytes = readFileSync(new URL(`${name}.f32`, EMBEDDINGS));
  return centred(new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)));
}
