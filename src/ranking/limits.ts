// How many items of a category a list may still take.

export interface CategoryLimits {
  /** Infinity: none. */
  limitOf: (category: string) => number;
  categoriesOf: (row: number) => readonly string[];
}

/** Counts the items of one list as it grows. */
export class LimitCount {
  readonly #limits: CategoryLimits;
  readonly #taken = new Map<string, number>();

  constructor(limits: CategoryLimits) {
    this.#limits = limits;
  }

  /** Whether the row may be taken: none of its categories is full. */
  fits(row: number): boolean {
    const { limitOf, categoriesOf } = this.#limits;
    return categoriesOf(row).every((category) => (this.#taken.get(category) ?? 0) < limitOf(category));
  }

  take(row: number): void {
    for (const category of this.#limits.categoriesOf(row)) this.#taken.set(category, (this.#taken.get(category) ?? 0) + 1);
  }
}
