// Reports as the engine would send them, with plausible numbers, for element tests.
import type { ItemId } from '../../base/types.ts';
import type { CatalogueMap, FairnessReport, HeadSummary, QualityReport, StorageReport, TrainingPoint } from '../../protocol/engine-api.ts';

const POINTS: readonly TrainingPoint[] = Array.from({ length: 40 }, (_, at) => ({
  step: at + 1,
  epoch: Math.floor(at / 8),
  loss: 0.7 * 0.95 ** at,
  learningRate: 0.01 * Math.min(1, (at + 1) / 8),
  heldOutNdcg: at % 8 === 7 ? 0.3 + at / 200 : null,
}));

export function fakeHead(id: string, parentId: string | null): HeadSummary {
  return {
    id,
    parentId,
    kind: 'linear-probe',
    origin: parentId === null ? 'shipped' : 'trained',
    createdMs: Date.UTC(2026, 10, 20, 12),
    examples: 10,
    examplesHash: 'ab'.repeat(32),
    heldOutNdcg: 0.42,
    parentNdcg: 0.36,
    installed: true,
    reason: 'On the held-out likes it ranks no worse than the head before.',
    device: 'wasm',
    elapsedMs: 180,
    points: [...POINTS],
  };
}

export function fakeFairness(): FairnessReport {
  const row = (tag: string, items: number, exposureBefore: number, exposureAfter: number) => ({
    tag,
    items,
    catalogueShare: items / 100,
    exposureBefore,
    exposureAfter,
    meritShare: (items + 2) / 106,
  });
  const around = (mean: number) => ({ mean, low: mean - 0.05, high: mean + 0.05 });
  const ndcg = (tag: string, queries: number, before: number, after: number) => ({
    tag,
    queries,
    before: around(before),
    after: around(after),
    change: around(after - before),
  });
  const single = { mean: 0.5, low: null, high: null };
  return {
    languages: [row('en', 50, 0.7, 0.52), row('ar', 30, 0.2, 0.29), row('hi', 20, 0.1, 0.19)],
    before: { sameLanguageOverFair: 9.6, selfMrr: 0.71, rankCorrelation: 0.52, peer: 0.01, preferenceRate: 0.93, languageNdcg: 0.51 },
    after: { sameLanguageOverFair: 1.2, selfMrr: 0.87, rankCorrelation: 0.78, peer: 0.4, preferenceRate: 0.54, languageNdcg: 0.46 },
    ndcg: [
      {
        relevance: 'category',
        languages: [
          ndcg('en', 50, 0.42, 0.44),
          ndcg('ar', 30, 0.21, 0.4),
          { tag: 'hi', queries: 1, before: single, after: single, change: { ...single, mean: 0 } },
        ],
      },
      { relevance: 'translation', languages: [ndcg('sw', 20, 0.6, 0.85)] },
    ],
    method: 'lda',
    dimensions: 128,
    queries: 100,
    translations: 20,
  };
}

export function fakeQuality(): QualityReport {
  const metric = (name: string, value: number) => ({ name, value, low: value - 0.05, high: value + 0.05 });
  return {
    split: 'leave-last-out',
    users: 24,
    interactions: 180,
    systems: [
      { name: 'mean-embedding', title: 'Mean embedding', metrics: [metric('ndcg@10', 0.41), metric('recall@10', 0.5)] },
      { name: 'popularity', title: 'Popularity', metrics: [metric('ndcg@10', 0.18), metric('recall@10', 0.3)] },
    ],
    problems: [{ row: 4, field: 'item', value: 'x-9', message: 'The catalogue has no such item.', remedy: 'Check the id.', severity: 'warning' }],
    problemCount: 1,
  };
}

export function fakeMap(ids: ItemId[], correction: 'before' | 'after'): CatalogueMap {
  const turn = correction === 'before' ? 1 : 2;
  const at = (wave: (angle: number) => number) =>
    Float32Array.from(ids, (_, i) => wave((turn * 2 * Math.PI * i) / ids.length) * (0.4 + (0.5 * i) / ids.length));
  return { ids, x: at(Math.cos), y: at(Math.sin), method: 'pca' };
}

export function fakeStorage(): StorageReport {
  return {
    entries: [
      { what: 'items', count: 14, bytes: 9_000 },
      { what: 'vectors', count: 14, bytes: 7_168 },
      { what: 'ratings', count: 3, bytes: 300 },
      { what: 'model-files', count: 5, bytes: 42_000_000 },
    ],
    usedBytes: 42_016_468,
    quotaBytes: 10_000_000_000,
  };
}
