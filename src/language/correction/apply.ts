// Applies a fitted correction to rows, to a single query and to vectors of the shared space. Pure; input is never changed.
import { RecommenderError } from '../../base/errors.ts';
import { knownLanguage } from '../../base/language-tag.ts';
import { dot, normalizeRows } from '../../compute/cpu/linear.ts';
import { nearestTag } from '../tags.ts';
import { multiplyRows } from './matrix.ts';
import { isZeroRow, languageJudge } from './means.ts';
import { applyMaps } from './shipped-maps.ts';
import type { LanguageCorrection, LanguageEntry } from './types.ts';

/** Rows projected at a time. */
const BLOCK_ROWS = 512;

/**
 * Corrected vectors. A row's language is the one that its vector points to, where that is clearly another than the stated one or none is
 * stated.
 * @param raw [rows × inputDimensions], as the encoder gives them @param languages stated BCP-47 tag of each row
 * @returns [rows × dimensions], unit length; zero rows stay zero
 * @throws bad-vector when sizes do not fit
 */
export function correctRows(correction: LanguageCorrection, raw: Float32Array, languages: readonly (string | undefined)[]): Float32Array {
  const d = correction.inputDimensions;
  requireRows(raw, d, languages.length);
  const judge = languageJudge({ byTag: correction.languages, grand: correction.grandMean });
  const find = entryFinder(correction);
  const entries = languages.map((tag, row) =>
    isZeroRow(raw, row, d) ? undefined : find(judge(raw.subarray(row * d, (row + 1) * d), find.tag(tag))),
  );
  return correctWith(correction, raw, entries);
}

/** As `correctRows`, but every row has its stated language: cheaper, for a correction that is soon replaced. @returns [rows × dimensions] */
export function correctStated(correction: LanguageCorrection, raw: Float32Array, languages: readonly (string | undefined)[]): Float32Array {
  const d = correction.inputDimensions;
  requireRows(raw, d, languages.length);
  const find = entryFinder(correction);
  return correctWith(
    correction,
    raw,
    languages.map((tag, row) => (isZeroRow(raw, row, d) ? undefined : find(tag))),
  );
}

/** As `correctStated`, for one query: searches are too short for their vector to tell the language. @returns [dimensions] */
export function correctQuery(correction: LanguageCorrection, raw: Float32Array, language: string): Float32Array {
  requireRows(raw, correction.inputDimensions, 1);
  return correctWith(correction, raw, [entryFinder(correction)(language)]);
}

/**
 * Vectors of the shared space (instant vectors), centred by their own language means, in the corrected space.
 * @param centred [rows × width] @returns [rows × dimensions], unit length
 * @throws bad-argument when the correction was fitted without a shared space, bad-vector when sizes do not fit
 */
export function correctShared(correction: LanguageCorrection, centred: Float32Array): Float32Array {
  const { bridge, dimensions } = correction;
  if (!bridge) {
    throw new RecommenderError(
      'bad-argument',
      'This correction was fitted without a shared space. Fit it with `shared` to use instant vectors beside it.',
    );
  }
  const rows = centred.length / bridge.width;
  requireRows(centred, bridge.width, rows);
  return normalizeRows(multiplyRows(centred, bridge.matrix, bridge.width, dimensions), dimensions);
}

function requireRows(x: Float32Array, d: number, rows: number): void {
  if (Number.isInteger(rows) && x.length === rows * d) return;
  throw new RecommenderError(
    'bad-vector',
    `${x.length} values are not ${rows} rows of ${d} dimensions. Give one language a row and vectors of the encoder that the correction was fitted for.`,
    {
      values: x.length,
      rows,
      dimensions: d,
    },
  );
}

/** Looks up a tag by `nearestTag`, in another script too. Texts of unknown language (`knownLanguage`) get 'unknown'. */
function entryFinder(correction: LanguageCorrection) {
  const tags = [...correction.languages.keys()];
  const known = new Map<string, string>();
  const tagOf = (stated: string | undefined): string | undefined => {
    const tag = knownLanguage(stated);
    if (tag === undefined) return undefined;
    let nearest = known.get(tag);
    if (nearest === undefined) {
      nearest = nearestTag(tag, tags, { anyScript: true }) ?? tag;
      known.set(tag, nearest);
    }
    return nearest;
  };
  const find = (tag: string | undefined): LanguageEntry | 'unknown' => correction.languages.get(tagOf(tag) ?? '') ?? 'unknown';
  return Object.assign(find, { tag: tagOf });
}

function correctWith(correction: LanguageCorrection, raw: Float32Array, entries: readonly (LanguageEntry | 'unknown' | undefined)[]): Float32Array {
  const d = correction.inputDimensions;
  const k = correction.dimensions;
  const out = new Float32Array(entries.length * k);
  for (let from = 0; from < entries.length; from += BLOCK_ROWS) {
    const block = entries.slice(from, from + BLOCK_ROWS);
    const neutral = withoutLanguage(correction, raw.slice(from * d, (from + block.length) * d), block);
    const projected = correction.projection ? normalizeRows(multiplyRows(neutral, correction.projection, d, k), k) : neutral;
    out.set(applyFittedMaps(projected, k, block), from * k);
  }
  return out;
}

/** Takes the language's part out of raw vectors, in place. @param x [rows × inputDimensions] @returns x, unit rows */
export function withoutLanguage(
  { method, inputDimensions: d, unknownMean, grandMean }: Pick<LanguageCorrection, 'method' | 'inputDimensions' | 'unknownMean' | 'grandMean'>,
  x: Float32Array,
  entries: readonly (Pick<LanguageEntry, 'mean' | 'removed' | 'shipped'> | 'unknown' | undefined)[],
): Float32Array {
  entries.forEach((entry, row) => {
    if (entry === undefined || method === 'none') return;
    const values = x.subarray(row * d, (row + 1) * d);
    const mean = entry === 'unknown' ? unknownMean : entry.mean;
    if (method === 'lir') {
      removeComponents(values, entry !== 'unknown' && entry.removed ? entry.removed : normalizeRows(mean.slice(), d));
    } else {
      for (let j = 0; j < d; j++) values[j] = (values[j] as number) - (mean[j] as number) + (method === 'shift' ? (grandMean[j] as number) : 0);
    }
  });
  if (method === 'lda')
    applyMaps(
      x,
      d,
      entries.map((entry) => (entry === undefined || entry === 'unknown' ? undefined : entry.shipped)),
    );
  return normalizeRows(x, d);
}

/** x −= Σ (x · u) u. @param components [components × d], orthonormal */
function removeComponents(x: Float32Array, components: Float32Array): void {
  const d = x.length;
  for (let at = 0; at < components.length; at += d) {
    const along = dot(x, 0, components, at, d);
    for (let j = 0; j < d; j++) x[j] = (x[j] as number) - along * (components[at + j] as number);
  }
}

/** Applies each language's fitted map, in place. @param x [rows × k] */
function applyFittedMaps(x: Float32Array, k: number, entries: readonly (LanguageEntry | 'unknown' | undefined)[]): Float32Array {
  entries.forEach((entry, row) => {
    if (entry === undefined || entry === 'unknown' || !entry.map) return;
    const values = x.subarray(row * k, (row + 1) * k);
    values.set(normalizeRows(multiplyRows(values, entry.map, k, k), k));
  });
  return x;
}
