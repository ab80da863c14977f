// Shows each item in one language only and puts languages on two sides, so that a history in one language can be asked
// about items in others although the same interactions would join them.
import { type RandomSource, randomBelow, shuffle } from '../../base/random.ts';
import type { Item } from '../../base/types.ts';
import { matchesLanguage, primaryLanguage } from '../../language/tags.ts';

/** `uniform`: each language of an item is as likely. `least-shown`: the one that fewest items are shown in so far. */
export type MaskingBalance = 'uniform' | 'least-shown';

/**
 * Draws the language in which each item is shown, among its own and those of its translations.
 *
 * @param allowed only languages that match one of these; all when left out
 * @returns [items] a tag; undefined for an item without an allowed language
 */
export function drawLanguages(
  items: readonly Item[],
  random: RandomSource,
  allowed?: readonly string[],
  balance: MaskingBalance = 'uniform',
): (string | undefined)[] {
  const shown = new Map<string, number>();
  const drawn: (string | undefined)[] = items.map(() => undefined);
  const fits = (tag: string): boolean => !allowed || allowed.some((chosen) => matchesLanguage(chosen, tag));
  for (const row of shuffle([...items.keys()], random)) {
    const item = items[row];
    if (!item) continue;
    let tags = [...new Set([item.language, ...Object.keys(item.translations ?? {})])].filter(fits).sort();
    if (balance === 'least-shown') {
      const least = Math.min(...tags.map((tag) => shown.get(tag) ?? 0));
      tags = tags.filter((tag) => (shown.get(tag) ?? 0) === least);
    }
    const tag = tags[randomBelow(Math.max(1, tags.length), random)];
    if (tag === undefined) continue;
    drawn[row] = tag;
    shown.set(tag, (shown.get(tag) ?? 0) + 1);
  }
  return drawn;
}

export interface LanguageSides {
  a: readonly string[];
  b: readonly string[];
  /** [items] 0: side A, 1: side B, 2: neither (no allowed language) */
  sideOf: Uint8Array;
}

const TRIES = 32;

/**
 * Puts every language on side A or B. Tags of one language (`pt`, `pt-BR`) stay together, or the sides would share a
 * language. Of 32 random orders, each dealt to the side with fewer items, the one with the most equal sides is taken.
 *
 * @param drawn [items] as `drawLanguages` gives them
 */
export function drawSides(drawn: readonly (string | undefined)[], random: RandomSource): LanguageSides {
  const counts = new Map<string, number>();
  for (const tag of drawn) if (tag !== undefined) counts.set(primaryLanguage(tag), (counts.get(primaryLanguage(tag)) ?? 0) + 1);
  const languages = [...counts.keys()].sort();
  let best: { gap: number; sides: Map<string, number> } | undefined;
  for (let turn = 0; turn < TRIES; turn++) {
    const totals: [number, number] = [0, 0];
    const sides = new Map<string, number>();
    for (const language of shuffle([...languages], random)) {
      const side = totals[0] === totals[1] ? randomBelow(2, random) : totals[0] < totals[1] ? 0 : 1;
      sides.set(language, side);
      totals[side as 0 | 1] += counts.get(language) ?? 0;
    }
    const gap = Math.abs(totals[0] - totals[1]);
    if (!best || gap < best.gap) best = { gap, sides };
  }
  const sideOf = Uint8Array.from(drawn, (tag) => (tag === undefined ? 2 : (best?.sides.get(primaryLanguage(tag)) ?? 2)));
  const tags = [...new Set(drawn.filter((tag) => tag !== undefined))].sort();
  const on = (side: number): string[] => tags.filter((tag) => best?.sides.get(primaryLanguage(tag)) === side);
  return { a: on(0), b: on(1), sideOf };
}
