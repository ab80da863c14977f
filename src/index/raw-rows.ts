// The encoder's vectors of an open catalogue, from which every correction starts again. float32 while that is little; above,
// int8 with a scale a row: 1 byte a dimension and 4 a row.
import { quantizeRows } from '../compute/quantize.ts';

export class RawRows {
  readonly dimensions: number;
  readonly #floats: Float32Array | undefined; // [rows × dimensions]
  readonly #values: Int8Array; // [rows × dimensions], empty beside floats
  readonly #scales: Float32Array; // [rows]

  /** @param compact int8: cosine with the float32 row above 0.9999 for rows of unit length */
  constructor(rows: number, dimensions: number, compact: boolean) {
    this.dimensions = dimensions;
    this.#floats = compact ? undefined : new Float32Array(rows * dimensions);
    this.#values = new Int8Array(compact ? rows * dimensions : 0);
    this.#scales = new Float32Array(compact ? rows : 0);
  }

  get bytes(): number {
    return (this.#floats?.byteLength ?? 0) + this.#values.byteLength + this.#scales.byteLength;
  }

  /** @param values [at most dimensions]; the rest is 0 @throws bad-vector when one is not finite */
  set(row: number, values: Float32Array): void {
    const d = this.dimensions;
    this.clear(row);
    if (this.#floats) {
      this.#floats.set(values, row * d);
      return;
    }
    const quantised = quantizeRows(values, values.length);
    this.#values.set(quantised.values, row * d);
    this.#scales[row] = quantised.scales[0] ?? 0;
  }

  clear(row: number): void {
    const d = this.dimensions;
    this.#floats?.fill(0, row * d, (row + 1) * d);
    if (this.#floats) return;
    this.#values.fill(0, row * d, (row + 1) * d);
    this.#scales[row] = 0;
  }

  /** @param width first dimensions to read, all when left out @returns [rows × width], a copy */
  read(rows: readonly number[], width = this.dimensions): Float32Array {
    const d = this.dimensions;
    const out = new Float32Array(rows.length * width);
    rows.forEach((row, i) => {
      const at = row * d;
      if (this.#floats) {
        out.set(this.#floats.subarray(at, at + width), i * width);
        return;
      }
      const scale = this.#scales[row] as number;
      for (let j = 0; j < width; j++) out[i * width + j] = (this.#values[at + j] as number) * scale;
    });
    return out;
  }
}
