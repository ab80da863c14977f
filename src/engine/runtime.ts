// What lives as long as a started engine, whichever catalogue is open: the store, the status, the backends, and the model, loaded once.
import { RecommenderError } from '../base/errors.ts';
import type { Progress } from '../base/types.ts';
import type { Backend } from '../compute/backend.ts';
import { createWebGpuBackend } from '../compute/webgpu/webgpu-backend.ts';
import { selectBackend } from '../index/select-backend.ts';
import type { EngineSettings, EngineStatus, Notice } from '../protocol/engine-api.ts';
import { IDLE_STATUS } from '../protocol/idle-status.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import type { Model, ModelLoader } from './model.ts';

const PROGRESS_INTERVAL_MS = 100;
const MAX_NOTICES = 20;
/** Rows × dimensions from which the index is put on the GPU, where there is one: 65,536 rows of 256. */
const VALUES_FOR_WEBGPU = 2 ** 24;

export interface EngineDependencies {
  loadModel: ModelLoader;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
  /** Uniform in [0, 1). */
  random: () => number;
}

export class Runtime {
  readonly settings: EngineSettings;
  readonly store: Store;
  readonly board: StatusBoard;
  readonly nowMs: () => number;
  readonly random: () => number;
  /** Tells the page that better recommendations are available. */
  readonly onChange: () => void;
  readonly #load: ModelLoader;
  readonly #backends: { small?: Promise<Backend>; large?: Promise<Backend> } = {};
  #model: Promise<Model> | undefined;
  #disposed = false;

  private constructor(settings: EngineSettings, store: Store, board: StatusBoard, onChange: () => void, dependencies: EngineDependencies) {
    this.settings = settings;
    this.store = store;
    this.board = board;
    this.onChange = onChange;
    this.nowMs = dependencies.nowMs;
    this.random = dependencies.random;
    this.#load = dependencies.loadModel;
  }

  /** The model is still being loaded when this returns. When that fails, the call that needs the model says why. @throws storage-* */
  static async start(
    settings: EngineSettings,
    onStatus: (status: EngineStatus) => void,
    onChange: () => void,
    dependencies: EngineDependencies,
  ): Promise<Runtime> {
    const board = new StatusBoard(onStatus, dependencies.nowMs);
    const store = await openStore({
      name: settings.databaseName,
      onBlocked: () => board.notice('store-memory', 'Another tab holds an older version of the stored data open. Close it to go on.'),
    });
    const runtime = new Runtime(settings, store, board, onChange, dependencies);
    runtime.model().catch(() => undefined);
    return runtime;
  }

  /** Loaded once; loaded again after a failure and after `disposeModel`. @throws bad-argument, bad-manifest, asset-* */
  model(): Promise<Model> {
    this.#model ??= this.#load(this.settings).catch((error: unknown) => {
      this.#model = undefined;
      throw error;
    });
    return this.#model;
  }

  async disposeModel(): Promise<void> {
    const loading = this.#model;
    this.#model = undefined;
    const model = await loading?.catch(() => undefined);
    await model?.dispose();
  }

  /**
   * Where rows are scanned; each backend is opened when first needed. WebGPU serves large tables only: of a small one, WASM
   * finishes the scan before a GPU answers.
   * @param values rows × dimensions
   */
  backendFor(values: number): Promise<Backend> {
    const isLarge = values >= VALUES_FOR_WEBGPU;
    const key = isLarge ? 'large' : 'small';
    const onNotice = (text: string): void => this.board.notice('stepped-down', text);
    this.#backends[key] ??= selectBackend(isLarge ? { webgpu: () => createWebGpuBackend() } : {}, onNotice).then(({ backend }) => backend);
    return this.#backends[key];
  }

  async readStoreStatus(): Promise<void> {
    if (this.#disposed) return;
    const { kind, reason, persisted, usedBytes } = await this.store.status();
    this.board.update({ store: { kind, reason, persisted, usedBytes } });
    if (kind === 'memory') this.board.notice('store-memory', reason);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.disposeModel();
    this.store.dispose();
  }
}

/** Where work says how it goes. */
export abstract class Board {
  readonly #nowMs: () => number;
  #lastProgressMs = Number.NEGATIVE_INFINITY;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  abstract get status(): EngineStatus;
  abstract update(change: Partial<EngineStatus>): void;
  /** The same sentence is said once. */
  abstract notice(code: Notice['code'], text: string): void;

  /** Progress is thinned out. */
  progress(progress: Progress): void {
    const now = this.#nowMs();
    if (progress.done < progress.total && now - this.#lastProgressMs < PROGRESS_INTERVAL_MS) return;
    this.#lastProgressMs = now;
    this.update({ progress });
  }

  /** Puts a broken encoder into the status. Other errors are left to the caller. */
  reportFault(error: unknown): void {
    if (!(error instanceof RecommenderError) || error.code !== 'encoder-fault') return;
    this.update({ fault: { code: error.code, message: error.message } });
  }
}

/** The one status that the page sees. */
export class StatusBoard extends Board {
  #status: EngineStatus = IDLE_STATUS;
  readonly #send: (status: EngineStatus) => void;

  constructor(send: (status: EngineStatus) => void, nowMs: () => number) {
    super(nowMs);
    this.#send = send;
  }

  get status(): EngineStatus {
    return this.#status;
  }

  update(change: Partial<EngineStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.#send(this.#status);
  }

  notice(code: Notice['code'], text: string): void {
    const { notices } = this.#status;
    if (notices.some((notice) => notice.code === code && notice.text === text)) return;
    this.update({ notices: [...notices, { code, text }].slice(-MAX_NOTICES) });
  }
}

/**
 * What one catalogue puts into the status. While the catalogue is not shown, changes and notices wait. After `signal` has fired they
 * are dropped: the page shows another catalogue by then.
 */
export class CatalogueBoard extends Board {
  readonly #page: StatusBoard;
  readonly #signal: AbortSignal;
  #isShown = false;
  #change: Partial<EngineStatus> = {};
  #notices: Notice[] = [];

  constructor(page: StatusBoard, signal: AbortSignal, nowMs: () => number) {
    super(nowMs);
    this.#page = page;
    this.#signal = signal;
  }

  get status(): EngineStatus {
    return { ...this.#page.status, ...this.#change };
  }

  update(change: Partial<EngineStatus>): void {
    if (this.#signal.aborted) return;
    if (this.#isShown) this.#page.update(change);
    else this.#change = { ...this.#change, ...change };
  }

  notice(code: Notice['code'], text: string): void {
    if (this.#signal.aborted) return;
    if (this.#isShown) this.#page.notice(code, text);
    else this.#notices.push({ code, text });
  }

  /** At once: the worker must be replaced, whichever catalogue is shown. */
  override reportFault(error: unknown): void {
    if (!this.#signal.aborted) this.#page.reportFault(error);
  }

  /** Tells the page what waits, and from now on everything at once. */
  show(): void {
    const [change, notices] = [this.#change, this.#notices];
    this.#change = {};
    this.#notices = [];
    this.#isShown = true;
    this.update(change);
    for (const { code, text } of notices) this.notice(code, text);
  }

  /** Changes wait again, until `show`. */
  hide(): void {
    this.#isShown = false;
  }
}
