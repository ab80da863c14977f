// What an evaluation needs from disk: a catalogue, a log of interactions, and language-neutral vectors of the texts that a split shows.
// Encoded vectors are cached, so a second run encodes nothing.
import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { RecommenderError } from '../../src/base/errors.ts';
import type { Item } from '../../src/base/types.ts';
import { cleanText } from '../../src/catalogue/clean.ts';
import { itemText } from '../../src/catalogue/text.ts';
import { type InteractionReport, importInteractions } from '../../src/evaluation/interactions.ts';
import type { EvaluationCatalogue, Split } from '../../src/evaluation/types.ts';
import { type AdapterData, identityAdapter, readAdapter } from '../../src/language/adapter.ts';
import { firstVectors } from '../../src/language/table-correction.ts';
import { type EmbedOptions, embedTexts } from './embed.ts';
import { readModelManifest } from './node-encoder.ts';
import { defaultModelFolder } from './paths.ts';
import { readCatalogue } from './read-catalogue.ts';

export interface EvaluationData {
  items: readonly Item[];
  interactions: InteractionReport;
}

/** @throws catalogue-*, interactions-format, asset-missing */
export async function readEvaluationData(catalogueFile: string, interactionsFile: string, signal?: AbortSignal): Promise<EvaluationData> {
  const { report } = await readCatalogue(catalogueFile, signal);
  if (!existsSync(interactionsFile)) {
    throw new RecommenderError('asset-missing', `There is no file ${interactionsFile}. Check the path of the interactions.`, {
      file: interactionsFile,
    });
  }
  const data = await openAsBlob(interactionsFile);
  const ids = report.items.map(({ id }) => id);
  const interactions = await importInteractions({ name: basename(interactionsFile), data }, ids, signal ? { signal } : {});
  return { items: report.items, interactions };
}

/**
 * Makes the catalogue as a split shows it. Successive splits that show the same languages (folds, sizes of history, cross and same) share
 * one.
 * @param wantVectors false: nothing is encoded, for runs without systems that need vectors
 */
export function shownCatalogues(
  items: readonly Item[],
  wantVectors: boolean,
): (split: Pick<Split, 'shownLanguages'>, options: EmbedOptions) => Promise<EvaluationCatalogue> {
  const own = items.map(({ language }) => language);
  let latest: EvaluationCatalogue | undefined;
  return async ({ shownLanguages: languages = own }, options) => {
    if (!latest?.languages.every((language, row) => language === languages[row]))
      latest = await shownCatalogue(items, languages, wantVectors, options);
    return latest;
  };
}

async function shownCatalogue(
  items: readonly Item[],
  languages: readonly string[],
  wantVectors: boolean,
  options: EmbedOptions,
): Promise<EvaluationCatalogue> {
  const texts = items.map((item, row) => cleanText(itemText(item, languages[row])));
  if (!wantVectors) return { items, languages, texts, dimensions: 0 };
  const { vectors: raw } = await embedTexts(texts, options);
  const adapter = await readModelAdapter(options.model);
  return { items, languages, texts, dimensions: adapter.projectedDimensions, vectors: firstVectors(adapter, raw, languages) };
}

/** The model's language adapter; one that only centres where the model ships none. @throws asset-missing, bad-manifest */
export async function readModelAdapter(model = defaultModelFolder()): Promise<AdapterData> {
  const { adapter, dimensions } = await readModelManifest(model);
  return adapter ? readAdapter(new Uint8Array(readFileSync(join(model, adapter.ranking))), adapter) : identityAdapter(dimensions);
}
