// The item that the address names. It is fetched when the address changes and when another catalogue is open.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Item } from '../../base/types.ts';
import type { Recommender } from '../../client/recommender.ts';

export interface WantedItem {
  id: string | null;
  recommender: Recommender | null;
  /** null while no catalogue is open. */
  catalogueId: string | null;
}

export class OneItem implements ReactiveController {
  /** null while it is loaded; empty: the catalogue does not have it. */
  items: readonly Item[] | null = null;

  readonly #host: ReactiveControllerHost;
  readonly #wanted: () => WantedItem;
  readonly #onError: (error: unknown) => void;
  #key = '';

  /** @param wanted gives what to show now */
  constructor(host: ReactiveControllerHost, wanted: () => WantedItem, onError: (error: unknown) => void) {
    this.#host = host;
    this.#wanted = wanted;
    this.#onError = onError;
    host.addController(this);
  }

  hostUpdate(): void {
    const { id, recommender, catalogueId } = this.#wanted();
    const key = id === null || catalogueId === null ? '' : JSON.stringify([catalogueId, id]);
    if (key === this.#key) return;
    this.#key = key;
    this.items = null;
    if (key !== '' && recommender && id !== null) void this.#load(recommender, id, key);
  }

  async #load(recommender: Recommender, id: string, key: string): Promise<void> {
    try {
      const items = await recommender.items([id]);
      if (key === this.#key) this.items = items;
    } catch (error) {
      if (key !== this.#key) return;
      this.items = [];
      if (!isUnknown(error)) this.#onError(error);
    }
    this.#host.requestUpdate();
  }
}

const isUnknown = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'unknown-item';
