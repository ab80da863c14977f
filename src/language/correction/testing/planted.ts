// Planted catalogues: unit vectors = item content + language offset + noise, so that a test knows what must be found.
import { gaussian, type RandomSource, seededRandom } from '../../../base/random.ts';
import { normalizeRows } from '../../../compute/cpu/linear.ts';
import type { LanguagePrior } from '../types.ts';

export interface Planted {
  raw: Float32Array;
  dimensions: number;
  languages: string[];
  /** Item of each row. */
  groups: number[];
}

export interface PlantedOptions {
  items: number;
  tags: readonly string[];
  dimensions?: number;
  /** Length of what a language adds; content has about 1. */
  bias?: number;
  noise?: number;
  seed?: number;
}

const normals = (count: number, scale: number, random: RandomSource): Float32Array =>
  Float32Array.from({ length: count }, () => scale * gaussian(random));

/** Every item in every language, rows in the order item, language. Languages are the same for the same tags and dimensions. */
export function plantCatalogue({ items, tags, dimensions: d = 24, bias = 2, noise = 0.3, seed = 1 }: PlantedOptions): Planted {
  const random = seededRandom(seed);
  const offsets = languageOffsets(tags, d, bias);
  const raw = new Float32Array(items * tags.length * d);
  const languages: string[] = [];
  const groups: number[] = [];
  for (let item = 0; item < items; item++) {
    const content = normals(d, 1 / Math.sqrt(d), random);
    tags.forEach((tag, l) => {
      const row = normals(d, noise / Math.sqrt(d), random).map((value, j) => value + (content[j] as number) + (offsets[l]?.[j] as number));
      raw.set(row, (item * tags.length + l) * d);
      languages.push(tag);
      groups.push(item);
    });
  }
  return { raw: normalizeRows(raw, d), dimensions: d, languages, groups };
}

/** Directions that languages lie in. */
function languageOffsets(tags: readonly string[], d: number, bias: number): Float32Array[] {
  const random = seededRandom(99);
  return tags.map(() => normals(d, bias / Math.sqrt(d), random));
}

/** A prior as an adapter ships it: means of other texts in these languages and diagonal covariances. */
export function plantPrior(tags: readonly string[], dimensions = 24): LanguagePrior {
  const texts = plantCatalogue({ items: 200, tags, dimensions, seed: 77 });
  const means = new Float32Array(tags.length * dimensions);
  texts.languages.forEach((tag, row) => {
    const at = tags.indexOf(tag) * dimensions;
    for (let j = 0; j < dimensions; j++) means[at + j] = (means[at + j] as number) + (texts.raw[row * dimensions + j] as number) / 200;
  });
  const diagonal = (value: number) => Float32Array.from({ length: dimensions ** 2 }, (_, i) => (i % (dimensions + 1) === 0 ? value : 0));
  return { dimensions, languages: tags, means, covariances: { withinItem: diagonal(0.005), betweenItem: diagonal(0.04) } };
}

/** Those rows of a catalogue for which `keep` holds. */
export function rowsWhere(planted: Planted, keep: (row: number) => boolean): Planted {
  const rows = planted.languages.map((_, row) => row).filter(keep);
  const d = planted.dimensions;
  const raw = new Float32Array(rows.length * d);
  rows.forEach((row, i) => {
    raw.set(planted.raw.subarray(row * d, (row + 1) * d), i * d);
  });
  return {
    raw,
    dimensions: d,
    languages: rows.map((row) => planted.languages[row] as string),
    groups: rows.map((row) => planted.groups[row] as number),
  };
}
