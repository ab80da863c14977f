// The state that page and widget show. It follows a Recommender, knows no element, and only asks its host to redraw.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { FeedbackKind } from '../base/types.ts';
import type { Recommender } from '../client/recommender.ts';
import type { EngineStatus, LanguagePolicy, RankingRule, RecommendationList } from '../protocol/engine-api.ts';

/** Shortest time between two lists that the visitor did not ask for. */
export const REFRESH_MS = 1000;

/** Vectors are quick ones first and are replaced while the visitor reads, so the list must not follow every change. */
function hasQuickVectors({ speed }: EngineStatus): boolean {
  return speed === 'quick' || speed === 'quick-then-refined';
}

function sameRatings(a: ReadonlyMap<string, FeedbackKind>, b: ReadonlyMap<string, FeedbackKind>): boolean {
  return a.size === b.size && [...a].every(([id, kind]) => b.get(id) === kind);
}

export interface ControllerOptions {
  count: number;
  /** Ask for the reasons of each item. Default false. */
  reasons?: boolean;
  onError: (error: unknown) => void;
}

export class RecommenderController implements ReactiveController {
  status: EngineStatus | null = null;
  list: RecommendationList | null = null;
  /** Refined vectors changed the list without the visitor's doing; the page announces it. */
  improved = false;
  /** Item id → rating, oldest first. */
  ratings: ReadonlyMap<string, FeedbackKind> = new Map();
  policy: LanguagePolicy = { mode: 'any' };
  /** λ of MMR, 0 to 1. */
  diversity = 0;
  /** −1 (hidden finds) to 1 (well known). */
  familiarity = 0;
  rules: readonly RankingRule[] = [];
  count: number;

  readonly #host: ReactiveControllerHost;
  readonly #reasons: boolean;
  readonly #onError: (error: unknown) => void;
  #recommender: Recommender | null = null;
  #unsubscribe: (() => void)[] = [];
  #opened = false;
  #ratingsKnown = false;
  #request = 0;
  #pendingRatings = 0;
  #refreshedAtMs = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost, { count, reasons = false, onError }: ControllerOptions) {
    this.#host = host;
    this.count = count;
    this.#reasons = reasons;
    this.#onError = onError;
    host.addController(this);
  }

  get recommender(): Recommender | null {
    return this.#recommender;
  }

  hostDisconnected(): void {
    this.detach();
  }

  attach(recommender: Recommender): void {
    if (recommender === this.#recommender) return;
    this.detach();
    this.#recommender = recommender;
    this.status = recommender.status;
    this.#unsubscribe = [recommender.on('status', (status) => this.#onStatus(status)), recommender.on('change', () => this.#onChange())];
    this.#host.requestUpdate();
  }

  /** Call when the recommender has opened its catalogue; before that no list is asked for. */
  async opened(): Promise<void> {
    this.#opened = true;
    await Promise.all([this.refresh(), this.loadRatings()]);
  }

  detach(): void {
    for (const end of this.#unsubscribe) end();
    this.#unsubscribe = [];
    this.#recommender = null;
    this.#opened = false;
    this.#request++;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Clears what is shown, for a new catalogue or after erasing. */
  clear(): void {
    this.#opened = false;
    this.#ratingsKnown = false;
    this.#request++;
    this.list = null;
    this.improved = false;
    this.ratings = new Map();
    this.#host.requestUpdate();
  }

  /** Asks for a new list at once; a late answer to an older question is dropped. */
  refresh(): Promise<void> {
    return this.#load(false);
  }

  async #load(improved: boolean): Promise<void> {
    const recommender = this.#recommender;
    if (!recommender || !this.#opened) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#refreshedAtMs = performance.now();
    const request = ++this.#request;
    try {
      const list = await recommender.recommend({
        count: this.count,
        policy: this.policy,
        ...(this.diversity > 0 ? { diversity: this.diversity } : {}),
        ...(this.familiarity !== 0 ? { familiarity: this.familiarity } : {}),
        ...(this.rules.length > 0 ? { rules: this.rules } : {}),
        ...(this.#reasons ? { reasons: true } : {}),
      });
      if (request !== this.#request) return;
      this.list = list;
      this.improved = improved && list.basis === 'profile';
      this.#host.requestUpdate();
      await this.#host.updateComplete;
    } catch (error) {
      if (request === this.#request) this.#onError(error);
    }
  }

  /** @returns whether the ratings differ from those shown before */
  async loadRatings(): Promise<boolean> {
    const recommender = this.#recommender;
    if (!recommender) return false;
    try {
      const events = await recommender.ratings();
      if (this.#pendingRatings > 0 || recommender !== this.#recommender) return false; // the ratings that are shown are newer
      events.sort((a, b) => a.timeMs - b.timeMs);
      const before = this.ratings;
      this.ratings = new Map(events.map(({ itemId, kind }) => [itemId, kind]));
      this.#ratingsKnown = true;
      this.#host.requestUpdate();
      return !sameRatings(before, this.ratings);
    } catch (error) {
      if (recommender === this.#recommender) this.#onError(error);
      return false;
    }
  }

  /**
   * Shows the rating at once, then the new list. The list does not wait until the rating is stored: the worker handles both
   * in order.
   * @returns when the page shows the new list
   */
  async rate(itemId: string, kind: FeedbackKind | null): Promise<void> {
    const recommender = this.#recommender;
    if (!recommender) return;
    const ratings = new Map(this.ratings);
    ratings.delete(itemId);
    if (kind) ratings.set(itemId, kind);
    this.ratings = ratings;
    this.#host.requestUpdate();
    this.#pendingRatings++;
    const stored = recommender.rate(itemId, kind);
    const shown = this.refresh();
    stored
      .catch((error: unknown) => {
        if (recommender === this.#recommender) this.#onError(error);
      })
      .finally(() => {
        this.#pendingRatings--;
        void this.#refreshIfRated();
      });
    await shown;
  }

  setPolicy(policy: LanguagePolicy): void {
    this.policy = policy;
    void this.refresh();
  }

  setDiversity(diversity: number): void {
    this.diversity = diversity;
    void this.refresh();
  }

  setFamiliarity(familiarity: number): void {
    this.familiarity = familiarity;
    void this.refresh();
  }

  /**
   * With quick vectors the list changes at most twice without the visitor's doing: when all quick vectors are there, and when
   * the top of the list is refined. The status tells both; `change` only says that something changed.
   */
  #onStatus(status: EngineStatus): void {
    const before = this.status;
    this.status = status;
    this.#host.requestUpdate();
    if (!this.#opened || !before || !hasQuickVectors(status) || !this.#mayHaveLikes()) return;
    if (status.topRefined && !before.topRefined) void this.#load(true);
    else if (status.quickCount > before.quickCount) void this.refresh();
  }

  /** Without likes the list is a sample, which needs no vectors. */
  #mayHaveLikes(): boolean {
    return !this.#ratingsKnown || [...this.ratings.values()].includes('like');
  }

  #onChange(): void {
    if (!this.status || !hasQuickVectors(this.status)) this.#refreshSoon();
    else if (this.#opened && this.#pendingRatings === 0) void this.#refreshIfRated();
  }

  /** Another element may have rated with the same recommender, or a rating could not be stored. */
  async #refreshIfRated(): Promise<void> {
    if (await this.loadRatings()) await this.refresh();
  }

  #refreshSoon(): void {
    if (this.#timer !== undefined || !this.#opened) return;
    const waitMs = Math.max(0, this.#refreshedAtMs + REFRESH_MS - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.refresh();
      void this.loadRatings();
    }, waitMs);
  }
}
