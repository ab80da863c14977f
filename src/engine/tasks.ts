// Work that outlives the call that started it: one task in the background, and measurements or previews that a later call stops.
import { isAborted, RecommenderError } from '../base/errors.ts';

interface Run {
  abort: AbortController;
  done: Promise<void>;
  /** Another run follows. */
  again: boolean;
}

/** Runs once at a time. */
export class BackgroundTask {
  readonly #work: (signal: AbortSignal) => Promise<void>;
  readonly #onError: (error: unknown) => void;
  #running: Run | undefined;

  /** @param onError is told every error of `work` but an abort */
  constructor(work: (signal: AbortSignal) => Promise<void>, onError: (error: unknown) => void) {
    this.#work = work;
    this.#onError = onError;
  }

  /** Does nothing while it runs. With `again`, or after `stop`, another run follows the one in progress. */
  start({ again = false } = {}): void {
    if (this.#running) {
      this.#running.again ||= again || this.#running.abort.signal.aborted;
      return;
    }
    const run: Run = { abort: new AbortController(), done: Promise.resolve(), again: false };
    this.#running = run;
    run.done = this.#run(run);
  }

  /** Resolves when the run in progress has ended. */
  async stop(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    running.again = false;
    running.abort.abort();
    await running.done;
  }

  /** Resolves when it does not run. */
  async waitUntilIdle(): Promise<void> {
    while (this.#running) await this.#running.done;
  }

  async #run(run: Run): Promise<void> {
    try {
      await this.#work(run.abort.signal);
    } catch (error) {
      if (!run.abort.signal.aborted && !isAborted(error)) this.#onError(error);
    }
    this.#running = undefined;
    if (run.again) this.start();
  }
}

/** Tasks that can be stopped, all of them or those of one name. */
export class CancellableTasks {
  readonly #running = new Map<AbortController, string>();

  /** @param work is given a signal that `stop` sets */
  async run<T>(work: (signal: AbortSignal) => Promise<T>, name = ''): Promise<T> {
    const abort = new AbortController();
    this.#running.set(abort, name);
    try {
      return await work(abort.signal);
    } finally {
      this.#running.delete(abort);
    }
  }

  /** @param name of the tasks to stop. Default: all. */
  stop(name?: string): void {
    for (const [abort, own] of this.#running) if (name === undefined || own === name) abort.abort();
  }
}

/** Stops waiting when the signal fires. The work goes on, because others may wait for it. @param what names the work in the message @throws aborted */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new RecommenderError('aborted', `${what} was stopped on request.`));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
