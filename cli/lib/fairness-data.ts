// What `kindred fairness` measures on: vectors of the items and of some translations, before and after the correction that the
// page would fit. Translations are never fitted on, so that they can judge.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deriveSeed, seededRandom, shuffle } from '../../src/base/random.ts';
import type { Item } from '../../src/base/types.ts';
import { cleanText } from '../../src/catalogue/clean.ts';
import { itemText } from '../../src/catalogue/text.ts';
import type { FairnessInput } from '../../src/evaluation/fairness/types.ts';
import { readCovariances } from '../../src/language/adapter-statistics.ts';
import { correctRows } from '../../src/language/correction/apply.ts';
import { itemBias } from '../../src/language/correction/hubness.ts';
import type { LanguageCorrection } from '../../src/language/correction/types.ts';
import { type AdapterData, identityAdapter, readAdapter } from '../../src/language/correction.ts';
import { type Covariances, fitTable } from '../../src/language/table-correction.ts';
import { sampleTranslations, type Translation } from '../../src/language/translations.ts';
import { type EmbedOptions, embedTexts } from './embed.ts';
import { readModelManifest } from './node-encoder.ts';
import { defaultModelFolder } from './paths.ts';

const MOST_QUERIES = 300;
/** Items that are also asked for by their translations, and how many of one: each may have to be encoded. */
export const DEFAULT_TRANSLATED = 150;
const MOST_TRANSLATIONS_EACH = 4;

export interface FairnessPlan {
  /** Rows of items that serve as queries. */
  queries: number[];
  translations: Translation[];
}

/** Draws 300 queries at most, and of so many items at most 4 translations each. The same seed draws the same. */
export function planFairness(items: readonly Item[], seed: number, translated = DEFAULT_TRANSLATED): FairnessPlan {
  const queries = shuffle([...items.keys()], seededRandom(deriveSeed(seed, 'queries'))).slice(0, MOST_QUERIES);
  const translations = sampleTranslations(
    items,
    { items: translated, languagesEach: MOST_TRANSLATIONS_EACH },
    seededRandom(deriveSeed(seed, 'translations')),
  );
  return { queries, translations };
}

/** Encodes items and planned translations; what the cache has is not encoded again. @returns both raw and of unit length */
export async function embedForFairness(items: readonly Item[], { translations }: FairnessPlan, options: EmbedOptions) {
  const own = items.map((item) => cleanText(itemText(item)));
  const others = translations.map(({ item, language }) => cleanText(itemText(items[item] ?? { title: '', description: '' }, language)));
  const { vectors, dimensions, encoded, fromCache } = await embedTexts([...own, ...others], options);
  const split = items.length * dimensions;
  return { dimensions, encoded, fromCache, items: vectors.slice(0, split), translations: vectors.slice(split) };
}

/** The adapter of the model's folder, as the page has it. @throws asset-missing, bad-manifest */
export async function readAdapterFiles(model: string | undefined): Promise<{ adapter: AdapterData; covariances: Covariances | undefined }> {
  const folder = model ?? defaultModelFolder();
  const { adapter: about, dimensions } = await readModelManifest(folder);
  if (!about) return { adapter: identityAdapter(dimensions), covariances: undefined };
  const load = (name: string) => new Uint8Array(readFileSync(join(folder, name)));
  return {
    adapter: readAdapter(load(about.ranking), about),
    covariances: about.covariances === undefined ? undefined : await readCovariances(about, load),
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
  }: { adapter: AdapterData; covariances: Covariances | undefined; seed: number } & Pick<FairnessInput, 'signal' | 'onProgress'>,
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
