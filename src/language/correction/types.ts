// What a language correction is made of: the shipped prior, the rows it is fitted on, and the fitted value. Data only.
import type { ProgressCallback } from '../../base/types.ts';
import type { LowRankMap, ShippedMaps } from './shipped-maps.ts';

/**
 * `none`: raw vectors. `centre`: minus the language's mean. `lir`: without the language's leading principal components (Yang et
 * al. 2021, arXiv:2109.04727). `shift`: moved by the difference of its language's mean to the mean of all (relative language
 * vector). `lda`: centred, through the language's shipped map, then the basis in which translations agree, with Wiener weights, then a map per language.
 */
export const CORRECTION_METHODS = ['none', 'centre', 'lir', 'shift', 'lda'] as const;
export type CorrectionMethod = (typeof CORRECTION_METHODS)[number];

/** Shipped with the encoder: what is believed before the catalogue says anything. Matrices row-major. */
export interface LanguagePrior {
  dimensions: number;
  languages: readonly string[];
  /** [languages × dimensions], mean raw vector of each language. */
  means: Float32Array;
  /** S_w and S_b [dimensions × dimensions]: how translations of one item differ, and how items do; of centred unit vectors, mapped where there are `maps`. */
  covariances?: { withinItem: Float32Array; betweenItem: Float32Array };
  /** Per language, for centred vectors; come with covariances of mapped rows. */
  maps?: ShippedMaps;
  /** [dimensions × width], a discriminant basis for rows without maps: what serves where `covariances` were not fetched. */
  basis?: { projection: Float32Array; width: number };
}

export interface FitInput {
  /** [rows × dimensions], as the encoder gives them; a zero row has no vector yet and does not count. */
  raw: Float32Array;
  dimensions: number;
  /** Stated BCP-47 tag of each row; undefined: not known. */
  languages: readonly (string | undefined)[];
  /** Rows with the same number are translations of one item; undefined: the row stands alone. */
  groups?: readonly (number | undefined)[];
}

export interface FitOptions {
  prior?: LanguagePrior;
  /** Takes this method instead of the one that the criterion chooses. */
  method?: CorrectionMethod;
  /** Dimensions of the corrected vectors that may be chosen from (`lda` only), as far as the basis goes. Default 128, 352. */
  dimensions?: readonly number[];
  /** Weight of the hubness correction (0: none). Default `HUBNESS_WEIGHT`. */
  hubness?: number;
  /** Rows that statistics are taken from, at most; means are taken from all. Default 12,000. */
  maxRows?: number;
  /** A space shared with another encoder (instant vectors): gives the matrix from it to the corrected space. */
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

/** One method at one number of dimensions, by the held-out criterion. */
export interface Candidate {
  method: CorrectionMethod;
  dimensions: number;
  /** Share of the ten nearest in the query's own language, over the share by chance. */
  sameLanguageOverFair: number;
  /** Mean reciprocal rank of the same item in another language; only with enough translations. */
  selfReciprocalRank?: number;
  /** Mean correlation between the scores by one item's queries in two languages; only with enough translations. */
  agreement?: number;
  /** Mean share of the nearest of the same language kept from the centred vectors. */
  preserved: number;
}

export interface FitReport {
  /** What chose: held-out translations, neighbourhoods, or the caller (`fixed`); `default`: too few rows to tell. */
  criterion: 'translations' | 'neighbours' | 'fixed' | 'default';
  candidates: readonly Candidate[];
  /** Rows with a vector. */
  rows: number;
  /** Items with two translations or more that the statistics were taken from. */
  translatedItems: number;
  /** Rows whose vector speaks against the stated language and was treated as another. */
  relabelledRows: number;
}

/** Mean of a language and how sure it is. */
export interface LanguageEntry {
  tag: string;
  /** Rows of the catalogue. */
  rows: number;
  /** [inputDimensions], raw space, shrunk. */
  mean: Float32Array;
  /** Shipped with the encoder, applied to the centred row before the projection; `lda` only. */
  shipped?: LowRankMap;
  /** [dimensions × dimensions], row-major, applied after the projection; `lda` with enough translations only. */
  map?: Float32Array;
  /** [components × inputDimensions], orthonormal; `lir` only. */
  removed?: Float32Array;
}

/** A fitted correction. Immutable; stored with the index whose vectors it made. */
export interface LanguageCorrection {
  method: CorrectionMethod;
  inputDimensions: number;
  /** Of corrected vectors, without the bias. */
  dimensions: number;
  /** Languages of the catalogue and of the prior. */
  languages: ReadonlyMap<string, LanguageEntry>;
  /** [inputDimensions], for a language of which nothing is known. */
  unknownMean: Float32Array;
  /** [inputDimensions], mean over languages: what `shift` moves to, and the origin for telling languages apart. */
  grandMean: Float32Array;
  /** [inputDimensions × dimensions]; undefined where nothing is projected. */
  projection: Float32Array | undefined;
  hubness: { weight: number; neighbours: number /** [references × dimensions], unit length */; references: Float32Array };
  /** [width × dimensions], from centred vectors of the shared space; undefined when none was named. */
  bridge: { width: number; matrix: Float32Array } | undefined;
  report: FitReport;
}
