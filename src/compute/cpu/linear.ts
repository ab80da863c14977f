// Dot product, projection and normalisation of rows in plain TypeScript. All matrices are row-major Float32Array. A dot product sums in
// float64, a projection in float32.

/** x · y over `dimensions` values from the given offsets. */
export function dot(x: Float32Array, xAt: number, y: Float32Array, yAt: number, dimensions: number): number {
  let a = 0;
  let b = 0;
  let j = 0;
  for (; j + 1 < dimensions; j += 2) {
    a += (x[xAt + j] as number) * (y[yAt + j] as number);
    b += (x[xAt + j + 1] as number) * (y[yAt + j + 1] as number);
  }
  if (j < dimensions) a += (x[xAt + j] as number) * (y[yAt + j] as number);
  return a + b;
}

/**
 * out = x · P for some rows.
 * @param x [rows × inner], @param p [inner × outer], @returns [rows × outer]
 */
export function project(x: Float32Array, p: Float32Array, rows: number, inner: number, outer: number): Float32Array {
  const out = new Float32Array(rows * outer);
  for (let r = 0; r < rows; r++) {
    const row = out.subarray(r * outer, (r + 1) * outer);
    for (let i = 0; i < inner; i++) {
      const value = x[r * inner + i] as number;
      if (value === 0) continue;
      const at = i * outer;
      for (let j = 0; j < outer; j++) row[j] = (row[j] as number) + value * (p[at + j] as number);
    }
  }
  return out;
}

/** Makes each row unit length in place; a zero row stays zero. @param x [rows × dimensions] */
export function normalizeRows(x: Float32Array, dimensions: number): Float32Array {
  for (let at = 0; at < x.length; at += dimensions) {
    const square = dot(x, at, x, at, dimensions);
    if (square === 0) continue;
    const scale = 1 / Math.sqrt(square);
    for (let j = at; j < at + dimensions; j++) x[j] = (x[j] as number) * scale;
  }
  return x;
}
