// The dense arithmetic of training, in plain TypeScript: the oracle that the WASM kernels (../wasm/dense-*.as) are
// compared with, and, in float64, what gradients are checked with. Every other part of training calls only `DenseKernels`.

/** float32 in the product, float64 in gradient checks. */
export type Floats = Float32Array | Float64Array;

export interface AdamStep {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Decoupled weight decay; 0: Adam. */
  decay: number;
  /** From 1: number of this update, for the bias correction. */
  time: number;
}

/**
 * Operations on row-major matrices, each from the start of its array, which may be longer. Arrays come from the same session
 * (or are views of them) and do not overlap. Results of two implementations differ only by rounding.
 */
export interface DenseKernels<T extends Floats> {
  /** out[m × n] = a[m × k] · b[k × n], or out += with `add`. */
  multiply(a: T, b: T, out: T, m: number, k: number, n: number, add: boolean): void;
  /** out[m × n] = a[m × k] · b[n × k]ᵀ, or out += with `add`. */
  multiplyTransposed(a: T, b: T, out: T, m: number, k: number, n: number, add: boolean): void;
  /** out[k × n] += a[m × k]ᵀ · b[m × n]. */
  addTransposedProduct(a: T, b: T, out: T, m: number, k: number, n: number): void;
  /** out[i] = a[⌊i / repeat⌋] · b[i] over rows of length k, or out += with `add`; i below m. */
  rowDots(a: T, b: T, out: T, m: number, k: number, repeat: number, add: boolean): void;
  /** out[i] = a[⌊i / repeat⌋] ∘ b[i] over rows of length k; i below m. */
  rowProducts(a: T, b: T, out: T, m: number, k: number, repeat: number): void;
  /** out[i] = from[rows[i]] over rows of length k; i below the number of rows. */
  gather(from: T, rows: Int32Array, out: T, k: number): void;
  /** gates[i] = σ(x[i]), out[i] = x[i] σ(x[i]); i below n. */
  silu(x: T, gates: T, out: T, n: number): void;
  /** out[r, j] = g[r] w[j] · d silu(x)/dx at x[r, j], from x and its gates; all [m × n]. */
  siluBackward(g: T, w: T, x: T, gates: T, out: T, m: number, n: number): void;
  /** Σ x², the first n. */
  sumOfSquares(x: T, n: number): number;
  /** slopes += strength · (x − reference), the first n; without a reference it is 0. @returns Σ (x − reference)² */
  pull(x: T, reference: T | undefined, slopes: T, n: number, strength: number): number;
  /** x *= factor, the first n. */
  scale(x: T, factor: number, n: number): void;
  /** One update of n parameters with Adam (Kingma & Ba 2015, algorithm 1) or AdamW. */
  adam(parameters: T, gradient: T, mean: T, square: T, n: number, step: AdamStep): void;
  /** velocity = momentum · velocity + gradient; parameters −= learningRate · velocity; n of each. */
  momentum(parameters: T, gradient: T, velocity: T, n: number, learningRate: number, momentum: number): void;
}

/** Arrays and the kernels that work on them, allocated at once. */
export interface DenseSession<T extends Floats> {
  kernels: DenseKernels<T>;
  /** One per requested length, zeroed. */
  arrays: T[];
}

/** Makes a session with arrays of these lengths. @throws out-of-memory */
export type DenseSessionFactory<T extends Floats> = (lengths: readonly number[]) => DenseSession<T>;

/** Plain TypeScript, float32. */
export const cpuSession: DenseSessionFactory<Float32Array> = (lengths) => ({
  kernels: plainKernels,
  arrays: lengths.map((length) => new Float32Array(length)),
});

/** Plain TypeScript, float64: for gradient checks. */
export const float64Session: DenseSessionFactory<Float64Array> = (lengths) => ({
  kernels: plainKernels,
  arrays: lengths.map((length) => new Float64Array(length)),
});

/** σ(x) without overflow. */
export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : 1 - 1 / (1 + Math.exp(x));
}

