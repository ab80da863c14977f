// What the page may ask of the worker, and what comes back. Types only; everything here is structured-cloneable.
import type { ErrorCode } from '../base/errors.ts';
import type { FeedbackEvent, FeedbackKind, Item, ItemId, Progress } from '../base/types.ts';
import type { CatalogueMap } from '../index/catalogue-map.ts';
import type { RecommendationList, RecommendOptions, SearchOptions } from '../ranking/types.ts';

export type { RankingRule, RuleTarget } from '../base/ranking-rules.ts';
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
  /**
   * `packUrl`: folder of the vectors that its owner encoded (holds manifest.json); `headUrl`: head file that its owner trained.
   * Absolute URLs. Either may fail: it is said in a notice, and the device does the work.
   */
  | { kind: 'url'; url: string; packUrl?: string; headUrl?: string }
  /** `name` is the file's name and the id under which the catalogue is kept. */
  | { kind: 'file'; name: string; data: Blob }
  /** Opened before and kept: nothing is fetched. */
  | { kind: 'stored'; id: string };

/** A catalogue that is kept on this device. */
export interface KeptCatalogue {
  id: string;
  title: string;
  itemCount: number;
  /** Ratings given in it. */
  ratingCount: number;
  importedAtMs: number;
}

/** What a file holds, read and thrown away again. */
export interface CataloguePreview {
  summary: CatalogueSummary;
  /** The first items, at most 20. */
  sample: Item[];
}

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
  /** What became of the owner's vectors; null when none were offered or all was encoded on the device on request. */
  pack: PackState | null;
  /** The training in progress, or the last one since the catalogue was opened. */
  training: TrainingState | null;
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
    | 'pack-dropped'
    | 'head-unusable'
    | 'training-failed';
  /** English sentence with the particulars. */
  text: string;
}

export interface PackState {
  /** `used`: every chunk asked for came whole; `partly`: some did not; `unusable`: another encoder's, or damaged; `dropped`: the sample did not agree. */
  state: 'used' | 'partly' | 'unusable' | 'dropped';
  /** Items whose vector came from the pack. */
  items: number;
  /** Lowest cosine of the items that this device encoded again for comparison; null before. */
  lowestCosine: number | null;
}

export interface TrainingPoint {
  step: number;
  epoch: number;
  loss: number;
  learningRate: number;
  /** nDCG of held-out likes, where it was measured at this step. */
  heldOutNdcg: number | null;
}

export interface TrainingState {
  running: boolean;
  startedMs: number;
  /** At most 500, thinned out evenly. */
  points: TrainingPoint[];
}

/** A head as it was made. Never changed; `activeId` of `HeadHistory` says which one ranks. */
export interface HeadRecord {
  id: string;
  /** null for the first: the shipped head, or the plain profile. */
  parentId: string | null;
  /** `profile`: no parameters, the mean of what is liked; else the kind of head. */
  kind: 'profile' | 'concat-linear' | 'dot' | 'bilinear' | 'mlp' | 'linear-probe';
  origin: 'shipped' | 'trained';
  createdMs: number;
  /** Events it was trained on, and their SHA-256. */
  examples: number;
  examplesHash: string;
  /** Held-out nDCG@10 of this head and of the one in use then; null where there were too few likes to hold any out. */
  heldOutNdcg: number | null;
  parentNdcg: number | null;
  /** Whether it was taken into use when it was made, and why or why not (one English sentence). */
  installed: boolean;
  reason: string;
  device: 'cpu' | 'wasm' | 'webgpu';
  elapsedMs: number;
  points: TrainingPoint[];
}

export interface HeadHistory {
  /** Newest first. */
  records: HeadRecord[];
  activeId: string;
  /** Events since the last training, and after how many the next one starts by itself. */
  newEvents: number;
  trainsAfter: number;
}

export interface LanguageBias {
  /** Share of the top 10 in the query's own language over the share of that language among the candidates; 1 is fair. */
  sameLanguageOverFair: number;
  /** Of items asked for by their translation; null without translations. */
  selfMrr: number | null;
  /** Mean Spearman correlation of the rankings by two translations of one item; null without translations. */
  rankCorrelation: number | null;
  /** Probability of equal expected rank (Kruskal–Wallis over the languages' ranks). */
  peer: number | null;
  /** How often the item in the query's language wins over an equally fitting one in another. 0.5 is fair. */
  preferenceRate: number | null;
  /** Lang-nDCG@10: an item that fits gains 1 in the query's language and ½ in another; null where no item fits a query. */
  languageNdcg: number | null;
}

