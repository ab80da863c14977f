// Starts the worker and replaces it when it fails. The new one continues from what is stored, and calls that were under way are
// repeated. An abort or an internal error must never end a worker: the loaded model would be lost.
import * as Comlink from 'comlink';
import { installErrorCodec } from '../base/error-codec.ts';
import { messageOf, RecommenderError } from '../base/errors.ts';
import type { CatalogueSource, CatalogueSummary, EngineApi, EngineSettings, EngineStatus } from '../protocol/engine-api.ts';

installErrorCodec();

/** Faults in a row after which the next worker starts on WASM, and after which it is given up. */
const FAULTS_BEFORE_WASM = 1;
const FAULTS_BEFORE_GIVING_UP = 3;

interface Connection {
  worker: Worker;
  api: Comlink.Remote<EngineApi>;
  /** Rejects when this worker has ended. */
  gone: Promise<never>;
  end: (reason: RecommenderError) => void;
}

export interface LinkEvents {
  onStatus: (status: EngineStatus) => void;
  onChange: () => void;
}

export class WorkerLink {
  readonly #settings: EngineSettings;
  readonly #events: LinkEvents;
  readonly #startWorker: () => Worker;
  #connection: Promise<Connection> | undefined;
  #source: CatalogueSource | undefined;
  #faults = 0;
  #restarts = 0;
  #disposed = false;
  readonly #replaced = new WeakSet<Connection>();

  constructor(settings: EngineSettings, events: LinkEvents, startWorker: () => Worker) {
    this.#settings = settings;
    this.#events = events;
    this.#startWorker = startWorker;
  }

  async start(): Promise<void> {
    await this.#current();
  }

  async openCatalogue(source: CatalogueSource): Promise<CatalogueSummary> {
    const summary = await this.call((api) => api.openCatalogue(source));
    this.#source = source;
    return summary;
  }

  /** A worker that starts later does not open it again. */
  async deleteCatalogue(id: string): Promise<void> {
    await this.call((api) => api.deleteCatalogue(id));
    if (this.#source && idOf(this.#source) === id) this.#source = undefined;
  }

  async erase(): Promise<void> {
    await this.call((api) => api.erase());
    this.#source = undefined;
  }

  /** Asks the worker; when it ends before it answers, asks the next one once more. */
  async call<T>(ask: (api: Comlink.Remote<EngineApi>) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const connection = await this.#current();
      try {
        return await Promise.race([ask(connection.api), connection.gone]);
      } catch (error) {
        const restart = error instanceof RecommenderError && (error.code === 'encoder-fault' || error.code === 'worker-failed');
        if (!restart || attempt === 2 || this.#disposed) throw error instanceof RecommenderError ? error : notSent(error);
        this.#replace(connection, error);
      }
    }
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    const connection = await this.#connection?.catch(() => undefined);
    this.#connection = undefined;
    if (!connection) return;
    await Promise.race([connection.api.dispose(), new Promise((resolve) => setTimeout(resolve, 2000))]).catch(() => undefined);
    connection.end(new RecommenderError('not-ready', 'The recommender was disposed of.'));
    connection.worker.terminate();
  }

  #current(): Promise<Connection> {
    if (this.#disposed) return Promise.reject(new RecommenderError('not-ready', 'The recommender was disposed of. Create a new one.'));
    this.#connection ??= this.#begin().catch((error: unknown) => {
      this.#connection = undefined;
      throw error;
    });
    return this.#connection;
  }

  async #begin(): Promise<Connection> {
    if (this.#faults >= FAULTS_BEFORE_GIVING_UP) {
      throw new RecommenderError(
        'worker-failed',
        'The encoder failed three times in a row. Reload the page; if that does not help, choose WebAssembly in the settings.',
      );
    }
    const connection = this.#connect();
    const settings = this.#faults >= FAULTS_BEFORE_WASM ? { ...this.#settings, encoder: 'wasm' as const } : this.#settings;
    const onStatus = (status: EngineStatus): void => {
      if (status.fault) {
        void this.#replaceLater(connection, new RecommenderError(status.fault.code, status.fault.message));
        return;
      }
      if (status.phase === 'ready' && status.textsEncoded > 0) this.#faults = 0;
      this.#events.onStatus(this.#restarts > 0 ? withRestartNotice(status) : status);
    };
    await Promise.race([connection.api.start(settings, Comlink.proxy(onStatus), Comlink.proxy(this.#events.onChange)), connection.gone]);
    if (this.#source) await Promise.race([connection.api.openCatalogue(this.#source), connection.gone]);
    return connection;
  }

  #connect(): Connection {
    const worker = this.#startWorker();
    let end: Connection['end'] = () => undefined;
    const gone = new Promise<never>((_, reject) => {
      end = reject;
    });
    gone.catch(() => undefined);
    worker.addEventListener('error', (event) => {
      end(
        new RecommenderError(
          'worker-failed',
          `The worker failed: ${event.message || 'its script could not be loaded. Check that the folder of assetsUrl is served whole'}.`,
        ),
      );
      this.#connection = undefined;
      worker.terminate();
    });
    return { worker, api: Comlink.wrap<EngineApi>(worker), gone, end };
  }

  async #replaceLater(connection: Connection, error: RecommenderError): Promise<void> {
    this.#replace(connection, error);
    await this.#current().catch(() => undefined);
  }

  #replace(connection: Connection, error: unknown): void {
    if (this.#replaced.has(connection)) return;
    this.#replaced.add(connection);
    this.#faults++;
    this.#restarts++;
    connection.end(new RecommenderError('worker-failed', messageOf(error)));
    connection.worker.terminate();
    this.#connection = undefined;
  }
}

/** `postMessage` refuses functions, elements and the like before the worker sees them. */
function notSent(error: unknown): RecommenderError {
  return new RecommenderError('bad-argument', `An argument cannot be sent to the worker: ${messageOf(error)}. Give plain values.`);
}

function withRestartNotice(status: EngineStatus): EngineStatus {
  const text = 'The encoder was started again after a fault; it went on from what was stored.';
  return { ...status, notices: [...status.notices, { code: 'encoder-restarted', text }] };
}

/** The id under which the engine keeps a catalogue. */
function idOf(source: CatalogueSource): string {
  switch (source.kind) {
    case 'url':
      return source.url;
    case 'file':
      return source.name;
    case 'stored':
      return source.id;
  }
}