function dotAt(x: Floats, xAt: number, y: Floats, yAt: number, k: number): number {
  let sum = 0;
  for (let j = 0; j < k; j++) sum += (x[xAt + j] as number) * (y[yAt + j] as number);
  return sum;
}

/** y += factor · x over k values from the given offsets. */
function addScaled(y: Floats, yAt: number, x: Floats, xAt: number, factor: number, k: number): void {
  for (let j = 0; j < k; j++) y[yAt + j] = (y[yAt + j] as number) + factor * (x[xAt + j] as number);
}

const plainKernels: DenseKernels<Floats> = {
  multiply(a, b, out, m, k, n, add) {
    if (!add) out.fill(0, 0, m * n);
    for (let i = 0; i < m; i++) {
      for (let p = 0; p < k; p++) addScaled(out, i * n, b, p * n, a[i * k + p] as number, n);
    }
  },

  multiplyTransposed(a, b, out, m, k, n, add) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        const at = i * n + j;
        out[at] = dotAt(a, i * k, b, j * k, k) + (add ? (out[at] as number) : 0);
      }
    }
  },

  addTransposedProduct(a, b, out, m, k, n) {
    for (let i = 0; i < m; i++) {
      for (let p = 0; p < k; p++) addScaled(out, p * n, b, i * n, a[i * k + p] as number, n);
    }
  },

  rowDots(a, b, out, m, k, repeat, add) {
    for (let i = 0; i < m; i++) {
      out[i] = dotAt(a, Math.floor(i / repeat) * k, b, i * k, k) + (add ? (out[i] as number) : 0);
    }
  },

  rowProducts(a, b, out, m, k, repeat) {
    for (let i = 0; i < m; i++) {
      const aAt = Math.floor(i / repeat) * k;
      for (let j = 0; j < k; j++) out[i * k + j] = (a[aAt + j] as number) * (b[i * k + j] as number);
    }
  },

  gather(from, rows, out, k) {
    rows.forEach((row, i) => {
      out.set(from.subarray(row * k, (row + 1) * k), i * k);
    });
  },

  silu(x, gates, out, n) {
    for (let i = 0; i < n; i++) {
      const value = x[i] as number;
      const gate = sigmoid(value);
      gates[i] = gate;
      out[i] = value * gate;
    }
  },

  siluBackward(g, w, x, gates, out, m, n) {
    for (let r = 0; r < m; r++) {
      for (let j = 0; j < n; j++) {
        const at = r * n + j;
        const gate = gates[at] as number;
        out[at] = (g[r] as number) * (w[j] as number) * gate * (1 + (x[at] as number) * (1 - gate));
      }
    }
  },

  sumOfSquares: (x, n) => dotAt(x, 0, x, 0, n),

  pull(x, reference, slopes, n, strength) {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const distance = (x[i] as number) - (reference ? (reference[i] as number) : 0);
      sum += distance * distance;
      slopes[i] = (slopes[i] as number) + strength * distance;
    }
    return sum;
  },

  scale(x, factor, n) {
    for (let i = 0; i < n; i++) x[i] = (x[i] as number) * factor;
  },

  adam(parameters, gradient, mean, square, n, { learningRate, beta1, beta2, epsilon, decay, time }) {
    const rate = learningRate / (1 - beta1 ** time);
    const unbias = 1 / (1 - beta2 ** time);
    const keep = 1 - learningRate * decay;
    for (let i = 0; i < n; i++) {
      const g = gradient[i] as number;
      const m = beta1 * (mean[i] as number) + (1 - beta1) * g;
      const s = beta2 * (square[i] as number) + (1 - beta2) * g * g;
      mean[i] = m;
      square[i] = s;
      parameters[i] = keep * (parameters[i] as number) - (rate * m) / (Math.sqrt(s * unbias) + epsilon);
    }
  },

  momentum(parameters, gradient, velocity, n, learningRate, momentum) {
    for (let i = 0; i < n; i++) {
      const v = momentum * (velocity[i] as number) + (gradient[i] as number);
      velocity[i] = v;
      parameters[i] = (parameters[i] as number) - learningRate * v;
    }
  },
};
