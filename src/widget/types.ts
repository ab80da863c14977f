// The element as pages use it: properties, methods, events. Types only; the class is in kindred-recommendations.ts.
import type { Item } from '../base/types.ts';
import type { Recommender } from '../client/recommender.ts';
import type { EncoderChoice, EnginePhase, RankingRule, Speed } from '../protocol/engine-api.ts';

export type Theme = 'auto' | 'light' | 'dark';
export type Loading = 'visible' | 'eager';

/** The catalogue is open; the first list follows. */
export interface ReadyDetail {
  itemCount: number;
  /** Items per language, most first. */
  languages: { tag: string; items: number }[];
}

/** Another list is shown. */
export interface ChangeDetail {
  items: Item[];
  /** `sample`: nothing liked yet. */
  basis: 'profile' | 'sample';
}

/** `done` items of `total` have their vectors. */
export interface ProgressDetail {
  phase: EnginePhase;
  done: number;
  total: number;
}

export interface SelectDetail {
  item: Item;
}

export interface ErrorDetail {
  /** Code of the RecommenderError; `unknown` for anything else. */
  code: string;
  message: string;
  error: unknown;
}

export interface KindredEventMap {
  ready: CustomEvent<ReadyDetail>;
  change: CustomEvent<ChangeDetail>;
  progress: CustomEvent<ProgressDetail>;
  /** A card's link is followed. Cancelable, bubbles, composed. */
  select: CustomEvent<SelectDetail>;
  /** Cancelable: unless cancelled, it is also written to the console. */
  error: CustomEvent<ErrorDetail>;
}

/** Events of HTMLElement whose names the element does not use for events of its own. */
type OtherEvents = Omit<HTMLElementEventMap, keyof KindredEventMap>;
type Listener<E> = ((event: E) => void) | { handleEvent(event: E): void };

/** `<kindred-recommendations>`. Each property but `rules` mirrors the attribute of its name, both ways. */
export interface KindredRecommendationsElement extends HTMLElement {
  catalogue: string | null;
  assets: string | null;
  pack: string | null;
  head: string | null;
  count: number;
  language: string;
  /** λ of MMR, 0 (best scores) to 1 (most varied). */
  diversity: number;
  /** −1 (hidden finds) to 1 (well known), where the catalogue states `popularity`. */
  familiarity: number;
  /** Ranking rules of the page; a property without an attribute. Assign another array to change them. */
  rules: readonly RankingRule[];
  encoder: EncoderChoice;
  speed: Speed;
  theme: Theme;
  loading: Loading;
  categories: string | null;
  /** Shared by all elements with the same catalogue; null before it is open. */
  readonly recommender: Recommender | null;
  /** Starts again, for example after an error. Resolves when the catalogue is open, or after the event `error`. */
  reload(): Promise<void>;

  addEventListener<K extends keyof KindredEventMap>(
    type: K,
    listener: Listener<KindredEventMap[K]>,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<K extends keyof OtherEvents>(type: K, listener: Listener<OtherEvents[K]>, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'kindred-recommendations': KindredRecommendationsElement;
  }
}
