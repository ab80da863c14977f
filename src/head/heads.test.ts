// Each head against its formula written out, and against the query that an index would rank with.
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { queryOf, score } from './heads.ts';
import { initialParameters, parameterCount, segmentsOf } from './layout.ts';
import { SMALL_SHAPES, unitVectors, wideParameters } from './testing/small-sets.ts';
import type { HeadShape } from './types.ts';

const D = 5;
const [USERS, ITEMS] = [unitVectors(3, D, seededRandom(1)), unitVectors(300, D, seededRandom(2))];
const user = (i: number): Float32Array => USERS.subarray(i * D, (i + 1) * D);
const item = (i: number): Float32Array => ITEMS.subarray(i * D, (i + 1) * D);
const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, j) => sum + value * (y[j] as number), 0);
const personsOf = (shape: HeadShape): Int32Array => Int32Array.from([0, 1, 2], (person) => (shape.users ? person : 0));

/** The formulas of HeadShape, from the segments by name. */
function formula(shape: HeadShape, u: Float32Array, v: Float32Array, parameters: Float32Array, person: number): number {
  const part = (name: string): Float32Array => {
    const { offset, length } = segmentsOf(shape).find((segment) => segment.name === name) ?? { offset: 0, length: 0 };
    return parameters.subarray(offset, offset + length);
  };
  const column = (matrix: Float32Array, c: number, width: number): Float32Array => matrix.filter((_, i) => i % width === c);
  if (shape.kind === 'linear-probe') return dot(part(`item weights ${person}`), v) + (part(`offset ${person}`)[0] as number);
  if (shape.kind === 'concat-linear') {
    return dot(part(`user weights ${person}`), u) + dot(part(`item weights ${person}`), v) + (part(`offset ${person}`)[0] as number);
  }
  const scale = Math.exp(part('log scale')[0] as number);
  let [inner, outer] = [dot(u, v), part('offset')[0] as number];
  const { rank = 0, hidden = 0 } = shape;
  for (let c = 0; c < rank; c++) inner += dot(column(part('A'), c, rank), u) * dot(column(part('B'), c, rank), v);
  const input = Float32Array.from([...u, ...v, ...u.map((value, j) => value * (v[j] as number))]);
  for (let c = 0; c < hidden; c++) {
    const x = dot(column(part('W'), c, hidden), input) + (part('hidden offsets')[c] as number);
    outer += (x / (1 + Math.exp(-x))) * (part('output weights')[c] as number);
  }
  return scale * inner + outer;
}

for (const shape of SMALL_SHAPES) {
  describe(`${shape.kind}, ${shape.users ?? 1} users`, () => {
    const parameters = wideParameters(parameterCount(shape), 7);
    const persons = personsOf(shape);
    const logits = score(shape, USERS, ITEMS, parameters, { persons });

    test('scores by its formula, over more than one block', () => {
      expect(logits.length).toBe(900);
      for (const [i, person] of persons.entries()) {
        for (const j of [0, 1, 255, 256, 299]) expect(logits[i * 300 + j]).toBeCloseTo(formula(shape, user(i), item(j), parameters, person), 4);
      }
    });

    test(shape.kind === 'mlp' ? 'its query is the part that is linear in the item' : 'its query ranks as the head does', () => {
      for (const [i, person] of persons.entries()) {
        const { vector, offset, exact } = queryOf(shape, user(i), parameters, person);
        expect(exact).toBe(shape.kind !== 'mlp');
        const wanted = exact
          ? (j: number) => logits[i * 300 + j] as number
          : (j: number) => Math.exp(parameters.at(-2) ?? 0) * dot(user(i), item(j)) + (parameters.at(-1) ?? 0);
        for (let j = 0; j < 300; j++) expect(dot(vector, item(j)) + offset).toBeCloseTo(wanted(j), 4);
      }
    });

    test('refuses parameters of another length, vectors of another width, persons without parameters', () => {
      expect(() => score(shape, USERS, ITEMS, parameters.subarray(1))).toThrow(expect.objectContaining({ code: 'bad-head' }));
      expect(() => score(shape, USERS.subarray(1), ITEMS, parameters)).toThrow(expect.objectContaining({ code: 'bad-vector' }));
      expect(() => queryOf(shape, USERS, parameters)).toThrow(expect.objectContaining({ code: 'bad-vector' }));
      expect(() => queryOf(shape, user(0), parameters, -1)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
      if (shape.users)
        expect(() => score(shape, user(0), ITEMS, parameters, { persons: Int32Array.of(shape.users ?? 0) })).toThrow(
          expect.objectContaining({ code: 'bad-argument' }),
        );
    });
  });
}

test('a shared α ranks items alike for every user', () => {
  const shape = { kind: 'concat-linear', dimensions: D } as const;
  const logits = score(shape, USERS, ITEMS, wideParameters(parameterCount(shape), 7));
  const order = (i: number) =>
    Array.from({ length: 300 }, (_, j) => j).sort((a, b) => (logits[i * 300 + b] as number) - (logits[i * 300 + a] as number));
  expect(order(0)).toEqual(order(1));
});

test('dot, bilinear and mlp start as the scaled cosine', () => {
  for (const shape of SMALL_SHAPES.filter(({ kind }) => ['dot', 'bilinear', 'mlp'].includes(kind))) {
    const initial = initialParameters(shape, seededRandom(3), 4);
    expect(score(shape, user(0), item(0), initial)[0]).toBeCloseTo(4 * dot(user(0), item(0)), 5);
    if (shape.kind !== 'dot') expect(initial.filter((value) => value !== 0).length).toBeGreaterThan(5);
  }
});

test('a shape with a size of another kind, or without its own, is refused', () => {
  for (const shape of [
    { kind: 'dot', dimensions: 0 },
    { kind: 'dot', dimensions: 4, rank: 2 },
    { kind: 'bilinear', dimensions: 4 },
    { kind: 'mlp', dimensions: 4, hidden: 1.5 },
  ] as const) {
    expect(() => parameterCount(shape)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  }
});

test('segments follow each other without a gap', () => {
  for (const shape of SMALL_SHAPES) {
    const segments = segmentsOf(shape);
    segments.forEach(({ offset }, i) => {
      expect(offset).toBe(segments.slice(0, i).reduce((sum, { length }) => sum + length, 0));
    });
  }
  expect(parameterCount({ kind: 'mlp', dimensions: 384, hidden: 64 })).toBe(3 * 384 * 64 + 64 + 64 + 2);
  expect(parameterCount({ kind: 'concat-linear', dimensions: 384, users: 10 })).toBe(10 * 769);
});

test('no user or no item gives no score', () => {
  const shape = { kind: 'mlp', dimensions: D, hidden: 2 } as const;
  const parameters = initialParameters(shape, seededRandom(1));
  expect(score(shape, new Float32Array(0), ITEMS, parameters).length).toBe(0);
  expect(score(shape, USERS, new Float32Array(0), parameters).length).toBe(0);
});
