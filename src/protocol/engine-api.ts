// What the page may ask of the worker, and what comes back. Types only; everything here is structured-cloneable.
// A type that a room below owns is defined there and re-exported here.
import type { ErrorCode } from '../base/errors.ts';
import type { FeedbackEvent, FeedbackKind, Item, Progress } from '../base/types.ts';
import type { CataloguePreview, CatalogueSummary } from '../catalogue/types.ts';
import type { EncoderStatus } from '../encoder/encoder.ts';
import type { FairnessReport } from '../evaluation/fairness/types.ts';
import type { QualityOptions, QualityReport } from '../evaluation/measure-quality.ts';
import type { HeadHistory, HeadSummary, TrainingState } from '../head/record.ts';
import type { KeptCatalogue, StorageReport } from '../store/storage-space.ts';

export type { RankingRule, RuleTarget } from '../base/ranking-rules.ts';
export type { RowProblem } from '../catalogue/problems.ts';
export type { CataloguePreview, CatalogueSummary } from '../catalogue/types.ts';
export type { EncoderStatus } from '../encoder/encoder.ts';
export type { FairnessReport, LanguageBias, LanguageExposure, LanguageNdcg, MeanInterval, NdcgByLanguage } from '../evaluation/fairness/types.ts';
export type { MeasuredSystem, QualityOptions, QualityReport } from '../evaluation/measure-quality.ts';
export type { TrainingPoint } from '../head/fine-tune.ts';
export type { HeadHistory, HeadSummary, TrainingState } from '../head/record.ts';
export type { KeptCatalogue, StorageEntry, StorageReport } from '../store/storage-space.ts';

import type { CatalogueMap } from '../index/catalogue-map.ts';
import type { RecommendationList, RecommendOptions, SearchOptions } from '../ranking/types.ts';

export type { CatalogueMap } from '../index/catalogue-map.ts';
export type {
  LanguageFusion,
  LanguagePolicy,
  ListOptions,
  Reason,
  Recommendation,
  RecommendationList,
  RecommendOptions,
  SearchOptions,
} from '../ranking/types.ts';

export type EncoderChoice = 'auto' | 'webgpu' | 'wasm';

/**
 * `quick`: only the instant encoder, nothing of the transformer is fetched. `quick-then-refined`: instant vectors at once,
 * replaced by the transformer's in the background. `refined`: the transformer alone. `auto`: quick where data are saved or
 * memory is short, else quick-then-refined.
 */
export type Speed = 'auto' | 'quick' | 'quick-then-refined' | 'refined';

export interface EngineSettings {
  /** Folder of the model (holds manifest.json), absolute URL. */
  modelUrl: string;
  /** Where the encoder runs; `auto` skips software adapters. */
  encoder: EncoderChoice;
  speed: Speed;
  /** Folder of the instant table that goes with the model, absolute URL. Empty when there is none; then speed is `refined`. */
  quickModelUrl: string;
  /** Name of the IndexedDB database. */
  databaseName: string;
  /** `transformers`: the model folder is one of transformers.js' feature-extraction models. */
  modelKind: 'manifest' | 'transformers';
}

export type CatalogueSource =
  /**
   * `packUrl`: folder of the vectors that its owner encoded (holds manifest.json); `headUrl`: head file that its owner trained.
   * Absolute URLs. When one of them fails, a notice says so, and this device does the work.
   */
  | { kind: 'url'; url: string; packUrl?: string; headUrl?: string }
  /** `name` is the file's name and the id under which the catalogue is kept. */
  | { kind: 'file'; name: string; data: Blob }
  /** Opened before and kept: nothing is fetched. */
  | { kind: 'stored'; id: string };

export type EnginePhase = 'idle' | 'importing' | 'loading-model' | 'encoding' | 'ready' | 'failed';

/** The whole state that the page shows; sent again whenever a part of it changes. */
export interface EngineStatus {
  phase: EnginePhase;
  catalogueId: string | null;
  itemCount: number;
  /** Items that have the transformer's vector (in `quick`: that have a vector). */
  encodedCount: number;
  /** Items that have any vector and so can be recommended and found. */
  quickCount: number;
  /** How this catalogue is encoded, never `auto`; null before a catalogue is open. */
  speed: Exclude<Speed, 'auto'> | null;
  /** The items that the present profile ranks first all have the transformer's vectors. */
  topRefined: boolean;
  /** Texts that the encoder has read since the worker started; 0 when all vectors came from the store. */
  textsEncoded: number;
  itemsPerSecond: number;
  secondsLeft: number | null;
  /** Present while something is under way. */
  progress: Progress | null;
  /** What happened to the owner's vectors; null when there were none, or after `encodeOnDevice`. */
  pack: PackState | null;
  /** The training in progress, or the last one since the catalogue was opened. */
  training: TrainingState | null;
  encoder: EncoderStatus | null;
  store: { kind: 'indexeddb' | 'memory'; reason: string; persisted: boolean; usedBytes: number };
  /** Set when the worker must be replaced; the client does so by itself. */
  fault?: { code: ErrorCode; message: string };
  /** Sentences to show, newest last. */
  notices: Notice[];
}

