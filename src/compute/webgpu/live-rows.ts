// Which rows of a table are there, as bits in ordinary memory, with the range of words that the device has not seen yet.

export class LiveRows {
  #bits = new Uint32Array(0);
  #from = Number.POSITIVE_INFINITY;
  #to = 0;

  add(start: number, count: number): void {
    this.#grow(Math.ceil((start + count) / 32));
    for (let row = start; row < start + count; row++) this.#bits[row >> 5] = (this.#bits[row >> 5] as number) | (1 << (row & 31));
    this.#touch(start >> 5, ((start + count - 1) >> 5) + 1);
  }

  /** A row that is not there stays not there. */
  remove(row: number): void {
    const word = row >> 5;
    const bits = this.#bits[word];
    if (bits === undefined || ((bits >>> (row & 31)) & 1) === 0) return;
    this.#bits[word] = bits & ~(1 << (row & 31));
    this.#touch(word, word + 1);
  }

  /** Words `from` to `to − 1`; one call forgets them. @returns undefined when nothing changed */
  takeChanged(): { from: number; to: number } | undefined {
    if (this.#from >= this.#to) return undefined;
    const changed = { from: this.#from, to: this.#to };
    this.#from = Number.POSITIVE_INFINITY;
    this.#to = 0;
    return changed;
  }

  words(from: number, to: number): Uint32Array {
    return this.#bits.subarray(from, to);
  }

  #touch(from: number, to: number): void {
    this.#from = Math.min(this.#from, from);
    this.#to = Math.max(this.#to, to);
  }

  #grow(words: number): void {
    if (words <= this.#bits.length) return;
    const grown = new Uint32Array(Math.max(words, this.#bits.length * 2));
    grown.set(this.#bits);
    this.#bits = grown;
  }
}