export interface LanguageExposure {
  tag: string;
  items: number;
  /** Of the catalogue, 0 to 1. */
  catalogueShare: number;
  /** Share of places in top-10 lists of all items as profiles, before and after the correction, weighted by 1 / log2(1 + rank). */
  exposureBefore: number;
  exposureAfter: number;
  /** Merit: mean share of the items that fit a query (a common category); null where no query has any. */
  meritShare: number | null;
}

/** Mean over queries and its 95 % interval by bootstrap over them; null bounds: a single query. */
export interface MeanInterval {
  mean: number;
  low: number | null;
  high: number | null;
}

export interface LanguageNdcg {
  /** Language that is asked in. */
  tag: string;
  queries: number;
  before: MeanInterval;
  after: MeanInterval;
  /** After − before on the same queries. */
  change: MeanInterval;
}

/** nDCG@10 by the language that is asked in, most queries first. */
export interface NdcgByLanguage {
  /** What is relevant: items of a common category, asked by an item; or the one item whose translation asks. */
  relevance: 'category' | 'translation';
  languages: LanguageNdcg[];
}

export interface FairnessReport {
  languages: LanguageExposure[];
  before: LanguageBias;
  after: LanguageBias;
  /** Without those that nothing tells of: no categories, no translations. */
  ndcg: NdcgByLanguage[];
  /** How the correction in use was made, such as `lda`, and its dimensions. */
  method: string;
  dimensions: number;
  /** Items that served as queries. */
  queries: number;
  /** Texts of items in other languages that were asked with. */
  translations: number;
}

export interface MeasuredSystem {
  name: string;
  title: string;
  metrics: { name: string; value: number; low: number; high: number }[];
}

/** What the visitor's or owner's own log says about quality: computed here, from `src/evaluation`. */
export interface QualityReport {
  split: string;
  users: number;
  interactions: number;
  systems: MeasuredSystem[];
  /** Rows of the log that were left out. */
  problems: RowProblemSummary[];
  problemCount: number;
}

export interface QualityOptions {
  /** user,item,weight,timestamp as CSV or NDJSON. */
  log: Blob;
  /** Name for messages. */
  name: string;
  split: 'leave-last-out' | 'few-ratings' | 'cold-items';
}

export interface StorageEntry {
  what: 'items' | 'vectors' | 'ratings' | 'heads' | 'corrections' | 'settings' | 'model-files' | 'runtime-files' | 'page-files';
  count: number;
  bytes: number;
}

export interface StorageReport {
  entries: StorageEntry[];
  usedBytes: number;
  quotaBytes: number;
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
  /** All items, in file order, in slices of at most 1,000. */
  browse(from: number, count: number): Promise<Item[]>;

  /** Reads a file as opening it would and keeps nothing. @param name by which it can be stopped, unique among those under way */
  previewCatalogue(source: CatalogueSource, name: string): Promise<CataloguePreview>;
  /** The preview of that name rejects with `aborted`, if it is under way. */
  stopPreview(name: string): Promise<void>;
  /** Last opened first. */
  catalogues(): Promise<KeptCatalogue[]>;
  /** Its items, ratings and heads. Vectors that no other kept catalogue needs go too. The open one is closed first. */
  deleteCatalogue(id: string): Promise<void>;
  /** Drops what came from the owner's pack, for good, and encodes everything on this device. */
  encodeOnDevice(): Promise<void>;

  /** Trains a head on the ratings; resolves with its record, installed or not. @throws not-ready below 3 likes, aborted */
  train(budgetMs?: number): Promise<HeadRecord>;
  stopTraining(): Promise<void>;
  heads(): Promise<HeadHistory>;
  /** Takes a head of the history into use again. @throws bad-head when its id is unknown */
  restoreHead(id: string): Promise<void>;
  /** Items whose rating would teach most, varied. */
  suggestQuestions(count: number): Promise<Item[]>;

  /** Encodes a sample of the catalogue's translations where they are not kept yet. @throws not-ready, aborted, encoder-*, asset-* */
  fairness(): Promise<FairnessReport>;
  /** What `fairness` is doing ends with `aborted`; translations encoded so far stay. */
  stopMeasuring(): Promise<void>;
  /** @throws interactions-format, evaluation-empty, not-ready (not all items have vectors) */
  measureQuality(options: QualityOptions): Promise<QualityReport>;
  map(correction: 'before' | 'after'): Promise<CatalogueMap>;

  storage(): Promise<StorageReport>;
  /** Everything about the visitor as JSON: ratings, heads, settings, of every catalogue. */
  exportData(): Promise<Blob>;
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
