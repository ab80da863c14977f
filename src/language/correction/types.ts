// The data of a language correction: the shipped prior, the rows that it is fitted on, and the fitted correction.
import type { ProgressCallback } from '../../base/types.ts';
import type { LowRankMap, ShippedMaps } from './shipped-maps.ts';

/**
 * `none`: raw vectors. `centre`: the language's mean is subtracted. `lir`: the language's leading principal components are removed (Yang
 * et al. 2021, arXiv:2109.04727). `shift`: the language's mean is subtracted and the mean of all added (relative language vector). `lda`:
 * centred, then the language's shipped map, then the basis in which translations agree (with Wiener weights), then the language's fitted map.
 */
export const CORRECTION_METHODS = ['none', 'centre', 'lir', 'shift', 'lda'] as const;
export type CorrectionMethod = (typeof CORRECTION_METHODS)[number];

/** Shipped with the encoder: what is assumed before a catalogue is seen. Matrices are row-major. */
export interface LanguagePrior {
  dimensions: number;
  languages: readonly string[];
  /** [languages × dimensions], mean raw vector of each language. */
  means: Float32Array;
  /** S_w and S_b [dimensions × dimensions]: how translations of one item differ, and how items do; of centred unit vectors, mapped where there are `maps`. */
  covariances?: { withinItem: Float32Array; betweenItem: Float32Array };
  /** One a language, for centred vectors. The covariances are then those of mapped rows. */
  maps?: ShippedMaps;
  /** [dimensions × width], a discriminant basis for rows without maps: used where `covariances` were not fetched. */
  basis?: { projection: Float32Array; width: number };
}

export interface FitInput {
  /** [rows × dimensions], as the encoder gives them; a zero row has no vector yet and does not count. */
  raw: Float32Array;
  dimensions: number;
  /** Stated BCP-47 tag of each row. */
  languages: readonly (string | undefined)[];
  /** Rows with the same number are translations of one item; undefined: the row stands alone. */
  groups?: readonly (number | undefined)[];
}

export interface FitOptions {
  prior?: LanguagePrior;
  /** Uses this method instead of the one that the criterion chooses. */
  method?: CorrectionMethod;
  /** Numbers of dimensions to choose from (`lda` only), cut to the width of the basis. Default 128, 352. */
  dimensions?: readonly number[];
  /** Weight of the hubness correction (0: none). Default `HUBNESS_WEIGHT`. */
  hubness?: number;
  /** Statistics are computed from so many rows at most, means from all. Default 12,000. */
  maxRows?: number;
  /** A space shared with another encoder (instant vectors); the correction then has a `bridge` from it. */
  shared?: SharedSpace;
  signal?: AbortSignal;
  onProgress?: ProgressCallback;
}

export interface SharedSpace {
  /** [dimensions × projectedDimensions]; its first `width` columns span the space. */
  projection: Float32Array;
  projectedDimensions: number;
  width: number;
}

/** One method with one number of dimensions, and how it did on held-out rows. */
export interface Candidate {
  method: CorrectionMethod;
  dimensions: number;
  /** Share of the ten nearest that is in the query's own language, over the share by chance. */
  sameLanguageOverFair: number;
  /** Mean reciprocal rank of the same item in another language; only with enough translations. */
  selfReciprocalRank?: number;
  /** Mean correlation between the scores of one item's queries in two languages; only with enough translations. */
  agreement?: number;
  /** Mean share of a row's nearest of the same language by `centre` that are still its nearest. */
  preserved: number;
}

export interface FitReport {
  /** What chose the method: held-out translations, neighbourhoods, or the caller (`fixed`). `default`: too few rows to choose. */
  criterion: 'translations' | 'neighbours' | 'fixed' | 'default';
  candidates: readonly Candidate[];
  /** Rows with a vector. */
  rows: number;
  /** Items with two translations or more that the statistics were computed from. */
  translatedItems: number;
  /** Rows treated as of another language than stated, because their vector points to it. */
  relabelledRows: number;
}

/** What a correction knows of one language. */
export interface LanguageEntry {
  tag: string;
  /** Rows of the catalogue. */
  rows: number;
  /** [inputDimensions], raw, shrunk. */
  mean: Float32Array;
  /** The shipped map, applied to the centred row before the projection; `lda` only. */
  shipped?: LowRankMap;
  /** The fitted map [dimensions × dimensions], row-major, applied after the projection; only `lda` with enough translations. */
  map?: Float32Array;
  /** Components to remove [components × inputDimensions], orthonormal; `lir` only. */
  removed?: Float32Array;
}

/** A fitted correction. Immutable. */
export interface LanguageCorrection {
  method: CorrectionMethod;
  inputDimensions: number;
  /** Of corrected vectors, without the bias. */
  dimensions: number;
  /** Languages of the catalogue and of the prior. */
  languages: ReadonlyMap<string, LanguageEntry>;
  /** [inputDimensions], for texts of unknown language and languages without a mean. */
  unknownMean: Float32Array;
  /** [inputDimensions], mean over languages: what `shift` adds, and the origin when languages are told apart. */
  grandMean: Float32Array;
  /** [inputDimensions × dimensions]; undefined where nothing is projected. */
  projection: Float32Array | undefined;
  hubness: { weight: number; neighbours: number /** [references × dimensions], unit length */; references: Float32Array };
  /** Matrix [width × dimensions] for centred vectors of the shared space; undefined when there is none. */
  bridge: { width: number; matrix: Float32Array } | undefined;
  report: FitReport;
}
