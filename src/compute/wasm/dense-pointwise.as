// AssemblyScript, built by scripts/build-wasm.mjs into dense-wasm.ts: the operations of training on single numbers: activation,
// regularisation, clipping, update. Float32, four numbers at a time. Memory and addresses are as in dense-products.as.

// @ts-ignore: decorator
@inline
function mulAdd(sum: v128, x: v128, y: v128): v128 {
  return f32x4.add(sum, f32x4.mul(x, y));
}

/** eˣ for x within ±87, to about 1e-7 (Cephes' expf: x = n ln 2 + r, a polynomial in r, n into the exponent). */
// @ts-ignore: decorator
@inline
function exp4(x: v128): v128 {
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375))), f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let y = f32x4.splat(1.9875691500e-4);
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(1.3981999507e-3));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(8.3334519073e-3));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(4.1665795894e-2));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(1.6666665459e-1));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(5.0000001201e-1));
  y = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(y, r), r), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(y, power);
}

/** σ(x); NaN stays NaN. */
// @ts-ignore: decorator
@inline
function sigmoid4(x: v128): v128 {
  const within = f32x4.min(f32x4.max(x, f32x4.splat(-87)), f32x4.splat(87));
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exp4(f32x4.neg(within))));
}

/** gates = σ(x), out = x σ(x) */
export function silu(x: usize, gates: usize, out: usize, n: usize): void {
  let j: usize = 0;
  const whole = (n >> 2) << 4;
  const end = n << 2;
  for (; j < whole; j += 16) {
    const value = v128.load(x + j);
    const gate = sigmoid4(value);
    v128.store(gates + j, gate);
    v128.store(out + j, f32x4.mul(value, gate));
  }
  for (; j < end; j += 4) {
    const gate = f32x4.extract_lane(sigmoid4(v128.load32_splat(x + j)), 0);
    store<f32>(gates + j, gate);
    store<f32>(out + j, load<f32>(x + j) * gate);
  }
}

/** out[r, j] = g[r] w[j] gate (1 + x (1 − gate)) */
export function siluBackward(g: usize, w: usize, x: usize, gates: usize, out: usize, m: usize, n: usize): void {
  const width = n << 2;
  const whole = (n >> 2) << 4;
  const one = f32x4.splat(1);
  for (let r: usize = 0; r < m; r++) {
    const slope = load<f32>(g + (r << 2));
    const slopes = f32x4.splat(slope);
    let j: usize = 0;
    for (; j < whole; j += 16) {
      const gate = v128.load(gates + j);
      const inner = mulAdd(one, v128.load(x + j), f32x4.sub(one, gate));
      v128.store(out + j, f32x4.mul(f32x4.mul(f32x4.mul(slopes, v128.load(w + j)), gate), inner));
    }
    for (; j < width; j += 4) {
      const gate = load<f32>(gates + j);
      store<f32>(out + j, slope * load<f32>(w + j) * gate * (1 + load<f32>(x + j) * (1 - gate)));
    }
    x += width;
    gates += width;
    out += width;
  }
}

/** Σ x² in float64. */
export function sumOfSquares(x: usize, n: usize): f64 {
  let low = f64x2.splat(0);
  let high = low;
  const whole = x + ((n >> 2) << 4);
  const end = x + (n << 2);
  for (; x < whole; x += 16) {
    const value = v128.load(x);
    const a = f64x2.promote_low_f32x4(value);
    const b = f64x2.promote_low_f32x4(v128.shuffle<f32>(value, value, 2, 3, 0, 1));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  const both = f64x2.add(low, high);
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; x < end; x += 4) {
    const value = <f64>load<f32>(x);
    sum += value * value;
  }
  return sum;
}

