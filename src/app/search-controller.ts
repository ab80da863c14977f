// Search as you type: the instant encoder answers each key, the transformer answers after a pause or on Enter. Keys must
// never queue up: for each encoder one search runs and only the newest waits.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { RecommendationList } from '../protocol/engine-api.ts';
import type { RecommenderController } from '../ui/recommender-controller.ts';
import { LatestOnly } from './latest-only.ts';

/** Pause after the last key before the transformer reads the query and the number of hits is announced. */
export const PAUSE_MS = 300;

export interface SearchState {
  query: string;
  /** null until the first answer. */
  list: RecommendationList | null;
}

interface Wanted {
  query: string;
  quick: boolean;
  /** Number of the question, so that a late answer does not replace a newer one. */
  turn: number;
}

export interface SearchControllerOptions {
  count: number;
  onError: (error: unknown) => void;
}

export class SearchController implements ReactiveController {
  /** What the results show; null: no results. */
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
  /** Answers to earlier questions are dropped: the field was cleared, or other languages were chosen. */
  #firstTurn = 0;
  #answer: { turn: number; quick: boolean } = { turn: -1, quick: true };
  /** The number of hits is not announced while the visitor types. */
  #typing = true;
  #wantsRefined = false;
  /** There are no vectors yet: the search runs as soon as there are. */
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

  /** The current search; empty: none. */
  get query(): string {
    return this.#query;
  }

  get typing(): boolean {
    return this.#typing;
  }

  /** Call for each change of the field, except during an IME composition. */
  type(text: string): void {
    const query = text.trim();
    if (query === this.#query) return;
    if (query === '') {
      this.clear();
      return;
    }
    this.#begin(query);
    this.#askQuick();
    this.#timer = setTimeout(() => this.#pause(), PAUSE_MS);
    this.#host.requestUpdate();
  }

  /** Searches with the best encoder, which may have to be loaded first; quick hits are shown until it answers. */
  submit(text: string): void {
    const query = text.trim();
    if (query === '') {
      this.clear();
      return;
    }
    const answered = this.shown?.query === query && this.shown.list !== null;
    if (query !== this.#query) this.#begin(query);
    clearTimeout(this.#timer);
    this.#typing = false;
    if (!answered) {
      if (!this.shown || !this.#canSearchQuickly()) this.shown = { query, list: null };
      if (this.#state.status?.speed !== 'quick') this.#askQuick();
    }
    this.#askRefined();
    this.#announce();
    this.#host.requestUpdate();
  }

  /** Searches again, because other languages were chosen. */
  refresh(): void {
    if (this.#query === '') return;
    clearTimeout(this.#timer);
    this.#firstTurn = ++this.#turn;
    this.#typing = false;
    const loaded = this.#transformerLoaded();
    if (!loaded) this.#askQuick();
    if (loaded || this.#wantsRefined) this.#askRefined();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#firstTurn = ++this.#turn;
    this.#query = '';
    this.#typing = false;
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
    this.#typing = true;
    this.#wantsRefined = false;
    this.announced = null;
  }

  #pause(): void {
    this.#typing = false;
    if (this.#transformerLoaded()) this.#askRefined();
    else this.#announce();
    this.#host.requestUpdate();
  }

  #transformerLoaded(): boolean {
    const { status } = this.#state;
    return status?.speed !== 'quick' && (status?.encoder?.rung === 'webgpu' || status?.encoder?.rung === 'wasm');
  }

  /** There are vectors to search in, and the speed includes the instant encoder. */
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
      if (turn !== this.#turn) return; // the visitor has asked for something else since
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
    if (!this.#typing && this.shown?.query === this.#query && this.shown.list) this.announced = this.shown.list.items.length;
  }
}
