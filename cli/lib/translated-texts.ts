// The catalogue's own translations as vectors, for the training of a head. They do not change the vectors of the items: the page has the
// same ones.
import { deriveSeed, sampleWithout, seededRandom } from '../../src/base/random.ts';
import type { Item } from '../../src/base/types.ts';
import { cleanText } from '../../src/catalogue/clean.ts';
import { itemText } from '../../src/catalogue/text.ts';
import { firstVectors } from '../../src/language/table-correction.ts';
import { translatedTags } from '../../src/language/translations.ts';
import type { TranslatedTexts } from '../../src/owner/language-help.ts';
import { type EmbedOptions, embedTexts } from './embed.ts';
import { readModelAdapter } from './evaluation-data.ts';

export interface TranslationChoice {
  /** Texts at most; they are drawn when there are more. */
  most: number;
  seed: number;
}

/**
 * @returns vectors of texts in other languages than their item's own, language-neutral by the means of these texts; none where the
 *   catalogue has no translations
 * @throws as `embedTexts`
 */
export async function translatedTexts(items: readonly Item[], { most, seed }: TranslationChoice, options: EmbedOptions): Promise<TranslatedTexts> {
  const all = items.flatMap((item, row) =>
    translatedTags(item)
      .sort()
      .map((tag) => ({ row, tag, text: cleanText(itemText(item, tag)) })),
  );
  const drawn =
    all.length > most ? sampleWithout(all.length, most, seededRandom(deriveSeed(seed, 'translations'))).sort() : Int32Array.from(all.keys());
  const texts = Array.from(drawn, (at) => all[at]).filter((one) => one !== undefined);
  const languages = texts.map(({ tag }) => tag);
  const itemRow = Int32Array.from(texts, ({ row }) => row);
  if (texts.length === 0) return { vectors: new Float32Array(0), itemRow, languages };
  const { vectors: raw } = await embedTexts(
    texts.map(({ text }) => text),
    options,
  );
  const adapter = await readModelAdapter(options.model);
  return { vectors: firstVectors(adapter, raw, languages), itemRow, languages };
}
