// Decides which drafts become items. Ids are unique and no text comes twice: later stages rely on the first, and a text shown twice looks
// like a fault of the recommender.
import { fnv1a, sha256Hex } from '../base/hash.ts';
import type { Item, ItemId } from '../base/types.ts';
import type { Finding, ProblemList } from './problems.ts';
import type { Draft } from './validate.ts';

/** 53 bits of two FNV-1a hashes. */
function hash53(text: string): number {
  return fnv1a(text) * 2 ** 21 + (fnv1a(text, 1) >>> 11);
}

type Content = Pick<Item, 'title' | 'description' | 'language'>;

interface DuplicateIndex {
  /** The id of the earlier item with this title, description and language. */
  find(item: Content): ItemId | undefined;
  add(item: Item): void;
}

/**
 * Holds one number and one reference per item, not a second copy of its text. It compares what it finds in full, so it never
 * calls different texts equal. It misses a duplicate where two texts of the catalogue share a 53-bit hash.
 */
function createDuplicateIndex(): DuplicateIndex {
  const first = new Map<number, Item>();
  const keyOf = ({ title, description, language }: Content): number => hash53(`${language}\n${title}\n${description}`);
  return {
    find(item) {
      const found = first.get(keyOf(item));
      const same = found?.title === item.title && found.description === item.description && found.language === item.language;
      return same ? found.id : undefined;
    },
    add(item) {
      const key = keyOf(item);
      if (!first.has(key)) first.set(key, item);
    },
  };
}

/** "text-" and 64 bits of SHA-256: the same row gets the same id whenever and wherever it is read. */
async function derivedId({ item, statedLanguage }: Draft): Promise<string> {
  const hash = await sha256Hex(JSON.stringify([item.title, item.description, statedLanguage]));
  return `text-${hash.slice(0, 16)}`;
}

/** Collects items, in the order of the rows, and reports problems. */
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
