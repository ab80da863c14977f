// The catalogue's own translations as vectors, for the training of a head. The vectors of the items themselves are never touched: a
// page has the same ones, whatever was learnt beside them.
import { deriveSeed, sampleWithout, seededRandom } from '../../src/base/random.ts';
import type { Item } from '../../src/base/types.ts';
import { cleanText } from '../../src/catalogue/clean.ts';
import { itemText } from '../../src/catalogue/text.ts';
import { centreRows, fitLanguageMeans, projectRows } from '../../src/language/correction.ts';
import type { TranslatedTexts } from '../../src/owner/language-help.ts';
import { type EmbedOptions, embedTexts } from './embed.ts';
import { adapterOf } from './evaluation-data.ts';
import { defaultModelFolder } from './paths.ts';

export interface TranslationChoice {
  /** Of texts, drawn when there are more. */
  most: number;
  seed: number;
}

/**
 * @returns each text in a language other than the item's own, language-neutral by the means of the translations alone; none where
 *   the catalogue has none
 * @throws as `embedTexts`
 */
export async function translatedTexts(items: readonly Item[], { most, seed }: TranslationChoice, options: EmbedOptions): Promise<TranslatedTexts> {
  const all = items.flatMap((item, row) => {
    const own = cleanText(itemText(item));
    const tags = Object.keys(item.translations ?? {}).filter((tag) => tag !== item.language);
    return tags
      .sort()
      .map((tag) => ({ row, tag, text: cleanText(itemText(item, tag)) }))
      .filter(({ text }) => text !== own);
  });
  const drawn =
    all.length > most ? sampleWithout(all.length, most, seededRandom(deriveSeed(seed, 'translations'))).sort() : Int32Array.from(all.keys());
  const texts = Array.from(drawn, (at) => all[at]).filter((one) => one !== undefined);
  const languages = texts.map(({ tag }) => tag);
  const itemRow = Int32Array.from(texts, ({ row }) => row);
  if (texts.length === 0) return { vectors: new Float32Array(0), itemRow, languages };
  const { vectors: raw, dimensions } = await embedTexts(
    texts.map(({ text }) => text),
    options,
  );
  const adapter = await adapterOf(options.model ?? defaultModelFolder(), dimensions);
  const projected = projectRows(adapter, raw);
  return {
    vectors: centreRows(projected, adapter.projectedDimensions, languages, fitLanguageMeans(adapter, projected, languages)),
    itemRow,
    languages,
  };
}
