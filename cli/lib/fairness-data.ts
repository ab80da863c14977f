// What `kindred fairness` measures: vectors of the items and of some translations, before and after the correction that the page would fit.
// The correction never learns from the translations, so that they can judge it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deriveSeed, seededRandom, shuffle } from '../../src/base/random.ts';
import type { Item } from '../../src/base/types.ts';
import { cleanText } from '../../src/catalogue/clean.ts';
import { itemText } from '../../src/catalogue/text.ts';
import type { FairnessInput } from '../../src/evaluation/fairness/types.ts';
import { type AdapterData, type AdapterStatistics, readAdapterStatistics } from '../../src/language/adapter.ts';
import { correctRows } from '../../src/language/correction/apply.ts';
import { itemBias } from '../../src/language/correction/hubness.ts';
import type { LanguageCorrection } from '../../src/language/correction/types.ts';
import { fitTable } from '../../src/language/table-correction.ts';
import { sampleTranslations, type Translation } from '../../src/language/translations.ts';
import { type EmbedOptions, embedTexts } from './embed.ts';
import { readModelAdapter } from './evaluation-data.ts';
import { readModelManifest } from './node-encoder.ts';
import { defaultModelFolder } from './paths.ts';

const MOST_QUERIES = 300;
/** Items whose translations are queries too, and how many translations of one item. Each may have to be encoded. */
export const DEFAULT_TRANSLATED = 150;
const MOST_TRANSLATIONS_EACH = 4;

export interface FairnessPlan {
  /** Rows of items that serve as queries. */
  queries: number[];
  translations: Translation[];
}

/** Draws at most 300 queries, and at most 4 translations each of `translated` items. The same seed draws the same. */
export function planFairness(items: readonly Item[], seed: number, translated = DEFAULT_TRANSLATED): FairnessPlan {
  const queries = shuffle([...items.keys()], seededRandom(deriveSeed(seed, 'queries'))).slice(0, MOST_QUERIES);
  const translations = sampleTranslations(
    items,
    { items: translated, languagesEach: MOST_TRANSLATIONS_EACH },
    seededRandom(deriveSeed(seed, 'translations')),
  );
  return { queries, translations };
}

/** Encodes items and planned translations that the cache lacks. @returns raw vectors of unit length */
export async function embedForFairness(items: readonly Item[], { translations }: FairnessPlan, options: EmbedOptions) {
  const own = items.map((item) => cleanText(itemText(item)));
  const others = translations.map(({ item, language }) => cleanText(itemText(items[item] ?? { title: '', description: '' }, language)));
  const { vectors, dimensions, encoded, fromCache } = await embedTexts([...own, ...others], options);
  const split = items.length * dimensions;
  return { dimensions, encoded, fromCache, items: vectors.slice(0, split), translations: vectors.slice(split) };
}

/** The adapter of the model's folder with its statistics, as the page has it. @throws asset-missing, bad-manifest */
export async function readAdapterFiles(model = defaultModelFolder()): Promise<{ adapter: AdapterData; covariances: AdapterStatistics | undefined }> {
  const { adapter: about } = await readModelManifest(model);
  const load = (name: string) => new Uint8Array(readFileSync(join(model, name)));
  return {
    adapter: await readModelAdapter(model),
    covariances: about?.covariances === undefined ? undefined : await readAdapterStatistics(about, load),
  };
}

/**
 * Fits the correction as the page does and gives the input of `measureFairness`.
 * @param vectors of `embedForFairness`
 * @throws aborted, bad-vector
 */
export async function fairnessInput(
  items: readonly Item[],
  { queries, translations }: FairnessPlan,
  vectors: { dimensions: number; items: Float32Array; translations: Float32Array },
  {
    adapter,
    covariances,
    seed,
    ...watch
  }: { adapter: AdapterData; covariances: AdapterStatistics | undefined; seed: number } & Pick<FairnessInput, 'signal' | 'onProgress'>,
): Promise<{ input: FairnessInput; correction: LanguageCorrection }> {
  const languages = items.map(({ language }) => language);
  const correction = await fitTable(adapter, { raw: vectors.items, languages }, undefined, { ...(covariances ? { covariances } : {}), ...watch });
  const corrected = correctRows(correction, vectors.items, languages);
  const { dimensions, hubness } = correction;
  const input: FairnessInput = {
    languages,
    categories: items.map(({ categories }) => categories),
    queries,
    translations,
    before: { dimensions: vectors.dimensions, vectors: vectors.items, translations: vectors.translations },
    after: {
      dimensions,
      vectors: corrected,
      bias: itemBias(corrected, dimensions, hubness),
      translations: correctRows(
        correction,
        vectors.translations,
        translations.map(({ language }) => language),
      ),
    },
    method: correction.method,
    random: seededRandom(deriveSeed(seed, 'candidates')),
    ...watch,
  };
  return { input, correction };
}
