// From means and statistics to a correction of one method: the first one, the trials on half the items, and the final fit.
import { groupBy } from '../../base/group-by.ts';
import { normalizeRows } from '../../compute/cpu/linear.ts';
import { correctRows, withoutLanguage } from './apply.ts';
import { type Basis, type Covariances, firstColumns, type Translations } from './covariances.ts';
import { drawReferences, HUBNESS_WEIGHT, neighboursFor } from './hubness.ts';
import { fitMaps, languagesToMap } from './maps.ts';
import { cholesky, gatherRows, leadingComponents, multiplyRows, solveLower, solveLowerTransposed } from './matrix.ts';
import { fitMeans, type LanguageMeans, PRIOR_STRENGTH } from './means.ts';
import { type LowRankMap, mapOfTag, type ShippedMaps } from './shipped-maps.ts';
import type { CorrectionMethod, FitInput, FitReport, LanguageCorrection, LanguageEntry, LanguagePrior, SharedSpace } from './types.ts';

/** Leading components that `lir` removes. The first is nearly the mean direction; each further one takes content with it. */
const LIR_COMPONENTS = 1;
/** Rows of a language that its components are computed from, at most. */
const LIR_ROWS = 100;
/** With fewer rows no item can be a hub. */
export const LEAST_HUB_ROWS = 50;

/** What is known before a method is chosen. */
export interface Material {
  raw: Float32Array;
  dimensions: number;
  /** Judged tag of each row; undefined for zero rows and rows of unknown language. */
  tags: readonly (string | undefined)[];
  /** Numbers of the rows with a vector. */
  present: readonly number[];
  means: LanguageMeans;
  /** Of the languages that have a mean, those that ship with a map. */
  shipped: ReadonlyMap<string, LowRankMap>;
  /** Row numbers of translated items. `centred` and `Translations` refer to positions in this list. */
  itemRows: readonly number[];
  /** [itemRows × dimensions], unit rows less their language's mean, through its shipped map. */
  centred: Float32Array;
}

export interface Discriminant {
  basis: Basis;
  items: Translations;
  /** Whether the basis is for rows that went through the shipped maps. */
  mapped: boolean;
}

const NO_REPORT: FitReport = { criterion: 'fixed', candidates: [], rows: 0, translatedItems: 0, relabelledRows: 0 };
const NO_HUBNESS: LanguageCorrection['hubness'] = { weight: 0, neighbours: 1, references: new Float32Array(0) };

/**
 * The correction before one is fitted: centred by shrunk language means, then through the shipped basis (all its columns) where there is
 * one. Takes milliseconds, so that lists are language-neutral while a catalogue is still being encoded.
 * @param sharedWidth dimensions of the shared space (instant vectors), whose axes are the first columns of the basis
 */
export function adapterCorrection(
  { raw, dimensions: d, languages }: FitInput,
  prior: LanguagePrior | undefined,
  sharedWidth?: number,
): LanguageCorrection {
  const means = fitMeans(raw, d, languages, prior);
  const rows = [...means.byTag.values()].reduce((sum, entry) => sum + entry.rows, 0);
  const basis = prior?.basis;
  const dimensions = basis?.width ?? d;
  return {
    method: basis ? 'lda' : 'centre',
    inputDimensions: d,
    dimensions,
    languages: entriesOf(means),
    unknownMean: means.unknown,
    grandMean: means.grand,
    projection: basis?.projection,
    hubness: NO_HUBNESS,
    bridge: sharedWidth === undefined ? undefined : leadingColumns(sharedWidth, dimensions),
    report: { ...NO_REPORT, criterion: 'default', rows },
  };
}

/** The matrix [width × dimensions] that keeps the first dimensions as they are. */
export function leadingColumns(width: number, dimensions: number): { width: number; matrix: Float32Array } {
  const matrix = new Float32Array(width * dimensions);
  for (let i = 0; i < Math.min(width, dimensions); i++) matrix[i * dimensions + i] = 1;
  return { width, matrix };
}

/** A correction without hubness and bridge. @param discriminant for `lda` only */
export function buildCorrection(material: Material, method: CorrectionMethod, dimensions: number, discriminant?: Discriminant): LanguageCorrection {
  const { means, dimensions: d } = material;
  const languages = entriesOf(means);
  const lda = method === 'lda' ? discriminant : undefined;
  const projection = lda ? firstColumns(lda.basis, dimensions) : undefined;
  if (lda && projection) {
    if (lda.mapped) for (const [tag, map] of material.shipped) addTo(languages, tag, { shipped: map });
    for (const [tag, map] of mapsOf(material, projection, dimensions, lda.items)) addTo(languages, tag, { map });
  }
  if (method === 'lir') {
    for (const [tag, removed] of componentsOf(material)) addTo(languages, tag, { removed });
  }
  return {
    method,
    inputDimensions: d,
    dimensions: lda ? dimensions : d,
    languages,
    unknownMean: means.unknown,
    grandMean: means.grand,
    projection,
    hubness: NO_HUBNESS,
    bridge: undefined,
    report: NO_REPORT,
  };
}

function entriesOf({ byTag }: LanguageMeans): Map<string, LanguageEntry> {
  return new Map([...byTag].map(([tag, entry]) => [tag, { tag, ...entry }]));
}

