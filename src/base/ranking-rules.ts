// Rules that the owner of a catalogue sets for all lists, whatever the reader likes. Types only: the protocol carries them, the ranking
// applies them.

/** Items that meet every stated condition. At least one condition must be stated. */
export interface RuleTarget {
  /** Ids; ids that the catalogue lacks are ignored. */
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
   * `by` is added to the score, −1 to 1 in units of a cosine (items of a list differ by a tenth or so). When several rules
   * fit an item, the last one counts.
   */
  | { rule: 'boost'; by: number; where: RuleTarget }
  /**
   * At most so many items of each of these categories; without `categories`, of every category. When several rules name a category, the
   * last one counts. Pinned items count towards the limit and are never dropped.
   */
  | { rule: 'limit'; atMost: number; categories?: readonly string[] };
