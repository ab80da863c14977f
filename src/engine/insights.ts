// What is measured and drawn of the open catalogue's table: quality of a log, the map. Fairness: catalogue-fairness.ts.
import { seededRandom } from '../base/random.ts';
import { measureQuality } from '../evaluation/measure-quality.ts';
import { catalogueMap } from '../index/catalogue-map.ts';
import type { ItemTable } from '../index/item-table.ts';
import type { CatalogueMap, QualityOptions, QualityReport } from '../protocol/engine-api.ts';
import type { StatusBoard } from './status-board.ts';

/** The same chance before and after, so that only the correction differs. */
const MAP_SEED = 1;

/** @throws interactions-format, evaluation-empty, aborted */
export function qualityOf(table: ItemTable, options: QualityOptions, signal: AbortSignal): Promise<QualityReport> {
  return measureQuality({ items: table.items, vectors: table.rankedVectors(), dimensions: table.dimensions, ...options, signal });
}

/** @throws not-ready */
export function mapOf(table: ItemTable, correction: 'before' | 'after', board: StatusBoard): Promise<CatalogueMap> {
  const before = correction === 'before';
  const dimensions = before ? table.rawDimensions : table.dimensions;
  const rows = before ? table.rawVectors() : table.rankedVectors();
  return catalogueMap(table.items, rows, { dimensions, random: seededRandom(MAP_SEED), onProgress: (progress) => board.progress(progress) });
}
