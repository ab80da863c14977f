// What the page may ask of the worker, and what comes back. Types only; everything here is structured-cloneable.
import type { ErrorCode } from '../base/errors.ts';
import type { FeedbackEvent, FeedbackKind, Item, ItemId, Progress } from '../base/types.ts';

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
  /** Which rung of the ladder to start on; `auto` passes software adapters by. */
  encoder: EncoderChoice;
  speed: Speed;
  /** Folder of the instant table that goes with the model, absolute URL; empty: there is none, and speed is `refined`. */
  quickModelUrl: string;
  /** Name of the IndexedDB database. */
  databaseName: string;
  /** `transformers`: the model folder is one of transformers.js' feature-extraction models. */
  modelKind: 'manifest' | 'transformers';
}

export type CatalogueSource =
  /** `packUrl`: folder of the vectors that its owner encoded (holds manifest.json), absolute; what it lacks is encoded here. */
  | { kind: 'url'; url: string; packUrl?: string }
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
  /** Items that have the transformer's vector (in `quick`: that have a vector). */
  encodedCount: number;
  /** Items that have any vector and so can be recommended and found. */
  quickCount: number;
  /** How this catalogue is encoded, `auto` resolved; null before a catalogue is open. */
  speed: Exclude<Speed, 'auto'> | null;
  /** The items that the present profile ranks first all have the transformer's vectors. */
  topRefined: boolean;
  /** Encoder runs' texts since the worker started; 0 when everything came from the store. */
  textsEncoded: number;
  itemsPerSecond: number;
  secondsLeft: number | null;
  /** Present while something is under way. */
  progress: Progress | null;
  /** What became of the owner's vectors; null where none were offered, or all is encoded on this device on request. */
  pack: PackState | null;
  encoder: {
    model: string;
    rung: 'webgpu' | 'wasm' | 'instant';
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
    | 'catalogue-problems'
    | 'pack-unusable'
    | 'pack-dropped';
  /** English sentence with the particulars. */
  text: string;
}

export interface PackState {
  /** `used`: whatever was asked for came whole; `partly`: some chunks did not; `unusable`: another encoder's, or damaged; `dropped`: the sample did not agree. */
  state: 'used' | 'partly' | 'unusable' | 'dropped';
  /** Items whose vector came from the pack. */
  items: number;
  /** Lowest cosine of the items that this device encoded again for comparison; null before. */
  lowestCosine: number | null;
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
  /** Of a search: which encoder read the query. */
  queryEncoder?: 'quick' | 'refined';
  /** Items that could be considered (have vectors and fit the policy). */
  candidates: number;
  elapsedMs: number;
}

export interface SearchOptions {
  count: number;
  /** Encode the query with the instant encoder (a few ms, for every key); else with the transformer where speed allows. */
  quick?: boolean;
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
  /** Drops what came from the owner's pack, for good, and encodes everything on this device. */
  encodeOnDevice(): Promise<void>;
  status(): Promise<EngineStatus>;
  requestPersistence(): Promise<boolean>;
  /** Vectors of items as they are ranked, for checks: [ids × dimensions]. */
  vectors(ids: readonly ItemId[]): Promise<Float32Array>;
  erase(): Promise<void>;
  dispose(): Promise<void>;
}
