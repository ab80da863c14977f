// What a list may be asked for, and what a list is. The protocol re-exports these types to the page. Types only.
import type { RankingRule } from '../base/ranking-rules.ts';
import type { Item } from '../base/types.ts';

/** Which languages a list is made of. Tags are BCP-47; `pt` also takes `pt-BR`. */
export type LanguagePolicy =
  | { mode: 'any' }
  /** Only these languages. */
  | { mode: 'only'; languages: readonly string[] }
  /**
   * Of a list of k items, round(k · share) are in these languages (fewer only where the catalogue has no more), at the least
   * loss of score. @see ranking/policy.ts
   */
  | { mode: 'prefer'; languages: readonly string[]; share: number }
  /** Languages in the proportion in which the reader likes them. */
  | { mode: 'mix' };

/** What any list may be asked for. Shares of languages hold with all of these options, see `rules`. */
export interface ListOptions {
  /** 1 to 1,000. */
  count: number;
  policy?: LanguagePolicy;
  /**
   * λ of MMR, 0 (default: best scores) to 1: how much an item that resembles one above it is set back. 0.1 costs next to no accuracy,
   * 0.5 a third. Without effect on the start, which is varied anyway. @see ranking/diversity.ts
   */
  diversity?: number;
  /**
   * At most 100. Pins, exclusions and boosts leave a policy's shares as they are (pinned items count in them). A limit is never
   * broken: a language that has too few items within the limits leaves its places to the others, and where nobody has any, the list
   * is shorter. @throws bad-argument naming the rule and its field
   */
  rules?: readonly RankingRule[];
}

/**
 * How the reader's likes make one list, where no trained head ranks. Default `interests`, by measurement
 * (docs/decisions/2026-11-25-several-interests.md): an item is scored by the likes near it, those of its own language first.
 * `own-language`: by the mean vector of its own language, which leans on the shared one (docs/decisions/2026-11-24-fusion-of-languages.md).
 * `shared`: by one vector of all ratings. `rank`: reciprocal-rank fusion of what each language's vector finds (gives no reasons).
 * `learned`: by the sum of the languages' vectors, with weights learned from the reader's likes.
 */
export type LanguageFusion = 'interests' | 'own-language' | 'shared' | 'rank' | 'learned';

export interface RecommendOptions extends ListOptions {
  fusion?: LanguageFusion;
  /**
   * How much a list leans on what is widely known, where the catalogue states `popularity`: −1 (hidden finds) over 0 (default) to 1
   * (well known). Without effect where no item states it. @see ranking/popularity.ts
   */
  familiarity?: number;
  /** Say why for each item; for lists that are shown, because it scores each item again. Default false. */
  reasons?: boolean;
}

export interface SearchOptions extends ListOptions {
  /** Encode the query with the instant encoder (a few ms, for every key); else with the transformer where speed allows. */
  quick?: boolean;
}

/** A rated item that carried a recommendation: without it the item would have scored less. */
export interface Reason {
  item: Item;
  /** Part of the score that goes when this rating is left out, over the parts of all reasons; 0 to 1. */
  share: number;
}

export interface Recommendation {
  item: Item;
  /**
   * Cosine of profile and item in the language-neutral space, −1 to 1; with an owner's log or a column of popularity the blended score, in deviations over the
   * catalogue; 0 when nothing was rated yet.
   */
  score: number;
  /** At most 3, strongest first; empty where leaving ratings out does not change the score enough to claim it. */
  reasons?: Reason[];
}

export interface RecommendationList {
  items: Recommendation[];
  /** `profile`: from likes; `sample`: nothing liked yet, a varied start over languages and categories. */
  basis: 'profile' | 'sample';
  /** Of a search: which encoder read the query. */
  queryEncoder?: 'quick' | 'refined';
  /** Items that could be considered (have vectors and fit the policy). */
  candidates: number;
  elapsedMs: number;
}
