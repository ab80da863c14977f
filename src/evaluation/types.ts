// The types of evaluation: a log, a split of it, a catalogue, a system. Types only.
import type { Item } from '../base/types.ts';

/** Interactions of users with the items of one catalogue, as parallel arrays sorted by user, then time, then file order. */
export interface InteractionLog {
  /** Id of each user, in order of first appearance. */
  users: readonly string[];
  /** Number of items of the catalogue; rows of `item` are below it. */
  itemCount: number;
  /** [interactions] index into `users` */
  user: Int32Array;
  /** [interactions] row of the item in the catalogue */
  item: Int32Array;
  /** [interactions] 1 where the log states none; above 0 is positive */
  weight: Float32Array;
  /** [interactions] milliseconds since the epoch; NaN where the log states none */
  timeMs: Float64Array;
  /** [interactions] position in the list at which the item was shown, from 1; 0 where unknown. Undefined when all are unknown. */
  position?: Int32Array;
}

/** Sparse users × items, compressed rows: items of user u are `items[offsets[u]] … items[offsets[u + 1] − 1]`, ascending. */
export interface InteractionMatrix {
  userCount: number;
  itemCount: number;
  /** [userCount + 1] */
  offsets: Int32Array;
  items: Int32Array;
  /** Same length as `items`. */
  weights: Float32Array;
}

/** One question to a system: given this history, rank the candidates. The relevant ones should come first. */
export interface EvaluationCase {
  /** Index into the log's users. */
  user: number;
  /** Rows that the system may know of this user, oldest first. Never candidates. */
  history: Int32Array;
  /** [history] weights */
  historyWeights: Float32Array;
  /** Held-out rows, all of them candidates, none of them in the history. Not empty. */
  relevant: Int32Array;
  /** Other rows that are no candidates: the user likes them, but this case does not ask for them. */
  excluded?: Int32Array;
}

/** What else holds for a split; `assertNoLeakage` checks it. */
export interface SplitPromises {
  /** [items] 1 where `train` holds no interaction of the item */
  coldItems?: Uint8Array;
  /** `train` holds no interaction of any user of the cases. */
  unseenUsers?: boolean;
  /** Training and histories are before this time, relevant items at or after it (milliseconds since the epoch). */
  cutMs?: number;
  /** No relevant item is older than an item of the history of its case. */
  latestHeldOut?: boolean;
  /** Languages in which the items of histories are shown. */
  historyLanguages?: readonly string[];
  /** Languages in which candidates are shown. */
  candidateLanguages?: readonly string[];
}

export interface Split {
  /** Such as `leave-last-out`, `cold-items`, `few-ratings-5`, `language-masked`. */
  name: string;
  seed: number;
  /** All that a system may be fitted on: no held-out interaction. */
  train: InteractionMatrix;
  cases: readonly EvaluationCase[];
  /** [items] 1 where a row may be recommended, the same for every case. Default: all. */
  candidates?: Uint8Array;
  /** [items] language in which each item is shown. Default: its own. */
  shownLanguages?: readonly string[];
  promises?: SplitPromises;
  /** Number of users who have too few interactions for a case. */
  leftOutUsers?: number;
}

/** What systems know of items. Row order is the catalogue's. */
export interface EvaluationCatalogue {
  items: readonly Item[];
  /** [items] language of the text shown, after masking. */
  languages: readonly string[];
  /** [items] text shown. */
  texts: readonly string[];
  /** [items × dimensions], unit length, language-neutral. Without them, systems that need them are left out with a reason. */
  vectors?: Float32Array;
  dimensions: number;
}

export interface FitContext {
  catalogue: EvaluationCatalogue;
  train: InteractionMatrix;
  /** Uniform in [0, 1), from a seed derived from the split's. */
  random: () => number;
  signal?: AbortSignal;
}

/** A recommender under test. */
export interface RecommenderSystem {
  /** Short and stable, such as `ease`, for the command line and tables. */
  readonly name: string;
  /** For people, such as "EASE^R (λ = 250)". */
  readonly title: string;
  readonly needsVectors?: boolean;
  /** Says why the system cannot be fitted on this, and what to do; undefined when it can. Without the method it always can. */
  refuses?(train: InteractionMatrix): string | undefined;
  fit(context: FitContext): FittedSystem | Promise<FittedSystem>;
}

export interface FittedSystem {
  /**
   * @param history rows the user has seen, oldest first
   * @param weights [history]
   * @param scores [items], to be filled: higher is better; −Infinity for an item the system cannot score
   */
  score(history: Int32Array, weights: Float32Array, scores: Float32Array): void;
  dispose?(): void;
}
