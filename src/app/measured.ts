// What was measured of the open catalogue. It outlives the panels that show it, which are made anew at each visit; for another
// catalogue there is another one. A result that comes late goes to the one it was asked for.
import type { Item } from '../base/types.ts';
import type { CatalogueMap, EngineStatus, FairnessReport, QualityReport } from '../protocol/engine-api.ts';
import type { ColourBy } from './map/groups.ts';
import type { Viewport } from './map/viewport.ts';

export interface DrawnMap {
  map: CatalogueMap;
  /** In the order of the map's points. */
  items: readonly Item[];
  /** Of `Measured.vectorsNow` when it was asked for. */
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
  /** What is being measured. */
  work: 'fairness' | 'quality' | null;
}

/** For panels: the same object is given to them again and again, changed inside. */
export const MEASURED = { attribute: false, hasChanged: () => true };

export class Measured {
  reports: Readonly<Reports> = { fairness: null, quality: null, work: null };
  readonly maps = new Map<MapLook['correction'], DrawnMap>();
  /** How the map was looked at last; null: it was not. */
  look: MapLook | null = null;

  /** Tells the page, also when the panel that asked has gone. */
  readonly fail: (error: unknown) => void;
  readonly #onChange: () => void;
  #changes = 0;
  #abort: AbortController | undefined;

  /** @param onChange there is something to draw */
  constructor(onChange: () => void, onError: (error: unknown) => void) {
    this.#onChange = onChange;
    this.fail = onError;
  }

  report(change: Partial<Reports>): void {
    this.reports = { ...this.reports, ...change };
    this.#onChange();
  }

  /** @returns what `stop` sets, also from a panel that was not there at the beginning */
  begin(): AbortSignal {
    this.#abort = new AbortController();
    return this.#abort.signal;
  }

  stop(): void {
    this.#abort?.abort();
  }

  /** Vectors may be others now. */
  noteChange(): void {
    this.#changes++;
  }

  /** Differs from what it was before wherever vectors may differ. */
  vectorsNow(status: EngineStatus | null): string {
    return `${this.#changes} ${status?.encodedCount} ${status?.quickCount}`;
  }
}
