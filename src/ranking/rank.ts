// Which rows may appear in a list, and what to show before anything is known about the reader.
import { groupBy } from '../base/group-by.ts';
import type { Item } from '../base/types.ts';
import type { Ranked } from '../compute/cpu/top-k.ts';
import { matchesLanguage } from '../language/tags.ts';

/** Languages the reader wants, or undefined for any. */
export type WantedLanguages = readonly string[] | undefined;

/** A test on language tags that remembers its answers: a catalogue has few tags and many rows. */
export function languageFilter(wanted: WantedLanguages): (tag: string) => boolean {
  if (!wanted) return () => true;
  const known = new Map<string, boolean>();
  return (tag) => {
    let fits = known.get(tag);
    if (fits === undefined) {
      fits = wanted.some((chosen) => matchesLanguage(chosen, tag));
      known.set(tag, fits);
    }
    return fits;
  };
}

export interface Candidates {
  items: readonly Item[];
  /** Whether a row has a vector. */
  encoded: (row: number) => boolean;
  /** Rows that the reader has rated: they are not recommended again. */
  seen: ReadonlySet<number>;
  wanted: WantedLanguages;
}

export function rowFilter({ items, encoded, seen, wanted }: Candidates): (row: number) => boolean {
  const fits = languageFilter(wanted);
  return (row) => encoded(row) && !seen.has(row) && fits(items[row]?.language ?? '');
}

/** First rows of a language that compete for its turn: in the catalogue's order, and in the order of what people like. */
const START_AMONG = { catalogue: 200, liked: 20 };

/**
 * A start for a reader about whom nothing is known: languages take turns, and each gives the item whose categories were shown least so
 * far, among its first rows by `order`. Languages with more items come first. Deterministic; needs no vectors.
 * @param order [rows] row numbers, most liked first; default the catalogue's order
 */
export function startingSample(k: number, { items, seen, wanted }: Omit<Candidates, 'encoded'>, order?: ArrayLike<number>): Ranked[] {
  const fits = languageFilter(wanted);
  const among = order ? START_AMONG.liked : START_AMONG.catalogue;
  const languageOf = (row: number): string => items[row]?.language ?? '';
  const open = items.map((_, place) => order?.[place] ?? place).filter((row) => !seen.has(row) && fits(languageOf(row)));
  const turns = [...groupBy(open, languageOf)].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  const shown = new Map<string, number>();
  const picked: Ranked[] = [];
  while (picked.length < k && turns.some(([, rows]) => rows.length > 0)) {
    for (const [, rows] of turns) {
      if (picked.length >= k || rows.length === 0) continue;
      const row = leastShown(rows.slice(0, among), items, shown);
      rows.splice(rows.indexOf(row), 1);
      for (const category of items[row]?.categories ?? []) shown.set(category, (shown.get(category) ?? 0) + 1);
      picked.push({ row, score: 0 });
    }
  }
  return picked;
}

/** The row whose categories were shown least, on average over its categories; the first of equals. */
function leastShown(rows: readonly number[], items: readonly Item[], shown: ReadonlyMap<string, number>): number {
  let best = rows[0] as number;
  let least = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const categories = items[row]?.categories ?? [];
    const timesShown = categories.reduce((sum, category) => sum + (shown.get(category) ?? 0), 0) / Math.max(1, categories.length);
    if (timesShown < least) {
      least = timesShown;
      best = row;
    }
  }
  return best;
}
