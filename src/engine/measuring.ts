// Measurements that are under way and can be stopped together: on request, and when the catalogue that they measure is closed.

export class Measuring {
  readonly #running = new Set<AbortController>();

  /** @param work is given a signal that `stop` sets */
  async run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    this.#running.add(abort);
    try {
      return await work(abort.signal);
    } finally {
      this.#running.delete(abort);
    }
  }

  stop(): void {
    for (const abort of this.#running) abort.abort();
  }
}
