// A unigram vocabulary as flat arrays: id → piece and score, and a trie over UTF-16 code units in one hash table.
// The trie is rebuilt at load from sorted pieces in one pass, because shipping it would cost more bytes than it saves time.

export interface Vocabulary {
  /** Piece of each id, sorted by code units, and the id of each. */
  sortedPieces: readonly string[];
  sortedIds: Int32Array;
  /** Log probability of each id. */
  scores: Float64Array;
  unknownId: number;
}

const EMPTY = -1;

/** Prefix search: `step` walks one code unit down, `ids[node]` is the piece that ends there or -1. */
export class PieceTrie {
  readonly ids: Int32Array;
  readonly #keys: Int32Array; // [slots × 2] parent and unit
  readonly #children: Int32Array;
  readonly #mask: number;

  constructor(vocabulary: Vocabulary) {
    const { sortedPieces, sortedIds } = vocabulary;
    let nodes = 1;
    let previous = '';
    for (const piece of sortedPieces) {
      nodes += piece.length - commonPrefix(previous, piece);
      previous = piece;
    }
    let slots = 1024;
    while (slots < nodes * 1.6) slots *= 2;
    this.#mask = slots - 1;
    this.#keys = new Int32Array(slots * 2).fill(EMPTY);
    this.#children = new Int32Array(slots);
    this.ids = new Int32Array(nodes).fill(EMPTY);

    const path = new Int32Array(1024); // path[d]: node after d units of the current piece
    let next = 1;
    previous = '';
    for (let i = 0; i < sortedPieces.length; i++) {
      const piece = sortedPieces[i] as string;
      let depth = commonPrefix(previous, piece);
      let node = path[depth] as number;
      for (; depth < piece.length; depth++) {
        this.#insert(node, piece.charCodeAt(depth), next);
        node = next++;
        path[depth + 1] = node;
      }
      this.ids[node] = sortedIds[i] as number;
      previous = piece;
    }
  }

  /** The child of `node` along `unit`, or -1. The root is 0. */
  step(node: number, unit: number): number {
    const mask = this.#mask;
    const keys = this.#keys;
    let slot = hash(node, unit) & mask;
    for (;;) {
      const parent = keys[slot * 2] as number;
      if (parent === EMPTY) return -1;
      if (parent === node && keys[slot * 2 + 1] === unit) return this.#children[slot] as number;
      slot = (slot + 1) & mask;
    }
  }

  #insert(node: number, unit: number, child: number): void {
    let slot = hash(node, unit) & this.#mask;
    while (this.#keys[slot * 2] !== EMPTY) slot = (slot + 1) & this.#mask;
    this.#keys[slot * 2] = node;
    this.#keys[slot * 2 + 1] = unit;
    this.#children[slot] = child;
  }
}

function hash(node: number, unit: number): number {
  let h = Math.imul(node, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}

function commonPrefix(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let n = 0;
  while (n < most && a.charCodeAt(n) === b.charCodeAt(n)) n++;
  return n;
}
