// The one encoding that goes on behind everything else: started, stopped, abandoned for another catalogue. What it ended
// with is in the status; it never rejects.
import { isAborted, messageOf } from '../base/errors.ts';
import { type EncodingContext, encodePending } from './encoding.ts';

export interface BackgroundEncodingOptions {
  /** What is to be encoded now. */
  context: (signal: AbortSignal) => EncodingContext;
  /** Told every error but an abort. */
  onFault: (error: unknown) => void;
  /** Corrects languages by what came. @returns whether vectors are others now */
  settle: (context: EncodingContext) => Promise<boolean>;
  onSettled: () => Promise<void>;
  /** Everything is encoded and settled: what can wait may begin. */
  onDone: () => void;
  /** A run is over, however it ended. */
  onEnd: () => Promise<void>;
}

export class BackgroundEncoding {
  readonly #options: BackgroundEncodingOptions;
  #running: { abort: AbortController; done: Promise<void>; again?: boolean } | undefined;

  constructor(options: BackgroundEncodingOptions) {
    this.#options = options;
  }

  /** While one is running another follows it: rows may have lost their vectors since it looked. @throws not-ready when no catalogue is open */
  start(): void {
    if (this.#running) {
      this.#running.again = true;
      return;
    }
    const abort = new AbortController();
    this.#running = { abort, done: this.#run(abort, this.#options.context(abort.signal)) };
  }

  /** Resolves when nothing is being encoded. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running.done;
  }

  /** Resolves when the batch in progress is stored. */
  async stop(): Promise<void> {
    const running = this.#running;
    running?.abort.abort();
    await running?.done;
  }

  /** Its last batch is stored while another may start; nothing of it is shown any more. */
  abandon(): void {
    this.#running?.abort.abort();
    this.#running = undefined;
  }

  async #run(abort: AbortController, context: EncodingContext): Promise<void> {
    const isCurrent = (): boolean => this.#running?.abort === abort;
    await Promise.resolve(); // so that #running is set before anything can end
    const { board, table } = context;
    try {
      await encodePending(context);
      if (isCurrent()) board.update({ phase: 'ready', progress: null, secondsLeft: null, topRefined: table.rowsToRefine().length === 0 });
      if (isCurrent() && (await this.#options.settle(context)) && isCurrent()) await this.#options.onSettled();
      if (isCurrent()) this.#options.onDone();
    } catch (error) {
      if (isCurrent()) this.#ended(error, context);
    } finally {
      this.#end(abort);
      await this.#options.onEnd().catch(() => undefined);
    }
  }

  /** @param abort of the run that is over; nothing happens when it is not the one of now */
  #end(abort: AbortController): void {
    const running = this.#running;
    if (running?.abort !== abort) return;
    this.#running = undefined;
    if (running.again && !abort.signal.aborted) this.start();
  }

  #ended(error: unknown, { board, table }: EncodingContext): void {
    if (isAborted(error) || (error instanceof DOMException && error.name === 'AbortError')) {
      board.update({ phase: 'ready', progress: null, secondsLeft: null });
      return;
    }
    board.notice('encoding-failed', messageOf(error));
    board.update({ phase: table.encodedCount > 0 ? 'ready' : 'failed', progress: null, secondsLeft: null });
    this.#options.onFault(error);
  }
}
