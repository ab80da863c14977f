// Types that every folder shares: items, feedback, progress.

export type ItemId = string & { readonly __brand: 'ItemId' };

export interface ItemText {
  title: string;
  description: string;
}

/** One item of a catalogue, after validation and cleaning. Field names as in docs/catalogue-format.md. */
export interface Item {
  id: ItemId;
  /** BCP-47 tag of `title` and `description`, canonical case. */
  language: string;
  /** True when the file did not state the language and it was detected from the text. */
  languageDetected?: boolean;
  title: string;
  description: string;
  translations?: Record<string, ItemText>;
  categories: string[];
  creator?: string;
  kind?: string;
  /** ISO 3166-1 alpha-2. */
  country?: string;
  attributes?: Record<string, number>;
  /** Year or ISO 8601 date, as stated. */
  published?: string;
  /** How often the item was sold, viewed or rated by all, 0 or more: a count that names nobody. */
  popularity?: number;
  link?: string;
  image?: string;
  license?: string;
  attribution?: string;
}

export interface Progress {
  done: number;
  total: number;
  unit: 'bytes' | 'items' | 'rows' | 'texts' | 'steps';
}
export type ProgressCallback = (progress: Progress) => void;

export type FeedbackKind = 'like' | 'dislike' | 'hide';

export interface FeedbackEvent {
  itemId: ItemId;
  kind: FeedbackKind;
  /** Milliseconds since the epoch. */
  timeMs: number;
}
