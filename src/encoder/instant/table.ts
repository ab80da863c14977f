// One vector per vocabulary piece, product-quantised: row[t] = scale[t] · (book₀[code₀] ‖ book₁[code₁] ‖ …) (Jégou et al.
// 2011, "Product Quantization for Nearest Neighbor Search"). Rows are summed from their codes; the table is never unpacked.
import { RecommenderError } from '../../base/errors.ts';
import type { InstantManifest } from './instant-manifest.ts';

type TableShape = Pick<InstantManifest, 'dimensions' | 'pieces' | 'subvectors' | 'codes' | 'layout'>;

const TYPE_BYTES: Readonly<Record<string, number>> = { float32: 4, float16: 2, uint8: 1 };

interface Section {
  type: string;
  shape: string;
  /** Byte offset in the file. */
  start: number;
  end: number;
}

export class PieceTable {
  readonly dimensions: number;
  readonly pieces: number;
  readonly #books: Float32Array; // [subvectors × codes × width]
  readonly #codes: Uint8Array; // [pieces × subvectors]
  readonly #scales: Float32Array; // [pieces], rarity weight included
  readonly #subvectors: number;
  readonly #width: number;
  /** Values of a codebook. */
  readonly #stride: number;

  /**
   * @param bytes the whole file; codes stay a view of it, so its buffer must be left alone
   * @throws bad-manifest when the layout does not describe a table; asset-damaged when size or values do not fit it
   */
  constructor(bytes: Uint8Array<ArrayBuffer>, shape: TableShape) {
    const { dimensions, pieces, subvectors, codes } = shape;
    const width = dimensions / subvectors;
    const sections = readLayout(shape.layout);
    const section = (name: string, type: string, dims: readonly number[]): Uint8Array<ArrayBuffer> => {
      const found = sections.get(name);
      const wanted = dims.join(' x ');
      if (!found || found.type !== type || found.shape !== wanted) {
        throw new RecommenderError('bad-manifest', `The layout must hold "${name} ${type} [${wanted}]"; it has ${JSON.stringify(shape.layout)}.`);
      }
      return bytes.subarray(found.start, found.end);
    };
    const books = section('books', 'float32', [subvectors, codes, width]);
    const rows = section('codes', 'uint8', [pieces, subvectors]);
    const scales = section('scale', 'float16', [pieces]);
    const total = Math.max(...[...sections.values()].map(({ end }) => end));
    if (bytes.length !== total) throw damaged(`${bytes.length} bytes instead of ${total}`);
    this.dimensions = dimensions;
    this.pieces = pieces;
    this.#subvectors = subvectors;
    this.#width = width;
    this.#stride = codes * width;
    this.#books = new Float32Array(books.slice().buffer); // slice: a section need not be aligned
    this.#codes = rows;
    this.#scales = halvesToFloats(new Uint16Array(scales.slice().buffer));
    if (!allFinite(this.#books) || !allFinite(this.#scales)) throw damaged('it holds NaN or infinity');
    if (codes < 256 && rows.some((code) => code >= codes)) throw damaged(`it holds a code over ${codes - 1}`);
  }

  /**
   * Σ row[piece] over the pieces of a text; codebook by codebook, so that the one in use stays in the fastest cache.
   * @param pieces every occurrence counts
   * @param sum [dimensions], overwritten
   * @throws bad-argument when a piece is not in the table
   */
  sumRows(pieces: Int32Array, sum: Float64Array): void {
    for (let i = 0; i < pieces.length; i++) {
      const piece = pieces[i] as number;
      if (piece >= 0 && piece < this.pieces) continue;
      throw new RecommenderError(
        'bad-argument',
        `The piece ${piece} is not in the table of ${this.pieces}. Use the tokenizer that the table was made for.`,
      );
    }
    if (this.#width === 4) this.#sumRows4(pieces, sum);
    else this.#sumRowsAny(pieces, sum);
  }

  /** One row, scale included: [dimensions]. @throws bad-argument when the piece is not in the table */
  row(piece: number): Float32Array {
    const sum = new Float64Array(this.dimensions);
    this.sumRows(Int32Array.of(piece), sum);
    return Float32Array.from(sum);
  }

  #sumRows4(pieces: Int32Array, sum: Float64Array): void {
    const books = this.#books;
    const codes = this.#codes;
    const scales = this.#scales;
    const subvectors = this.#subvectors;
    for (let s = 0, book = 0; s < subvectors; s++, book += this.#stride) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let i = 0; i < pieces.length; i++) {
        const piece = pieces[i] as number;
        const scale = scales[piece] as number;
        const entry = book + (codes[piece * subvectors + s] as number) * 4;
        a += scale * (books[entry] as number);
        b += scale * (books[entry + 1] as number);
        c += scale * (books[entry + 2] as number);
        d += scale * (books[entry + 3] as number);
      }
      sum[s * 4] = a;
      sum[s * 4 + 1] = b;
      sum[s * 4 + 2] = c;
      sum[s * 4 + 3] = d;
    }
  }

  #sumRowsAny(pieces: Int32Array, sum: Float64Array): void {
    const width = this.#width;
    sum.fill(0);
    for (let s = 0, book = 0; s < this.#subvectors; s++, book += this.#stride) {
      for (const piece of pieces) {
        const scale = this.#scales[piece] as number;
        const entry = book + (this.#codes[piece * this.#subvectors + s] as number) * width;
        for (let j = 0, at = s * width; j < width; j++, at++) sum[at] = (sum[at] as number) + scale * (this.#books[entry + j] as number);
      }
    }
  }
}

/** `books float32 [32 x 256 x 4]` and so on, each section right after the one before it. */
function readLayout(layout: readonly string[]): Map<string, Section> {
  const sections = new Map<string, Section>();
  let start = 0;
  for (const line of layout) {
    const [, name = '', type = '', shape = ''] = /^(\w+) (\w+) \[(\d+(?: x \d+)*)\]$/.exec(line) ?? [];
    const bytes = TYPE_BYTES[type];
    if (bytes === undefined) {
      throw new RecommenderError(
        'bad-manifest',
        `The layout's line "${line}" is not "name type [shape]" with one of ${Object.keys(TYPE_BYTES).join(', ')}.`,
      );
    }
    const end = start + shape.split(' x ').reduce((product, size) => product * Number(size), bytes);
    sections.set(name, { type, shape, start, end });
    start = end;
  }
  return sections;
}

/** IEEE 754 binary16 → number (Float16Array is missing in browsers of 2024). */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function halvesToFloats(halves: Uint16Array): Float32Array {
  const out = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) out[i] = halfToNumber(halves[i] as number);
  return out;
}

function allFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

function damaged(what: string): RecommenderError {
  return new RecommenderError('asset-damaged', `The instant table is damaged: ${what}. Upload it again, and check that the host sends it unchanged.`);
}
