// What lives as long as a started engine, whichever catalogue is open: the store, the status, and the model, loaded once.
import { RecommenderError } from '../base/errors.ts';
import type { EngineSettings, EngineStatus } from '../protocol/engine-api.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import { Backends } from './backends.ts';
import type { Model, ModelLoader } from './model.ts';
import { StatusBoard } from './status-board.ts';

export interface EngineDependencies {
  loadModel: ModelLoader;
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
  /** There are better recommendations to be had. */
  readonly onChange: () => void;
  readonly backends = new Backends();
  readonly #load: ModelLoader;
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

  /** The model is being loaded when this returns; what it failed with is said by the call that needs it. @throws storage-* */
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

  /** Loaded once; again after a failure, and after it was forgotten. @throws bad-manifest, asset-* */
  model(): Promise<Model> {
    this.#model ??= this.#load(this.settings).catch((error: unknown) => {
      this.#model = undefined;
      throw error;
    });
    return this.#model;
  }

  /** The next call that needs the model loads it afresh. */
  forgetModel(): void {
    this.#model = undefined;
  }

  async readStoreStatus(): Promise<void> {
    if (this.#disposed) return;
    const { kind, reason, persisted, usedBytes } = await this.store.status();
    this.board.update({ store: { kind, reason, persisted, usedBytes } });
    if (kind === 'memory') this.board.notice('store-memory', reason);
  }

  /** A broken encoder is in the status; other errors are for whoever asked. */
  reportFault(error: unknown): void {
    if (!(error instanceof RecommenderError) || error.code !== 'encoder-fault') return;
    this.board.update({ fault: { code: error.code, message: error.message } });
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    const model = await this.#model?.catch(() => undefined);
    await model?.dispose();
    this.store.dispose();
  }
}
