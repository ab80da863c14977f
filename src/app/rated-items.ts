// The items behind the ratings, so that "Your ratings" can show titles of items that are in no list.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Item } from '../base/types.ts';
import type { RecommenderController } from '../ui/recommender-controller.ts';

export class RatedItems implements ReactiveController {
  known: ReadonlyMap<string, Item> = new Map();

  readonly #host: ReactiveControllerHost;
  readonly #state: RecommenderController;
  readonly #onError: (error: unknown) => void;
  /** Ids that were asked for. One that the catalogue does not have is asked for only once. */
  readonly #asked = new Set<string>();

  constructor(host: ReactiveControllerHost, state: RecommenderController, onError: (error: unknown) => void) {
    this.#host = host;
    this.#state = state;
    this.#onError = onError;
    host.addController(this);
  }

  /** Keeps the item if it is among those shown, because the rating may remove it from the list. */
  remember(itemId: string, shown: Iterable<Item>): void {
    for (const item of shown) {
      if (item.id === itemId) this.known = new Map(this.known).set(itemId, item);
    }
  }

  clear(): void {
    this.known = new Map();
    this.#asked.clear();
  }

  hostUpdated(): void {
    const missing = [...this.#state.ratings.keys()].filter((id) => !this.known.has(id) && !this.#asked.has(id));
    if (missing.length > 0) void this.#load(missing);
  }

  async #load(ids: readonly string[]): Promise<void> {
    const { recommender } = this.#state;
    if (!recommender) return;
    for (const id of ids) this.#asked.add(id);
    try {
      const items = await recommender.items(ids);
      this.known = new Map([...this.known, ...items.map((item) => [item.id, item] as const)]);
      this.#host.requestUpdate();
    } catch (error) {
      this.#onError(error);
    }
  }
}
