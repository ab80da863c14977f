// Names of categories in several languages, read from the file categories.json next to a catalogue, if there is one.

/** Category id → language tag → name. */
export type CategoryNames = Readonly<Record<string, Readonly<Record<string, string>>>>;

export const NO_CATEGORY_NAMES: CategoryNames = {};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Keeps what has the expected form and drops the rest, because the file comes from outside. */
export function parseCategoryNames(data: unknown): CategoryNames {
  if (!isRecord(data)) return NO_CATEGORY_NAMES;
  const names: Record<string, Record<string, string>> = Object.create(null);
  for (const [id, byTag] of Object.entries(data)) {
    if (!isRecord(byTag)) continue;
    const texts = Object.entries(byTag).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    names[id] = Object.assign(Object.create(null), Object.fromEntries(texts));
  }
  return names;
}

/** The name of a category in a language, else in its primary language, else in English, else the id itself. */
export function categoryName(names: CategoryNames, id: string, tag: string): string {
  const byTag = names[id];
  return byTag?.[tag] ?? byTag?.[tag.split('-')[0] ?? tag] ?? byTag?.en ?? id;
}

/** The address of a catalogue's file of names. */
export function categoryNamesUrl(catalogueUrl: string | URL): URL {
  return new URL('categories.json', catalogueUrl);
}

/** Names from a file; none if it is missing or is not JSON. */
export async function loadCategoryNames(url: string | URL): Promise<CategoryNames> {
  try {
    const response = await fetch(url);
    return response.ok ? parseCategoryNames(await response.json()) : NO_CATEGORY_NAMES;
  } catch {
    return NO_CATEGORY_NAMES; // the ids of the categories are shown instead
  }
}
