// The plain kernels against numbers worked out by hand; everything else is compared with them.
import { expect, test } from 'vitest';
import { type DenseSession, float64Session, sigmoid } from './dense.ts';

function session(...values: number[][]): { kernels: DenseSession<Float64Array>['kernels']; arrays: Float64Array[] } {
  const { kernels, arrays } = float64Session(values.map(({ length }) => length));
  values.forEach((list, i) => {
    arrays[i]?.set(list);
  });
  return { kernels, arrays };
}

const A = [1, 2, 3, 4, 5, 6]; // [2 × 3]

test('products of matrices', () => {
  const { kernels, arrays } = session(A, [1, 0, 0, 1, 2, 2], [9, 9, 9, 9]);
  const [a, b, out] = arrays as [Float64Array, Float64Array, Float64Array];
  kernels.multiply(a, b, out, 2, 3, 2, false); // b as [3 × 2]
  expect([...out]).toEqual([7, 8, 16, 17]);
  kernels.multiply(a, b, out, 2, 3, 2, true);
  expect([...out]).toEqual([14, 16, 32, 34]);
  kernels.multiplyTransposed(a, b, out, 2, 3, 2, false); // b as [2 × 3]
  expect([...out]).toEqual([1, 11, 4, 26]);
});

test('aᵀ b is added', () => {
  const { kernels, arrays } = session(A, [1, 10], [1, 1, 1]);
  const [a, b, out] = arrays as [Float64Array, Float64Array, Float64Array];
  kernels.addTransposedProduct(a, b, out, 2, 3, 1);
  expect([...out]).toEqual([42, 53, 64]);
});

test('rows of a repeat over rows of b', () => {
  const { kernels, arrays } = session([1, 2, 3, 4], [1, 1, 1, 0, 0, 1, 2, 2], [0, 0, 0, 0, 0, 0, 0, 0]);
  const [a, b, out] = arrays as [Float64Array, Float64Array, Float64Array];
  kernels.rowDots(a, b, out, 4, 2, 2, false);
  expect([...out.subarray(0, 4)]).toEqual([3, 1, 4, 14]);
  kernels.rowProducts(a, b, out, 4, 2, 2);
  expect([...out]).toEqual([1, 2, 1, 0, 0, 4, 6, 8]);
});

test('rows are gathered in the order of their numbers', () => {
  const { kernels, arrays } = session(A, [0, 0, 0, 0, 0, 0, 9]);
  const [from, out] = arrays as [Float64Array, Float64Array];
  kernels.gather(from, Int32Array.of(1, 1), out, 3);
  expect([...out]).toEqual([4, 5, 6, 4, 5, 6, 9]);
});

test('a pull adds the distance to the slopes and gives its square', () => {
  const { kernels, arrays } = session([3, 1, 7], [1, 1, 1], [10, 10, 10]);
  const [x, reference, slopes] = arrays as [Float64Array, Float64Array, Float64Array];
  expect(kernels.pull(x, reference, slopes, 2, 0.5)).toBe(4);
  expect([...slopes]).toEqual([11, 10, 10]);
  expect(kernels.pull(x, undefined, slopes, 2, 1)).toBe(10);
  expect([...slopes]).toEqual([14, 11, 10]);
});

test('the first step of Adam moves each parameter by the rate against its slope, and AdamW shrinks it first', () => {
  const step = { learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-12, time: 1 };
  for (const decay of [0, 0.5]) {
    const { kernels, arrays } = session([1, 1, 1], [4, -0.01, 0], [0, 0, 0], [0, 0, 0]);
    const [parameters, gradient, mean, square] = arrays as [Float64Array, Float64Array, Float64Array, Float64Array];
    kernels.adam(parameters, gradient, mean, square, 3, { ...step, decay });
    const kept = 1 - 0.1 * decay;
    [kept - 0.1, kept + 0.1, kept].forEach((wanted, i) => {
      expect(parameters[i]).toBeCloseTo(wanted, 8);
    });
  }
});

test('momentum gathers speed', () => {
  const { kernels, arrays } = session([0], [1], [0]);
  const [parameters, gradient, velocity] = arrays as [Float64Array, Float64Array, Float64Array];
  kernels.momentum(parameters, gradient, velocity, 1, 0.1, 0.5);
  kernels.momentum(parameters, gradient, velocity, 1, 0.1, 0.5);
  expect(velocity[0]).toBe(1.5);
  expect(parameters[0]).toBeCloseTo(-0.25, 12);
});

test('σ does not overflow', () => {
  expect([sigmoid(-1000), sigmoid(0), sigmoid(1000)]).toEqual([0, 0.5, 1]);
  expect(sigmoid(-3)).toBeCloseTo(1 / (1 + Math.exp(3)), 15);
});
