// What is measured and drawn of the open catalogue's table: fairness, quality of a log, the map.
import { type RandomSource, seededRandom } from '../base/random.ts';
import { itemBias } from '../language/correction/index.ts';
import type { CatalogueMap, FairnessReport, QualityOptions, QualityReport } from '../protocol/engine-api.ts';
import { measureFairness } from './fairness.ts';
import type { ItemTable } from './item-table.ts';
import { catalogueMap } from './map.ts';
import { measureQuality } from './measure-quality.ts';
import type { StatusBoard } from './status-board.ts';

/** The same chance before and after, so that only the correction differs. */
const MAP_SEED = 1;

/** @throws not-ready */
export function fairnessOf(table: ItemTable, random: RandomSource): Promise<FairnessReport> {
  const { items, correction, dimensions } = table;
  const after = table.rankedVectors();
  return measureFairness({
    languages: items.map(({ language }) => language),
    categories: items.map(({ categories }) => categories),
    before: { vectors: table.rawVectors(), dimensions: table.rawDimensions },
    after: { vectors: after, dimensions, bias: itemBias(after, dimensions, correction.hubness) },
    method: correction.method,
    random,
  });
}

/** @throws interactions-format, evaluation-empty */
export function qualityOf(table: ItemTable, options: QualityOptions): Promise<QualityReport> {
  return measureQuality({ items: table.items, vectors: table.rankedVectors(), dimensions: table.dimensions, ...options });
}

/** @throws not-ready */
export function mapOf(table: ItemTable, correction: 'before' | 'after', board: StatusBoard): Promise<CatalogueMap> {
  const before = correction === 'before';
  const dimensions = before ? table.rawDimensions : table.dimensions;
  const rows = before ? table.rawVectors() : table.rankedVectors();
  return catalogueMap(table.items, rows, { dimensions, random: seededRandom(MAP_SEED), onProgress: (progress) => board.progress(progress) });
}
