// What the page is told about a catalogue. Types only: embedders get them with the package.
import type { Item } from '../base/types.ts';
import type { RowProblem } from './problems.ts';

/** What a file holds, read and thrown away again. */
export interface CataloguePreview {
  summary: CatalogueSummary;
  /** The first items, at most 20. */
  sample: Item[];
}

export interface CatalogueSummary {
  id: string;
  itemCount: number;
  /** Items per language, most first. */
  languages: { tag: string; items: number }[];
  categories: { id: string; items: number }[];
  /** Items that state `popularity`. */
  itemsWithPopularity: number;
  format: string;
  /** Column → field, for CSV and TSV. */
  headerMapping: Record<string, string>;
  unmappedColumns: string[];
  problems: RowProblem[];
  problemCount: number;
  /** True when it was read from the store and not parsed again. */
  fromStore: boolean;
}
