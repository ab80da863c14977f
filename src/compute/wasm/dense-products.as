// AssemblyScript, built by scripts/build-wasm.mjs into dense-wasm.ts: products of matrices and rows for training, in float32, four
// numbers at a time. They do what DenseKernels in ../cpu/dense.ts states. Addresses are bytes in the imported memory, matrices
// row-major. Plain SIMD only and sums in a fixed order, so that every engine gives the same bits. Nothing is allocated here.

/** Sum of the four lanes, (0 + 2) + (1 + 3). */
// @ts-ignore: decorator
@inline
function lanesSum(x: v128): f32 {
  const two = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(two, 0) + f32x4.extract_lane(two, 1);
}

// @ts-ignore: decorator
@inline
function mulAdd(sum: v128, x: v128, y: v128): v128 {
  return f32x4.add(sum, f32x4.mul(x, y));
}

/** x · y, k values. */
function dotRow(x: usize, y: usize, k: usize): f32 {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  const end16 = x + ((k >> 4) << 6);
  const end4 = x + ((k >> 2) << 4);
  const end = x + (k << 2);
  while (x < end16) {
    s0 = mulAdd(s0, v128.load(x), v128.load(y));
    s1 = mulAdd(s1, v128.load(x, 16), v128.load(y, 16));
    s2 = mulAdd(s2, v128.load(x, 32), v128.load(y, 32));
    s3 = mulAdd(s3, v128.load(x, 48), v128.load(y, 48));
    x += 64;
    y += 64;
  }
  while (x < end4) {
    s0 = mulAdd(s0, v128.load(x), v128.load(y));
    x += 16;
    y += 16;
  }
  let sum = lanesSum(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
  while (x < end) {
    sum += load<f32>(x) * load<f32>(y);
    x += 4;
    y += 4;
  }
  return sum;
}

/**
 * out[m × n] = or += Σ_p a(i, p) · b(p, j), where a(i, p) lies at a + i · aRow + p · aStep: both the plain and the transposed
 * product of a. Strips of eight columns stay in the first cache while all rows pass.
 */
// @ts-ignore: decorator
@inline
function product(a: usize, aRow: usize, aStep: usize, b: usize, out: usize, m: usize, k: usize, n: usize, add: i32): void {
  const width = n << 2;
  let j: usize = 0;
  for (; j + 8 <= n; j += 8) {
    const column = b + (j << 2);
    let i: usize = 0;
    for (; i + 4 <= m; i += 4) fourByEight(a + i * aRow, aRow, aStep, column, width, out + i * width + (j << 2), k, add);
    for (; i < m; i++) oneByEight(a + i * aRow, aStep, column, width, out + i * width + (j << 2), k, add);
  }
  for (; j + 4 <= n; j += 4) {
    const column = b + (j << 2);
    for (let i: usize = 0; i < m; i++) oneByFour(a + i * aRow, aStep, column, width, out + i * width + (j << 2), k, add);
  }
  for (; j < n; j++) {
    for (let i: usize = 0; i < m; i++) {
      const at = out + i * width + (j << 2);
      let sum: f32 = add ? load<f32>(at) : 0;
      for (let p: usize = 0; p < k; p++) sum += load<f32>(a + i * aRow + p * aStep) * load<f32>(b + p * width + (j << 2));
      store<f32>(at, sum);
    }
  }
}

function fourByEight(a0: usize, aRow: usize, aStep: usize, b: usize, width: usize, out: usize, k: usize, add: i32): void {
  const a1 = a0 + aRow;
  const a2 = a1 + aRow;
  const a3 = a2 + aRow;
  const out1 = out + width;
  const out2 = out1 + width;
  const out3 = out2 + width;
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  if (add) {
    s00 = v128.load(out);
    s01 = v128.load(out, 16);
    s10 = v128.load(out1);
    s11 = v128.load(out1, 16);
    s20 = v128.load(out2);
    s21 = v128.load(out2, 16);
    s30 = v128.load(out3);
    s31 = v128.load(out3, 16);
  }
  let step: usize = 0;
  const end = b + k * width;
  for (; b < end; b += width) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const x0 = v128.load32_splat(a0 + step);
    s00 = mulAdd(s00, x0, b0);
    s01 = mulAdd(s01, x0, b1);
    const x1 = v128.load32_splat(a1 + step);
    s10 = mulAdd(s10, x1, b0);
    s11 = mulAdd(s11, x1, b1);
    const x2 = v128.load32_splat(a2 + step);
    s20 = mulAdd(s20, x2, b0);
    s21 = mulAdd(s21, x2, b1);
    const x3 = v128.load32_splat(a3 + step);
    s30 = mulAdd(s30, x3, b0);
    s31 = mulAdd(s31, x3, b1);
    step += aStep;
  }
  v128.store(out, s00);
  v128.store(out, s01, 16);
  v128.store(out1, s10);
  v128.store(out1, s11, 16);
  v128.store(out2, s20);
  v128.store(out2, s21, 16);
  v128.store(out3, s30);
  v128.store(out3, s31, 16);
}

