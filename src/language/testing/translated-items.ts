// A small catalogue whose items have translations. No test framework in here.
import type { Item, ItemId } from '../../base/types.ts';

/**
 * 40 English items; rows 20 apart share the texts of their translations.
 * @param tags of the translations of a row; none where undefined. Of the tag `copy` the text is that of the item itself
 */
export function translatedItems(tags: (row: number) => readonly string[] | undefined): Item[] {
  return Array.from({ length: 40 }, (_, row): Item => {
    const item = { id: `i${row}` as ItemId, language: 'en', title: `work ${row}`, description: '', categories: [] };
    const translations = tags(row)?.map((tag) => [tag, { title: tag === 'copy' ? item.title : `${tag} ${row % 20}`, description: '' }] as const);
    return translations ? { ...item, translations: Object.fromEntries(translations) } : item;
  });
}
