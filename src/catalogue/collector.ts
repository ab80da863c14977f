// Decides which drafts become items: ids are unique and no text comes twice, because everything later counts on both.
import { sha256Hex } from '../base/hash.ts';
import type { Item, ItemId } from '../base/types.ts';
import { createDuplicateIndex } from './duplicates.ts';
import type { Finding, ProblemList } from './problems.ts';
import type { Draft } from './validate.ts';

/** "text-" and 64 bits of SHA-256: the same row gets the same id whenever and wherever it is read. */
async function derivedId({ item, statedLanguage }: Draft): Promise<string> {
  const hash = await sha256Hex(JSON.stringify([item.title, item.description, statedLanguage]));
  return `text-${hash.slice(0, 16)}`;
}

/** What becomes of rows: items, in order, and problems. */
export function createCollector(problems: ProblemList) {
  const items: Item[] = [];
  const ids = new Set<string>();
  const duplicates = createDuplicateIndex();
  return {
    items,
    async take(draft: Draft, row: number): Promise<void> {
      const report = (finding: Finding, id = draft.id): void => problems.add(row, id, finding);
      const twin = duplicates.find(draft.item);
      const id = draft.id ?? (twin === undefined ? await derivedId(draft) : undefined);
      if (id !== undefined && ids.has(id)) {
        report({
          field: 'id',
          value: id,
          message: 'An earlier row has the same id; this one was kept out.',
          remedy: 'Give each row an id of its own.',
          severity: 'error',
        });
        return;
      }
      if (twin !== undefined || id === undefined) {
        report({
          field: 'title',
          value: draft.item.title,
          message: `The row is a duplicate of "${twin}" (same title, description and language); it was kept out.`,
          remedy: 'Delete one of the two.',
          severity: 'warning',
        });
        return;
      }
      if (draft.id === undefined) {
        report(
          {
            field: 'id',
            value: '',
            message: `The row has no id; "${id}" was made from its text and changes with it.`,
            remedy: 'Give each row an id of its own.',
            severity: 'warning',
          },
          id,
        );
      }
      const item: Item = { id: id as ItemId, ...draft.item };
      ids.add(id);
      duplicates.add(item);
      items.push(item);
    },
  };
}
