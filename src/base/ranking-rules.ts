// What the owner of a catalogue lays down for lists, whatever the reader likes. Types only: the protocol carries them, the ranking
// obeys them.

/** Items that fit every condition given; at least one is. */
export interface RuleTarget {
  /** Ids; those that the catalogue lacks are passed over. */
  items?: readonly string[];
  /** Items with one of these categories. */
  categories?: readonly string[];
  /** BCP-47 tags; `pt` also takes `pt-BR`. */
  languages?: readonly string[];
  /** Name of a number of the catalogue → its bounds, both included; an item without that number does not fit. */
  attributes?: Readonly<Record<string, { from?: number; to?: number }>>;
}

export type RankingRule =
  /** First in the list, in this order, in whatever language, even where the reader rated them. */
  | { rule: 'pin'; items: readonly string[] }
  /** Never in the list, even when pinned. */
  | { rule: 'exclude'; where: RuleTarget }
  /**
   * `by` is added to the score, −1 to 1 in units of a cosine (items of a list differ by a tenth or so). Of several that fit an item the
   * last one counts.
   */
  | { rule: 'boost'; by: number; where: RuleTarget }
  /**
   * At most so many items of each of these categories, default of every category. Of several that name a category the last one
   * counts. Pinned items count in it and are never dropped for it.
   */
  | { rule: 'limit'; atMost: number; categories?: readonly string[] };
