// One database connection: opened at the first call, closed when another tab needs it, opened again at the next call.
// Every access to the data is one transaction that either happens as a whole or not at all.
import { deleteDB, type IDBPTransaction, openDB } from 'idb';
import { DATABASE_VERSION, migrate } from './migrations.ts';
import type { Database, KindredSchema, StoreName } from './schema.ts';
import { blockedError, disposedError, domErrorName, toStoreError } from './store-errors.ts';

interface ConnectionOptions {
  name: string;
  /** How long to wait for another tab that does not let go. */
  blockedTimeoutMs: number;
  /** Another tab must be closed or reloaded first. */
  onBlocked?: (() => void) | undefined;
  /** The browser ended the connection (data cleared, disk failure); the next call opens another. */
  onTerminated?: (() => void) | undefined;
}

type Transaction<Names extends StoreName[], Mode extends IDBTransactionMode> = IDBPTransaction<KindredSchema, Names, Mode>;
type Work<Names extends StoreName[], Mode extends IDBTransactionMode, T> = (transaction: Transaction<Names, Mode>) => Promise<T>;

/**
 * A resolved write must survive a power cut. The flush costs little here: a write comes with a click or with a batch
 * that took the encoder longer than the disk.
 */
const DURABILITY = { durability: 'strict' } as const;

/**
 * An open request behind another tab's blocked deletion gets no `blocked` event and would wait for ever. Without an event the wait is
 * this many times longer, because a slow disk sends no event either.
 */
const SILENT_WAITS = 5;

export class Connection {
  readonly #options: ConnectionOptions;
  #database: Database | undefined;
  /** One attempt at a time: a second open request would wait unseen behind the first and get no `blocked` event. */
  #attempt: { opened: Promise<Database>; wait: TabWait } | undefined;
  #disposed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** The open database. Throws what the browser threw, or storage-blocked, or not-ready after dispose(). */
  async connect(): Promise<Database> {
    if (this.#disposed) throw disposedError();
    if (this.#database) return this.#database;
    this.#attempt ??= this.#open();
    const { opened, wait } = this.#attempt;
    // The other tab may have let go since the last call gave up.
    if (wait.isOver) wait.renew();
    return Promise.race([opened, wait.ended]);
  }

  /** One read-only transaction. `what` completes "failed while …". */
  async read<Names extends StoreName[], T>(what: string, names: Names, work: Work<Names, 'readonly', T>): Promise<T> {
    return this.#transact(what, names, 'readonly', work);
  }

  /** One transaction that takes effect, and is on disk, when the promise resolves; on any error nothing of it remains. */
  async write<Names extends StoreName[], T>(what: string, names: Names, work: Work<Names, 'readwrite', T>): Promise<T> {
    return this.#transact(what, names, 'readwrite', work);
  }

  /** Closes and deletes the database. The next call opens an empty one. @throws storage-blocked */
  async erase(): Promise<void> {
    if (this.#disposed) throw disposedError();
    this.#close();
    const wait = new TabWait('deleting the database', this.#options);
    try {
      await Promise.race([deleteDB(this.#options.name, { blocked: () => wait.reportAndStart() }), wait.ended]);
    } catch (error) {
      throw await toStoreError(error, 'deleting the database');
    } finally {
      wait.stop();
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#close();
  }

  #open() {
    const wait = new TabWait('opening the database', this.#options);
    const opened = openDB<KindredSchema>(this.#options.name, DATABASE_VERSION, {
      upgrade: (database, oldVersion, _newVersion, transaction) => {
        wait.stop();
        migrate(database, oldVersion, transaction);
      },
      blocked: () => wait.reportAndStart(),
      // Another tab upgrades or deletes the database: holding on would block it.
      blocking: () => this.#close(),
      terminated: () => {
        this.#database = undefined;
        this.#options.onTerminated?.();
      },
    });
    wait.start(SILENT_WAITS * this.#options.blockedTimeoutMs);
    const attempt = { opened, wait };
    const endAttempt = (database?: Database) => {
      wait.stop();
      const current = this.#attempt === attempt;
      if (current) this.#attempt = undefined;
      // Arrived after dispose() or erase(): nobody will close it later.
      if (current && !this.#disposed) this.#database = database;
      else database?.close();
    };
    opened.then(endAttempt, () => endAttempt());
    return attempt;
  }

  #close(): void {
    this.#database?.close();
    this.#database = undefined;
    this.#attempt = undefined;
  }

  async #transact<Names extends StoreName[], Mode extends 'readonly' | 'readwrite', T>(
    what: string,
    names: Names,
    mode: Mode,
    work: Work<Names, Mode, T>,
  ): Promise<T> {
    try {
      return await finish(await this.#begin(names, mode), work);
    } catch (error) {
      throw await toStoreError(error, what);
    }
  }

  async #begin<Names extends StoreName[], Mode extends 'readonly' | 'readwrite'>(names: Names, mode: Mode): Promise<Transaction<Names, Mode>> {
    const database = await this.connect();
    try {
      return database.transaction(names, mode, DURABILITY);
    } catch (error) {
      // Another tab made it close between connect() and here. Nothing has happened yet, so a second try is safe.
      if (domErrorName(error) !== 'InvalidStateError') throw error;
      if (this.#database === database) this.#database = undefined;
      return (await this.connect()).transaction(names, mode, DURABILITY);
    }
  }
}

/** Runs the work and waits for the commit; an error anywhere aborts the whole transaction. */
async function finish<Names extends StoreName[], Mode extends 'readonly' | 'readwrite', T>(
  transaction: Transaction<Names, Mode>,
  work: Work<Names, Mode, T>,
): Promise<T> {
  const ended = transaction.done.then(
    () => undefined,
    (cause: unknown) => cause ?? new DOMException('The transaction was aborted.', 'AbortError'),
  );
  let result: T;
  try {
    result = await work(transaction);
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // It has ended already.
    }
    const cause = await ended;
    // A request may report only "aborted" where the transaction knows that space ran out.
    throw domErrorName(cause) === 'QuotaExceededError' ? cause : error;
  }
  const cause = await ended;
  if (cause !== undefined) throw cause;
  return result;
}

/** A wait for another tab with a time limit: `ended` rejects with storage-blocked when the time is over. */
class TabWait {
  ended: Promise<never>;
  isOver = false;
  readonly #what: string;
  readonly #options: ConnectionOptions;
  #reject: (reason: Error) => void = () => {};
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(what: string, options: ConnectionOptions) {
    this.#what = what;
    this.#options = options;
    this.ended = this.#newEnd();
  }

  start(waitMs: number): void {
    this.stop();
    this.#timer = setTimeout(() => {
      this.isOver = true;
      this.#reject(blockedError(this.#what, waitMs));
    }, waitMs);
  }

  /** The browser says that another tab blocks: reports it, and waits less long. */
  reportAndStart(): void {
    this.start(this.#options.blockedTimeoutMs);
    this.#options.onBlocked?.();
  }

  /** Waits once more. */
  renew(): void {
    this.isOver = false;
    this.ended = this.#newEnd();
    this.start(this.#options.blockedTimeoutMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #newEnd(): Promise<never> {
    const ended = new Promise<never>((_resolve, reject) => {
      this.#reject = reject;
    });
    // Nobody may be waiting when it rejects.
    ended.catch(() => {});
    return ended;
  }
}
