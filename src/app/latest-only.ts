// Runs one request at a time. While it runs, only the newest waiting request is kept; the others never run.

export class LatestOnly<T> {
  readonly #run: (wanted: T) => Promise<void>;
  #waiting: { wanted: T } | null = null;
  #running = false;

  /** @param run must not reject: it handles its errors itself */
  constructor(run: (wanted: T) => Promise<void>) {
    this.#run = run;
  }

  ask(wanted: T): void {
    this.#waiting = { wanted };
    if (!this.#running) void this.#drain();
  }

  /** Drops the waiting request; the running one continues. */
  dropWaiting(): void {
    this.#waiting = null;
  }

  async #drain(): Promise<void> {
    this.#running = true;
    try {
      while (this.#waiting) {
        const { wanted } = this.#waiting;
        this.#waiting = null;
        await this.#run(wanted);
      }
    } finally {
      this.#running = false;
    }
  }
}
