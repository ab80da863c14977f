// Keeps and erases the visitor's data, and holds what the page says about it.
import type { ReactiveControllerHost } from 'lit';
import type { Recommender } from '../client/recommender.ts';

export class OwnData {
  /** Whether the browser agreed to keep the data; null: not asked yet. */
  persisted: boolean | null = null;
  /** What was still there after erasing; null: not erased, or a catalogue was opened since. */
  leftovers: readonly string[] | null = null;

  readonly #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
  }

  /** Asks the browser not to delete the data when space runs low. */
  async keep(recommender: Recommender): Promise<void> {
    this.persisted = await recommender.requestPersistence();
    this.#host.requestUpdate();
  }

  async erase(recommender: Recommender): Promise<void> {
    const { eraseEverything } = await import('./privacy/erase.ts');
    this.leftovers = await eraseEverything(recommender);
    this.persisted = null;
    this.#host.requestUpdate();
  }
}
