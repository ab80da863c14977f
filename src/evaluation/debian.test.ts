// The splits on a real log: sparse, without times, in thirty languages. Small data cannot show whether enough users remain.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { dataFile, leaveOut, missingData } from '../base/testing/left-out.ts';
import { parseCatalogue } from '../catalogue/parse.ts';
import { popularitySystem } from './baselines/popularity.ts';
import { randomSystem } from './baselines/random.ts';
import { importInteractions } from './interactions.ts';
import { evaluateSystems } from './run.ts';
import { coldItems } from './splits/by-item.ts';
import { fewRatings, kFoldUsers, leaveLastOut } from './splits/by-user.ts';
import { type LanguageMaskedSplit, languageMasked } from './splits/language-masked.ts';
import { assertNoLeakage } from './splits/leakage.ts';

const ITEMS = 'debian/items.ndjson';
const INTERACTIONS = 'debian/interactions.csv';

test('Debian baskets: read whole, split without leaks, chance is chance', async (context) => {
  leaveOut(context, missingData(ITEMS, INTERACTIONS));
  const read = (path: string) => ({ name: path, data: readFileSync(dataFile(path)) });
  const { items } = await parseCatalogue(read(ITEMS));
  const report = await importInteractions(
    read(INTERACTIONS),
    items.map(({ id }) => id),
  );
  expect([report.rowCount, report.errorCount]).toEqual([9664, 0]);
  expect(report.log.item.length + report.unknownItemRows + report.duplicates).toBe(9664);
  const { log } = report;
  const masked = languageMasked(log, items, { seed: 1, historyCount: 5, fold: 0 });
  const splits = [
    leaveLastOut(log, { seed: 1 }),
    kFoldUsers(log, { seed: 1 })[0],
    coldItems(log, { seed: 1 }),
    ...fewRatings(log, { seed: 1 }),
    ...masked,
  ].filter((split) => split !== undefined);
  for (const split of splits) assertNoLeakage(split, log);
  const [cross] = masked as [LanguageMaskedSplit];
  expect(cross.cases.length).toBeGreaterThan(20);
  const sides = [cross.promises?.historyLanguages, cross.promises?.candidateLanguages].map(
    (side) => items.filter((_, row) => side?.includes(cross.shownLanguages?.[row] ?? '')).length,
  );
  expect(Math.abs((sides[0] ?? 0) - (sides[1] ?? 0))).toBeLessThan(0.1 * items.length);

  const [fold] = kFoldUsers(log, { seed: 1 });
  if (!fold) throw new Error('a fold');
  const languages = items.map(({ language }) => language);
  const { results } = await evaluateSystems(
    fold,
    [randomSystem(), popularitySystem()],
    { items, languages, texts: languages, dimensions: 0 },
    { resamples: 200 },
  );
  const [chance, popularity] = results.map(({ metrics }) => metrics.get('recall@50')?.interval);
  // 50 of about 6,830 candidates.
  expect(chance?.low).toBeLessThan(50 / 6830);
  expect(chance?.high).toBeGreaterThan(50 / 6830);
  expect(popularity?.low).toBeGreaterThan(50 / 6830);
});
