// What the page may ask of the worker, and what comes back. Types only; everything here is structured-cloneable.
import type { ErrorCode } from '../base/errors.ts';
import type { FeedbackEvent, FeedbackKind, Item, ItemId, Progress } from '../base/types.ts';

export type EncoderChoice = 'auto' | 'webgpu' | 'wasm';

export interface EngineSettings {
  /** Folder of the model (holds manifest.json), absolute URL. */
  modelUrl: string;
  /** Which rung of the ladder to start on; `auto` passes software adapters by. */
  encoder: EncoderChoice;
  /** Name of the IndexedDB database. */
  databaseName: string;
  /** `transformers`: the model folder is one of transformers.js' feature-extraction models. */
  modelKind: 'manifest' | 'transformers';
}

export type CatalogueSource =
  | { kind: 'url'; url: string }
  /** `name` is the file's name and the id under which the catalogue is kept. */
  | { kind: 'file'; name: string; data: Blob };

export interface RowProblemSummary {
  row: number;
  id?: string;
  field: string;
  value: string;
  message: string;
  remedy: string;
  severity: 'error' | 'warning';
}

export interface CatalogueSummary {
  id: string;
  itemCount: number;
  /** Items per language, most first. */
  languages: { tag: string; items: number }[];
  categories: { id: string; items: number }[];
  format: string;
  /** Column → field, for CSV and TSV. */
  headerMapping: Record<string, string>;
  unmappedColumns: string[];
  problems: RowProblemSummary[];
  problemCount: number;
  /** True when it was read from the store and not parsed again. */
  fromStore: boolean;
}

export type EnginePhase = 'idle' | 'importing' | 'loading-model' | 'encoding' | 'ready' | 'failed';

/** The whole state that the page shows; sent again whenever a part of it changes. */
export interface EngineStatus {
  phase: EnginePhase;
  catalogueId: string | null;
  itemCount: number;
  /** Items that have a vector. */
  encodedCount: number;
  /** Encoder runs' texts since the worker started; 0 when everything came from the store. */
  textsEncoded: number;
  itemsPerSecond: number;
  secondsLeft: number | null;
  /** Present while something is under way. */
  progress: Progress | null;
  encoder: {
    model: string;
    rung: 'webgpu' | 'wasm';
    reason: string;
    device: string;
    checkCosine: number;
    threads: number;
    languages: readonly string[];
  } | null;
  store: { kind: 'indexeddb' | 'memory'; reason: string; persisted: boolean; usedBytes: number };
  /** Set when the worker must be replaced; the client does so by itself. */
  fault?: { code: ErrorCode; message: string };
  /** Plain sentences to show (step-downs, damaged chunks, memory fallback), newest last. */
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
    | 'catalogue-problems';
  /** English sentence with the particulars. */
  text: string;
}

export type LanguagePolicy =
  | { mode: 'any' }
  /** Only these languages (BCP-47 tags; `pt` also takes `pt-BR`). */
  | { mode: 'only'; languages: string[] };

export interface RecommendOptions {
  /** 1 to 1,000. */
  count: number;
  policy?: LanguagePolicy;
}

export interface Recommendation {
  item: Item;
  /** Cosine of profile and item in the language-neutral space, −1 to 1; 0 when nothing was rated yet. */
  score: number;
}

export interface RecommendationList {
  items: Recommendation[];
  /** `profile`: from likes; `sample`: nothing liked yet, a varied start over languages and categories. */
  basis: 'profile' | 'sample';
  /** Items that could be considered (have vectors and fit the policy). */
  candidates: number;
  elapsedMs: number;
}

export interface SearchOptions {
  count: number;
  policy?: LanguagePolicy;
}

/** The worker's side. Every method rejects with RecommenderError. */
export interface EngineApi {
  start(settings: EngineSettings, onStatus: (status: EngineStatus) => void, onChange: () => void): Promise<EngineStatus>;
  /** Reads or re-opens a catalogue; resolves when its items are known. Encoding goes on in the background. */
  openCatalogue(source: CatalogueSource): Promise<CatalogueSummary>;
  recommend(options: RecommendOptions): Promise<RecommendationList>;
  /** Similarity search in the same space; loads the encoder when it is not there yet. */
  search(query: string, options: SearchOptions): Promise<RecommendationList>;
  /** `null` takes the rating back. Durable when it resolves. */
  rate(itemId: ItemId, kind: FeedbackKind | null): Promise<void>;
  ratings(): Promise<FeedbackEvent[]>;
  items(ids: readonly ItemId[]): Promise<Item[]>;
  /** Stops encoding after the batch in progress; what is done stays. The model stays loaded. */
  stopEncoding(): Promise<void>;
  resumeEncoding(): Promise<void>;
  status(): Promise<EngineStatus>;
  requestPersistence(): Promise<boolean>;
  /** Vectors of items as they are ranked, for checks: [ids × dimensions]. */
  vectors(ids: readonly ItemId[]): Promise<Float32Array>;
  erase(): Promise<void>;
  dispose(): Promise<void>;
}