function addTo(languages: Map<string, LanguageEntry>, tag: string, more: Pick<LanguageEntry, 'map' | 'removed' | 'shipped'>): void {
  const entry = languages.get(tag);
  if (entry) languages.set(tag, { ...entry, ...more });
}

/** Shipped maps of the languages that have a mean. */
export function shippedFor(means: LanguageMeans, maps: ShippedMaps | undefined): Map<string, LowRankMap> {
  const found = new Map<string, LowRankMap>();
  for (const tag of maps ? means.byTag.keys() : []) {
    const map = maps && mapOfTag(maps, tag);
    if (map) found.set(tag, map);
  }
  return found;
}

/** Unit rows less their language's mean, through its shipped map. @returns [rows × d], in the order of the row numbers */
export function centreItems(
  { raw, dimensions: d, tags, means, shipped }: Omit<Material, 'itemRows' | 'centred'>,
  rows: readonly number[],
): Float32Array {
  const about = { method: 'lda' as const, inputDimensions: d, unknownMean: means.unknown, grandMean: means.grand };
  const known = new Map<string, Pick<LanguageEntry, 'mean' | 'shipped'>>();
  for (const [tag, { mean }] of means.byTag) {
    const map = shipped.get(tag);
    known.set(tag, map ? { mean, shipped: map } : { mean });
  }
  const entries = rows.map((row) => known.get(tags[row] ?? '') ?? ('unknown' as const));
  return withoutLanguage(about, gatherRows(raw, rows, d), entries);
}

function mapsOf(
  { centred, itemRows, dimensions: d, tags }: Material,
  projection: Float32Array,
  k: number,
  items: Translations,
): Map<string, Float32Array> {
  const places = items.flat();
  let next = 0;
  const renumbered = items.map((item) => item.map(() => next++));
  const wanted = languagesToMap(
    places.map((place) => tags[itemRows[place] as number]),
    renumbered,
  );
  if (wanted.size === 0) return new Map();
  const projected = normalizeRows(multiplyRows(gatherRows(centred, places, d), projection, d, k), k);
  return fitMaps(projected, k, renumbered, wanted);
}

function componentsOf({ raw, dimensions: d, tags, present, means }: Material): Map<string, Float32Array> {
  const rowsOf = groupBy(present, (row) => tags[row]);
  const components = new Map<string, Float32Array>();
  for (const [tag, { mean }] of means.byTag) {
    const rows = (rowsOf.get(tag) ?? []).slice(0, LIR_ROWS);
    const own = gatherRows(raw, rows, d);
    // The unit mean counts like `PRIOR_STRENGTH.unknown` rows, which are of unit length too.
    components.set(tag, leadingComponents(own, d, normalizeRows(mean.slice(), d), PRIOR_STRENGTH.unknown, LIR_COMPONENTS));
  }
  return components;
}

/** Adds the reference rows that item biases are measured against. */
export function withHubness(
  correction: LanguageCorrection,
  { raw, dimensions: d, tags, present }: Material,
  weight = HUBNESS_WEIGHT,
): LanguageCorrection {
  if (present.length < LEAST_HUB_ROWS || weight === 0) return correction;
  const rows = drawReferences(present);
  const references = correctRows(
    correction,
    gatherRows(raw, rows, d),
    rows.map((row) => tags[row]),
  );
  return { ...correction, hubness: { weight, neighbours: neighboursFor(rows.length), references } };
}

/**
 * The matrix from a shared space to the corrected one: with y a centred row of covariance Σ = S_b + S_w, P_w the shared projection and v = y P_w,
 * the expectation of y W given v is v (P_wᵀ Σ P_w)⁻¹ P_wᵀ Σ W. Where maps ship, Σ is of mapped rows but v of unmapped ones: the
 * result is then an approximation.
 * @returns undefined when the shared projection has dependent columns
 */
export function bridgeTo(correction: LanguageCorrection, covariances: Covariances, shared: SharedSpace): LanguageCorrection['bridge'] {
  const d = covariances.dimensions;
  const { width, projection, projectedDimensions } = shared;
  const k = correction.dimensions;
  const carried = new Float64Array(width * d); // P_wᵀ Σ
  for (let i = 0; i < d; i++) {
    for (let c = 0; c < width; c++) {
      const value = projection[i * projectedDimensions + c] as number;
      for (let j = 0; j < d; j++) {
        const at = i * d + j;
        carried[c * d + j] =
          (carried[c * d + j] as number) + value * ((covariances.betweenItem[at] as number) + (covariances.withinItem[at] as number));
      }
    }
  }
  const inner = new Float64Array(width * width);
  for (let a = 0; a < width; a++) {
    for (let b = 0; b < width; b++) {
      let sum = 0;
      for (let i = 0; i < d; i++) sum += (carried[a * d + i] as number) * (projection[i * projectedDimensions + b] as number);
      inner[a * width + b] = sum;
    }
  }
  const lower = cholesky(inner, width);
  if (!lower) return undefined;
  const solved = Float32Array.from(solveLowerTransposed(lower, solveLower(lower, carried, width, d), width, d));
  return { width, matrix: correction.projection ? multiplyRows(solved, correction.projection, d, k) : solved };
}
