// Runs one request at a time. While one is under way only the newest of those that come is kept; the others are never run.

export class LatestOnly<T> {
  readonly #run: (wanted: T) => Promise<void>;
  #waiting: { wanted: T } | null = null;
  #running = false;

  /** @param run handles its errors itself: it must not reject */
  constructor(run: (wanted: T) => Promise<void>) {
    this.#run = run;
  }

  ask(wanted: T): void {
    this.#waiting = { wanted };
    if (!this.#running) void this.#drain();
  }

  /** What waits is not run any more; what runs goes on. */
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
