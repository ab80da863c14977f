// Pages of a catalogue's items: all, or those of one language or category. Items are read in file order, in slices. Slices that
// were read are kept, so that going back reads nothing.
import type { Item } from '../../base/types.ts';

export interface Wanted {
  /** null, here and in `category`: all. */
  language: string | null;
  category: string | null;
}

export interface WalkPage {
  items: Item[];
  /** There are more fitting items after these. */
  more: boolean;
}

/** The recommender gives at most this many at once. */
export const SLICE = 1000;

export class CatalogueWalk {
  readonly #browse: (from: number, count: number) => Promise<Item[]>;
  readonly #wanted: Wanted;
  readonly #pageSize: number;
  readonly #slice: number;
  readonly #found: Item[] = [];
  #read = 0;
  #ended = false;

  /** @param slice items asked for at once */
  constructor(browse: (from: number, count: number) => Promise<Item[]>, wanted: Wanted, pageSize: number, slice: number = SLICE) {
    this.#browse = browse;
    this.#wanted = wanted;
    this.#pageSize = pageSize;
    this.#slice = slice;
  }

  /**
   * @param page 0-based
   * @returns the items of that page; none after the last one
   * @throws what `browse` throws; `signal`'s reason when it is aborted
   */
  async page(page: number, signal?: AbortSignal): Promise<WalkPage> {
    const from = page * this.#pageSize;
    const to = from + this.#pageSize;
    while (!this.#ended && this.#found.length <= to) {
      const start = this.#read;
      const items = await this.#browse(start, this.#slice);
      signal?.throwIfAborted();
      if (start !== this.#read) continue; // another page was read at the same time
      this.#read += items.length;
      this.#ended = items.length < this.#slice;
      for (const item of items) if (this.#fits(item)) this.#found.push(item);
    }
    return { items: this.#found.slice(from, to), more: this.#found.length > to };
  }

  #fits({ language, categories }: Item): boolean {
    const { language: wantedLanguage, category } = this.#wanted;
    return (wantedLanguage === null || language === wantedLanguage) && (category === null || categories.includes(category));
  }
}
