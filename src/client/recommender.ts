// The typed surface that the page, the element and embedders use. `createRecommender` is in create.ts.
import type { FeedbackEvent, FeedbackKind, Item } from '../base/types.ts';
import type {
  CatalogueMap,
  CataloguePreview,
  CatalogueSource,
  CatalogueSummary,
  EncoderChoice,
  EngineApi,
  EngineStatus,
  FairnessReport,
  HeadHistory,
  HeadSummary,
  KeptCatalogue,
  QualityOptions,
  QualityReport,
  RecommendationList,
  RecommendOptions,
  SearchOptions,
  Speed,
  StorageReport,
} from '../protocol/engine-api.ts';

export interface RecommenderOptions {
  /** Folder that holds `models/`; default: the folder of the library's own script. */
  assetsUrl?: string | URL;
  /** Folder of the model below or outside `assetsUrl`; default `models/multilingual-e5-small/`. */
  modelUrl?: string | URL;
  /** `transformers`: any feature-extraction model of transformers.js; default `manifest`. */
  modelKind?: 'manifest' | 'transformers';
  encoder?: EncoderChoice;
  /** Default `auto`: quick vectors at once, refined in the background; quick only where data are saved or memory is short. */
  speed?: Speed;
  /** Folder of the instant table; default `models/multilingual-e5-small-instant/`, no default when `modelUrl` is set. */
  quickModelUrl?: string | URL;
  databaseName?: string;
}

export interface RecommenderEvents {
  /** Something about the state changed, progress included (`status.progress`, `status.training`). */
  status: EngineStatus;
  /** Recommendations may be better now (new vectors, a rating). */
  change: undefined;
}

export interface TrainOptions {
  /** Milliseconds of training at most; default: the engine's. */
  budgetMs?: number;
  signal?: AbortSignal;
}

export interface MeasureOptions {
  signal?: AbortSignal;
}

/** Every method rejects with a RecommenderError, whose `code` is for programs. Addresses are relative to the page. */
export interface Recommender {
  readonly status: EngineStatus;
  /** Returns the function that ends the subscription. */
  on<K extends keyof RecommenderEvents>(event: K, listener: (value: RecommenderEvents[K]) => void): () => void;

  /** A string or URL is fetched; a File is read. Resolves when the items are known; encoding goes on in the background. */
  openCatalogue(source: string | URL | File | CatalogueSource): Promise<CatalogueSummary>;
  /** Reads as opening would and keeps nothing. @throws aborted when the signal fires */
  previewCatalogue(source: string | URL | File | CatalogueSource, options?: { signal?: AbortSignal }): Promise<CataloguePreview>;
  /** Catalogues kept on this device, last opened first. */
  catalogues(): Promise<KeptCatalogue[]>;
  /** Deletes it with its ratings and heads; the open one is closed first. */
  deleteCatalogue(id: string): Promise<void>;
  /** Drops the vectors of the owner's pack and encodes everything on this device. */
  encodeOnDevice(): Promise<void>;
  stopEncoding(): Promise<void>;
  resumeEncoding(): Promise<void>;

  recommend(options?: Partial<RecommendOptions>): Promise<RecommendationList>;
  search(query: string, options?: Partial<SearchOptions>): Promise<RecommendationList>;
  /** `null` removes the rating. It is stored when the promise resolves. */
  rate(itemId: string, kind: FeedbackKind | null): Promise<void>;
  ratings(): Promise<FeedbackEvent[]>;
  items(ids: readonly string[]): Promise<Item[]>;
  /** Items in file order, at most 1,000. */
  browse(from: number, count: number): Promise<Item[]>;
  /** Items whose rating would teach most. */
  suggestQuestions(count: number): Promise<Item[]>;
  /** Vectors as they are ranked, unit length: [ids × dimensions]. */
  vectors(ids: readonly string[]): Promise<Float32Array>;

  /** Trains a head on the ratings; its record says whether it was installed. @throws not-ready below 3 likes, aborted */
  train(options?: TrainOptions): Promise<HeadSummary>;
  stopTraining(): Promise<void>;
  heads(): Promise<HeadHistory>;
  /** @throws bad-head when the id is unknown */
  restoreHead(id: string): Promise<void>;

  /** The first call encodes a sample of the catalogue's translations, with `status.progress`. @throws not-ready, aborted */
  fairness(options?: MeasureOptions): Promise<FairnessReport>;
  /** @throws interactions-format, evaluation-empty, not-ready, aborted */
  measureQuality(options: QualityOptions & MeasureOptions): Promise<QualityReport>;
  /** Items in the plane, before or after language correction. */
  map(correction: 'before' | 'after'): Promise<CatalogueMap>;

  storage(): Promise<StorageReport>;
  /** Ratings, heads and settings of every catalogue, as JSON. */
  exportData(): Promise<Blob>;
  requestPersistence(): Promise<boolean>;
  /** Deletes everything kept on the device: catalogue, vectors, ratings, model files. */
  erase(): Promise<void>;
  /** Ends the worker; what is stored stays. */
  dispose(): Promise<void>;
}

/** Methods of `Recommender` that pass their arguments to the engine unchanged, with their number. A new engine call needs its name here. */
export const FORWARDED = {
  catalogues: 0,
  encodeOnDevice: 0,
  stopEncoding: 0,
  resumeEncoding: 0,
  ratings: 0,
  items: 1,
  browse: 2,
  suggestQuestions: 1,
  vectors: 1,
  stopTraining: 0,
  heads: 0,
  restoreHead: 1,
  map: 1,
  storage: 0,
  exportData: 0,
  requestPersistence: 0,
} as const satisfies { [K in keyof EngineApi & keyof Recommender]?: Parameters<EngineApi[K]>['length'] };
