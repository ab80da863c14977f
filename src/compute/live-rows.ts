// Which rows of a table are set, as bits: the size of the table, its holes, the mask of one search, and the words that changed since a
// device last took them.
import type { RowBitset } from './backend.ts';

export class LiveRows {
  /** Highest row ever set + 1, holes included. */
  size = 0;
  /** Bit r of word r >> 5: row r is set. May be longer than needed. */
  #bits: Uint32Array = new Uint32Array(0);
  #changedFrom = Number.POSITIVE_INFINITY;
  #changedTo = 0;

  get bytes(): number {
    return this.#bits.byteLength;
  }

  has(row: number): boolean {
    return row >= 0 && row < this.size && (((this.#bits[row >> 5] as number) >>> (row & 31)) & 1) === 1;
  }

  add(start: number, count: number): void {
    if (count === 0) return;
    const end = start + count;
    this.#reserve(end);
    for (let row = start; row < end; row++) {
      // A whole word at a time where 32 rows are in it.
      if ((row & 31) === 0 && row + 32 <= end) {
        this.#bits[row >> 5] = 0xffffffff;
        row += 31;
      } else this.#bits[row >> 5] = (this.#bits[row >> 5] as number) | (1 << (row & 31));
    }
    this.size = Math.max(this.size, end);
    this.#markChanged(start >> 5, ((end - 1) >> 5) + 1);
  }

  /** Rows that are not set are ignored. */
  remove(rows: Iterable<number>): void {
    for (const row of rows) {
      if (!this.has(row)) continue;
      const word = row >> 5;
      this.#bits[word] = (this.#bits[word] as number) & ~(1 << (row & 31));
      this.#markChanged(word, word + 1);
    }
  }

  /**
   * Writes the words `first`… of (set and allowed) rows.
   * @param out [words]
   * @returns whether any bit is set
   */
  mask(first: number, out: Uint32Array, allowed?: RowBitset): boolean {
    let any = 0;
    for (let i = 0; i < out.length; i++) {
      const word = (this.#bits[first + i] ?? 0) & (allowed ? (allowed[first + i] ?? 0) : -1);
      out[i] = word;
      any |= word;
    }
    return any !== 0;
  }

  /** Words `from` to `to − 1` hold every change since the last call. @returns undefined when nothing changed */
  takeChanged(): { from: number; to: number } | undefined {
    if (this.#changedFrom >= this.#changedTo) return undefined;
    const changed = { from: this.#changedFrom, to: this.#changedTo };
    this.#changedFrom = Number.POSITIVE_INFINITY;
    this.#changedTo = 0;
    return changed;
  }

  /** A view of the words `from` to `to − 1`, all within the size. */
  words(from: number, to: number): Uint32Array {
    return this.#bits.subarray(from, to);
  }

  clear(): void {
    this.size = 0;
    this.#bits = new Uint32Array(0);
  }

  #markChanged(from: number, to: number): void {
    this.#changedFrom = Math.min(this.#changedFrom, from);
    this.#changedTo = Math.max(this.#changedTo, to);
  }

  #reserve(rows: number): void {
    const words = Math.ceil(rows / 32);
    if (words <= this.#bits.length) return;
    const bits = new Uint32Array(Math.max(words, Math.ceil(this.#bits.length * 1.5)));
    bits.set(this.#bits);
    this.#bits = bits;
  }
}
