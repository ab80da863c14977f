// Search as you type: the instant encoder answers each key, the transformer after a pause or on Enter. Must never let keys
// queue up: of each kind one search is under way and the newest waits.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { RecommendationList } from '../protocol/engine-api.ts';
import type { RecommenderController } from '../ui/recommender-controller.ts';
import { LatestOnly } from './latest-only.ts';

/** Rest after the last key before the transformer reads the query and the number of hits is announced. */
export const PAUSE_MS = 300;

export interface SearchState {
  query: string;
  /** null while the first answer is awaited. */
  list: RecommendationList | null;
}

interface Wanted {
  query: string;
  quick: boolean;
  /** Counts what was asked for, so that a late answer does not replace a newer one. */
  turn: number;
}

export interface SearchControllerOptions {
  count: number;
  onError: (error: unknown) => void;
}

export class SearchController implements ReactiveController {
  /** What the results show; null: there are none to show. */
  shown: SearchState | null = null;
  /** Number of hits to announce, null while the visitor types. */
  announced: number | null = null;

  readonly #host: ReactiveControllerHost;
  readonly #state: Pick<RecommenderController, 'recommender' | 'policy' | 'status'>;
  readonly #count: number;
  readonly #onError: (error: unknown) => void;
  readonly #quick = new LatestOnly<Wanted>((wanted) => this.#search(wanted));
  readonly #refined = new LatestOnly<Wanted>((wanted) => this.#search(wanted));
  #query = '';
  #turn = 0;
  /** Answers to earlier turns are dropped: the field was cleared, or other languages were chosen. */
  #firstTurn = 0;
  #answer: { turn: number; quick: boolean } = { turn: -1, quick: true };
  /** The visitor rests: hits are announced as they come. */
  #rested = false;
  #wantsRefined = false;
  /** There are no vectors to search in yet: the search is due as soon as there are. */
  #deferred = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    host: ReactiveControllerHost,
    state: Pick<RecommenderController, 'recommender' | 'policy' | 'status'>,
    { count, onError }: SearchControllerOptions,
  ) {
    this.#host = host;
    this.#state = state;
    this.#count = count;
    this.#onError = onError;
    host.addController(this);
  }

  /** What is searched now; empty: nothing. */
  get query(): string {
    return this.#query;
  }

  /** The visitor does not type just now. */
  get rested(): boolean {
    return this.#rested;
  }

  /** Each change of the field that is not within an IME composition. */
  type(text: string): void {
    const query = text.trim();
    if (query === this.#query) return;
    if (query === '') {
      this.clear();
      return;
    }
    this.#begin(query);
    this.#askQuick();
    this.#timer = setTimeout(() => this.#rest(), PAUSE_MS);
    this.#host.requestUpdate();
  }

  /** Enter: searches with the best encoder, loading what that needs; quick hits are shown meanwhile. */
  submit(text: string): void {
    const query = text.trim();
    if (query === '') {
      this.clear();
      return;
    }
    const answered = this.shown?.query === query && this.shown.list !== null;
    if (query !== this.#query) this.#begin(query);
    clearTimeout(this.#timer);
    this.#rested = true;
    if (!answered) {
      if (!this.shown || !this.#canSearchQuickly()) this.shown = { query, list: null };
      if (this.#state.status?.speed !== 'quick') this.#askQuick();
    }
    this.#askRefined();
    this.#announce();
    this.#host.requestUpdate();
  }

  /** Searches again, because the languages were chosen anew. */
  refresh(): void {
    if (this.#query === '') return;
    clearTimeout(this.#timer);
    this.#firstTurn = ++this.#turn;
    this.#rested = true;
    const loaded = this.#transformerLoaded();
    if (!loaded) this.#askQuick();
    if (loaded || this.#wantsRefined) this.#askRefined();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#firstTurn = ++this.#turn;
    this.#query = '';
    this.#rested = true;
    this.#deferred = false;
    this.#quick.dropWaiting();
    this.#refined.dropWaiting();
    this.shown = null;
    this.announced = null;
    this.#host.requestUpdate();
  }

  hostUpdate(): void {
    const { status } = this.#state;
    if (!this.#deferred || !status || status.quickCount === 0) return;
    this.#deferred = false;
    if (this.#canSearchQuickly()) this.#askQuick();
    else if (this.#wantsRefined) this.#askRefined();
  }

  hostDisconnected(): void {
    this.clear();
  }

  #begin(query: string): void {
    clearTimeout(this.#timer);
    this.#query = query;
    this.#turn++;
    this.#rested = false;
    this.#wantsRefined = false;
    this.announced = null;
  }

  #rest(): void {
    this.#rested = true;
    if (this.#transformerLoaded()) this.#askRefined();
    else this.#announce();
    this.#host.requestUpdate();
  }

  #transformerLoaded(): boolean {
    const { status } = this.#state;
    return status?.speed !== 'quick' && (status?.encoder?.rung === 'webgpu' || status?.encoder?.rung === 'wasm');
  }

  /** There are vectors to search in, and the setting has the instant encoder at hand. */
  #canSearchQuickly(): boolean {
    const { status } = this.#state;
    return !this.#nothingToSearch() && (status?.speed === 'quick' || status?.speed === 'quick-then-refined');
  }

  #nothingToSearch(): boolean {
    return (this.#state.status?.quickCount ?? 0) === 0;
  }

  #askQuick(): void {
    this.#deferred = this.#nothingToSearch();
    if (this.#canSearchQuickly()) this.#quick.ask({ query: this.#query, quick: true, turn: this.#turn });
  }

  #askRefined(): void {
    this.#wantsRefined = true;
    this.#refined.ask({ query: this.#query, quick: false, turn: this.#turn });
  }

  async #search(wanted: Wanted): Promise<void> {
    const { recommender, policy } = this.#state;
    const { query, quick, turn } = wanted;
    if (!recommender || turn < this.#firstTurn) return;
    try {
      const list = await recommender.search(query, { count: this.#count, policy, ...(quick ? { quick } : {}) });
      this.#show(wanted, list);
    } catch (error) {
      if (turn !== this.#turn) return; // what the visitor wants now was or will be asked for
      if (this.shown?.list === null) this.shown = null;
      this.#onError(error);
      this.#host.requestUpdate();
    }
  }

  #show({ query, quick, turn }: Wanted, list: RecommendationList): void {
    const late = turn < this.#answer.turn || (turn === this.#answer.turn && quick && !this.#answer.quick);
    if (late || turn < this.#firstTurn) return;
    if (list.candidates === 0 && this.#nothingToSearch()) this.#deferred = true;
    this.#answer = { turn, quick: quick || this.#deferred };
    this.shown = { query, list };
    this.#announce();
    this.#host.requestUpdate();
  }

  #announce(): void {
    if (this.#rested && this.shown?.query === this.#query && this.shown.list) this.announced = this.shown.list.items.length;
  }
}