function oneByEight(a: usize, aStep: usize, b: usize, width: usize, out: usize, k: usize, add: i32): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  if (add) {
    s0 = v128.load(out);
    s1 = v128.load(out, 16);
  }
  for (let p: usize = 0; p < k; p++) {
    const x = v128.load32_splat(a);
    s0 = mulAdd(s0, x, v128.load(b));
    s1 = mulAdd(s1, x, v128.load(b, 16));
    a += aStep;
    b += width;
  }
  v128.store(out, s0);
  v128.store(out, s1, 16);
}

function oneByFour(a: usize, aStep: usize, b: usize, width: usize, out: usize, k: usize, add: i32): void {
  let sum = f32x4.splat(0);
  if (add) sum = v128.load(out);
  for (let p: usize = 0; p < k; p++) {
    sum = mulAdd(sum, v128.load32_splat(a), v128.load(b));
    a += aStep;
    b += width;
  }
  v128.store(out, sum);
}

/** out[m × n] = or += a[m × k] · b[k × n] */
export function multiply(a: usize, b: usize, out: usize, m: usize, k: usize, n: usize, add: i32): void {
  product(a, k << 2, 4, b, out, m, k, n, add);
}

/** out[k × n] += a[m × k]ᵀ · b[m × n] */
export function addTransposedProduct(a: usize, b: usize, out: usize, m: usize, k: usize, n: usize): void {
  product(a, 4, k << 2, b, out, k, m, n, 1);
}

/** out[m × n] = or += a[m × k] · b[n × k]ᵀ */
export function multiplyTransposed(a: usize, b: usize, out: usize, m: usize, k: usize, n: usize, add: i32): void {
  const width = k << 2;
  for (let i: usize = 0; i < m; i++) {
    const x = a + i * width;
    const row = out + ((i * n) << 2);
    let j: usize = 0;
    for (; j + 4 <= n; j += 4) dotFour(x, b + j * width, width, row + (j << 2), k, add);
    for (; j < n; j++) {
      const at = row + (j << 2);
      const sum = dotRow(x, b + j * width, k);
      store<f32>(at, add ? load<f32>(at) + sum : sum);
    }
  }
}

/** out[0 … 3] = or += x · four rows of y. */
function dotFour(x: usize, y0: usize, width: usize, out: usize, k: usize, add: i32): void {
  const y1 = y0 + width;
  const y2 = y1 + width;
  const y3 = y2 + width;
  let a = f32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let j: usize = 0;
  const whole = (k >> 2) << 4;
  for (; j < whole; j += 16) {
    const q = v128.load(x + j);
    a = mulAdd(a, q, v128.load(y0 + j));
    b = mulAdd(b, q, v128.load(y1 + j));
    c = mulAdd(c, q, v128.load(y2 + j));
    d = mulAdd(d, q, v128.load(y3 + j));
  }
  // Four rows of partial sums, transposed and added: lane r is the sum of row r.
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  let sums = f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
  for (; j < width; j += 4) {
    let rest = f32x4.splat(load<f32>(y0 + j));
    rest = f32x4.replace_lane(rest, 1, load<f32>(y1 + j));
    rest = f32x4.replace_lane(rest, 2, load<f32>(y2 + j));
    rest = f32x4.replace_lane(rest, 3, load<f32>(y3 + j));
    sums = mulAdd(sums, v128.load32_splat(x + j), rest);
  }
  v128.store(out, add ? f32x4.add(v128.load(out), sums) : sums);
}

/** out[i] = or += a[⌊i / repeat⌋] · b[i] over rows of length k */
export function rowDots(a: usize, b: usize, out: usize, m: usize, k: usize, repeat: usize, add: i32): void {
  const width = k << 2;
  for (let i: usize = 0; i < m; i++) {
    const at = out + (i << 2);
    const sum = dotRow(a + (i / repeat) * width, b + i * width, k);
    store<f32>(at, add ? load<f32>(at) + sum : sum);
  }
}

/** out[i] = a[⌊i / repeat⌋] ∘ b[i] over rows of length k */
export function rowProducts(a: usize, b: usize, out: usize, m: usize, k: usize, repeat: usize): void {
  const width = k << 2;
  const whole = (k >> 2) << 4;
  for (let i: usize = 0; i < m; i++) {
    const x = a + (i / repeat) * width;
    let j: usize = 0;
    for (; j < whole; j += 16) v128.store(out + j, f32x4.mul(v128.load(x + j), v128.load(b + j)));
    for (; j < width; j += 4) store<f32>(out + j, load<f32>(x + j) * load<f32>(b + j));
    b += width;
    out += width;
  }
}

/** out[i] = from[rows[i]] over rows of `bytes`, a multiple of 4; i below n. @param rows [n] i32 */
export function gather(from: usize, rows: usize, out: usize, n: usize, bytes: usize): void {
  const whole = bytes & ~15;
  for (const end = rows + (n << 2); rows < end; rows += 4) {
    const row = from + <usize>load<u32>(rows) * bytes;
    let j: usize = 0;
    for (; j < whole; j += 16) v128.store(out + j, v128.load(row + j));
    for (; j < bytes; j += 4) store<f32>(out + j, load<f32>(row + j));
    out += bytes;
  }
}
