// One vector per vocabulary piece, product-quantised: row[t] = scale[t] · (book₀[code₀] ‖ book₁[code₁] ‖ …) (Jégou et al.
// 2011, "Product Quantization for Nearest Neighbor Search"). Rows are added from their codes; the table is never unpacked.
import { RecommenderError } from '../../base/errors.ts';
import type { InstantManifest } from './instant-manifest.ts';

export type TableShape = Pick<InstantManifest, 'dimensions' | 'pieces' | 'subvectors' | 'codes' | 'layout'>;

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
    this.#scales = Float32Array.from(new Uint16Array(scales.slice().buffer), halfToNumber);
    if (!this.#books.every(Number.isFinite) || !this.#scales.every(Number.isFinite)) throw damaged('it holds NaN or infinity');
    if (codes < 256 && rows.some((code) => code >= codes)) throw damaged(`it holds a code over ${codes - 1}`);
  }

  /**
   * sum += row[piece].
   * @param sum [dimensions]
   * @throws bad-argument when the piece is not in the table
   */
  addRow(piece: number, sum: Float64Array): void {
    const scale = this.#scales[piece];
    if (scale === undefined) {
      throw new RecommenderError('bad-argument', `The piece ${piece} is not in the table of ${this.pieces}. Use the tokenizer that the table was made for.`);
    }
    const books = this.#books;
    const codes = this.#codes;
    const subvectors = this.#subvectors;
    const width = this.#width;
    const stride = this.#stride;
    let at = 0;
    let code = piece * subvectors;
    for (let book = 0, s = 0; s < subvectors; s++, book += stride, code++) {
      const entry = book + (codes[code] as number) * width;
      for (let j = 0; j < width; j++, at++) sum[at] = (sum[at] as number) + scale * (books[entry + j] as number);
    }
  }

  /** One row, scale included: [dimensions]. */
  row(piece: number): Float32Array {
    const sum = new Float64Array(this.dimensions);
    this.addRow(piece, sum);
    return Float32Array.from(sum);
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
      throw new RecommenderError('bad-manifest', `The layout's line "${line}" is not "name type [shape]" with one of ${Object.keys(TYPE_BYTES).join(', ')}.`);
    }
    const end = start + shape.split(' x ').reduce((product, size) => product * Number(size), bytes);
    sections.set(name, { type, shape, start, end });
    start = end;
  }
  return sections;
}

/** IEEE 754 binary16 → number (Float16Array is missing in browsers of 2024). */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function damaged(what: string): RecommenderError {
  return new RecommenderError('asset-damaged', `The instant table is damaged: ${what}. Upload it again, and check that the host sends it unchanged.`);
}