/** slopes += strength (x − reference), in float32. @param reference address, or 0 for a reference of zeros @returns Σ (x − reference)² in float64 */
export function pull(x: usize, reference: usize, slopes: usize, strength: f32, n: usize): f64 {
  let low = f64x2.splat(0);
  let high = low;
  let j: usize = 0;
  const whole = (n >> 2) << 4;
  const end = n << 2;
  for (; j < whole; j += 16) {
    let away = v128.load(x + j);
    if (reference) away = f32x4.sub(away, v128.load(reference + j));
    v128.store(slopes + j, mulAdd(v128.load(slopes + j), f32x4.splat(strength), away));
    const a = f64x2.promote_low_f32x4(away);
    const b = f64x2.promote_low_f32x4(v128.shuffle<f32>(away, away, 2, 3, 0, 1));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  const both = f64x2.add(low, high);
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; j < end; j += 4) {
    const away = load<f32>(x + j) - (reference ? load<f32>(reference + j) : 0);
    store<f32>(slopes + j, load<f32>(slopes + j) + strength * away);
    sum += <f64>away * <f64>away;
  }
  return sum;
}

export function scale(x: usize, factor: f32, n: usize): void {
  const whole = x + ((n >> 2) << 4);
  const end = x + (n << 2);
  for (; x < whole; x += 16) v128.store(x, f32x4.mul(v128.load(x), f32x4.splat(factor)));
  for (; x < end; x += 4) store<f32>(x, load<f32>(x) * factor);
}

/**
 * @param rate learningRate / (1 − beta1^time) @param unbias 1 / (1 − beta2^time) @param keep 1 − learningRate · decay
 * @param newMean 1 − beta1 @param newSquare 1 − beta2
 */
export function adam(
  parameters: usize,
  gradient: usize,
  mean: usize,
  square: usize,
  n: usize,
  rate: f32,
  unbias: f32,
  keep: f32,
  beta1: f32,
  newMean: f32,
  beta2: f32,
  newSquare: f32,
  epsilon: f32,
): void {
  let j: usize = 0;
  const whole = (n >> 2) << 4;
  const end = n << 2;
  for (; j < whole; j += 16) {
    const g = v128.load(gradient + j);
    const m = mulAdd(f32x4.mul(f32x4.splat(beta1), v128.load(mean + j)), f32x4.splat(newMean), g);
    const s = mulAdd(f32x4.mul(f32x4.splat(beta2), v128.load(square + j)), f32x4.splat(newSquare), f32x4.mul(g, g));
    v128.store(mean + j, m);
    v128.store(square + j, s);
    const root = f32x4.add(f32x4.sqrt(f32x4.mul(s, f32x4.splat(unbias))), f32x4.splat(epsilon));
    const kept = f32x4.mul(f32x4.splat(keep), v128.load(parameters + j));
    v128.store(parameters + j, f32x4.sub(kept, f32x4.div(f32x4.mul(f32x4.splat(rate), m), root)));
  }
  for (; j < end; j += 4) {
    const g = load<f32>(gradient + j);
    const m = beta1 * load<f32>(mean + j) + newMean * g;
    const s = beta2 * load<f32>(square + j) + newSquare * (g * g);
    store<f32>(mean + j, m);
    store<f32>(square + j, s);
    store<f32>(parameters + j, keep * load<f32>(parameters + j) - (rate * m) / (sqrt<f32>(s * unbias) + epsilon));
  }
}

/** velocity = momentum · velocity + gradient; parameters −= rate · velocity */
export function momentum(parameters: usize, gradient: usize, velocity: usize, n: usize, rate: f32, share: f32): void {
  let j: usize = 0;
  const whole = (n >> 2) << 4;
  const end = n << 2;
  for (; j < whole; j += 16) {
    const v = f32x4.add(f32x4.mul(f32x4.splat(share), v128.load(velocity + j)), v128.load(gradient + j));
    v128.store(velocity + j, v);
    v128.store(parameters + j, f32x4.sub(v128.load(parameters + j), f32x4.mul(f32x4.splat(rate), v)));
  }
  for (; j < end; j += 4) {
    const v = share * load<f32>(velocity + j) + load<f32>(gradient + j);
    store<f32>(velocity + j, v);
    store<f32>(parameters + j, load<f32>(parameters + j) - rate * v);
  }
}