export interface Notice {
  /** Key of the message in the interface's catalogue of texts. */
  code:
    | 'stepped-down'
    | 'chunk-damaged'
    | 'store-memory'
    | 'encoder-restarted'
    | 'other-tab-encodes'
    | 'encoding-failed'
    | 'catalogue-problems'
    | 'pack-unusable'
    | 'pack-dropped'
    | 'head-unusable'
    | 'training-failed';
  /** English sentence with the details. */
  text: string;
}

export interface PackState {
  /**
   * `used`: every chunk is in use. `partly`: some could not be read. `unusable`: made by another encoder, or damaged. `dropped`: a sample
   * differed from this device's own vectors.
   */
  state: 'used' | 'partly' | 'unusable' | 'dropped';
  /** Items whose vector came from the pack. */
  items: number;
  /** Lowest cosine between pack and device, over the items that this device encoded for comparison; null before. */
  lowestCosine: number | null;
}

/** The worker's side. Every method rejects with RecommenderError. Item ids are plain strings: the engine checks them. */
export interface EngineApi {
  start(settings: EngineSettings, onStatus: (status: EngineStatus) => void, onChange: () => void): Promise<EngineStatus>;
  /** Reads or re-opens a catalogue; resolves when its items are known. Encoding goes on in the background. */
  openCatalogue(source: CatalogueSource): Promise<CatalogueSummary>;
  recommend(options: RecommendOptions): Promise<RecommendationList>;
  /** Similarity search in the same space; loads the encoder when it is not there yet. */
  search(query: string, options: SearchOptions): Promise<RecommendationList>;
  /** `null` removes the rating. It is stored when the promise resolves. */
  rate(itemId: string, kind: FeedbackKind | null): Promise<void>;
  ratings(): Promise<FeedbackEvent[]>;
  items(ids: readonly string[]): Promise<Item[]>;
  /** All items, in file order, in slices of at most 1,000. */
  browse(from: number, count: number): Promise<Item[]>;

  /** Reads a file as opening it would and keeps nothing. @param name by which it can be stopped, unique among those under way */
  previewCatalogue(source: CatalogueSource, name: string): Promise<CataloguePreview>;
  /** Ends the preview of that name, if it is under way: it rejects with `aborted`. */
  stopPreview(name: string): Promise<void>;
  /** Last opened first. */
  catalogues(): Promise<KeptCatalogue[]>;
  /** Deletes its items, ratings and heads, and the vectors that no other kept catalogue needs. The open one is closed first. */
  deleteCatalogue(id: string): Promise<void>;
  /** Drops what came from the owner's pack, for good, and encodes everything on this device. */
  encodeOnDevice(): Promise<void>;

  /** Trains a head on the ratings; resolves with its record, installed or not. @throws not-ready below 3 likes, aborted */
  train(budgetMs?: number): Promise<HeadSummary>;
  stopTraining(): Promise<void>;
  heads(): Promise<HeadHistory>;
  /** Ranks by this head of the history again. @throws bad-head when its id is unknown */
  restoreHead(id: string): Promise<void>;
  /** Items whose rating would teach most, varied. */
  suggestQuestions(count: number): Promise<Item[]>;

  /** Encodes a sample of the catalogue's translations where they are not kept yet. @throws not-ready, aborted, encoder-*, asset-* */
  fairness(): Promise<FairnessReport>;
  /** Ends `fairness` and `measureQuality` with `aborted`; translations encoded so far stay. */
  stopMeasuring(): Promise<void>;
  /** @throws interactions-format, evaluation-empty, not-ready (not all items have vectors) */
  measureQuality(options: QualityOptions): Promise<QualityReport>;
  map(correction: 'before' | 'after'): Promise<CatalogueMap>;

  storage(): Promise<StorageReport>;
  /** Everything about the visitor as JSON: ratings, heads, settings, of every catalogue. */
  exportData(): Promise<Blob>;
  /** Stops encoding after the batch in progress. Vectors and the loaded model stay. */
  stopEncoding(): Promise<void>;
  resumeEncoding(): Promise<void>;
  status(): Promise<EngineStatus>;
  requestPersistence(): Promise<boolean>;
  /** Vectors of items as they are ranked, for checks: [ids × dimensions]. */
  vectors(ids: readonly string[]): Promise<Float32Array>;
  erase(): Promise<void>;
  dispose(): Promise<void>;
}
