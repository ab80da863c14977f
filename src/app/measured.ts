// What was measured of the open catalogue. It outlives the panels, which are made anew at each visit. Each catalogue has its own,
// so a late result goes to the catalogue it was measured on.
import type { Item } from '../base/types.ts';
import type { CatalogueMap, EngineStatus, FairnessReport, QualityReport } from '../protocol/engine-api.ts';
import type { ColourBy } from './map/groups.ts';
import type { Viewport } from './map/viewport.ts';

export interface DrawnMap {
  map: CatalogueMap;
  /** In the order of the map's points. */
  items: readonly Item[];
  /** `Measured.vectorsNow` when the map was asked for. */
  vectors: string;
}

export interface MapLook {
  correction: 'before' | 'after';
  by: ColourBy;
  view: Viewport;
}

export interface Reports {
  fairness: FairnessReport | null;
  quality: QualityReport | null;
  /** What is being measured now. */
  work: 'fairness' | 'quality' | null;
}

/** Declaration of the panels' property: they get the same object each time, changed inside. */
export const MEASURED = { attribute: false, hasChanged: () => true };

export class Measured {
  reports: Readonly<Reports> = { fairness: null, quality: null, work: null };
  readonly maps = new Map<MapLook['correction'], DrawnMap>();
  /** The map's settings when the panel was left; null: it was not shown yet. */
  look: MapLook | null = null;

  /** Tells the page of an error, also when the panel is gone. */
  readonly fail: (error: unknown) => void;
  readonly #onChange: () => void;
  #changes = 0;
  #abort: AbortController | undefined;

  /** @param onChange redraws */
  constructor(onChange: () => void, onError: (error: unknown) => void) {
    this.#onChange = onChange;
    this.fail = onError;
  }

  report(change: Partial<Reports>): void {
    this.reports = { ...this.reports, ...change };
    this.#onChange();
  }

  /** @returns a signal that `stop` aborts, also when another panel calls it */
  begin(): AbortSignal {
    this.#abort = new AbortController();
    return this.#abort.signal;
  }

  stop(): void {
    this.#abort?.abort();
  }

  /** Call when vectors may have changed. */
  noteChange(): void {
    this.#changes++;
  }

  /** A text that changes whenever vectors may have changed. */
  vectorsNow(status: EngineStatus | null): string {
    return `${this.#changes} ${status?.encodedCount} ${status?.quickCount}`;
  }
}
