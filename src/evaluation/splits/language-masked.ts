// The split that tests what this project is for: does a taste shown in some languages carry over to items in others? The same
// users are asked for the same items among the same candidates, once with a history in other languages and once in the same.
import { countBy } from '../../base/group-by.ts';
import { type RandomSource, randomBelow, seededRandom, shuffle } from '../../base/random.ts';
import type { Item } from '../../base/types.ts';
import { primaryLanguage } from '../../language/tags.ts';
import { likesByUser } from '../log.ts';
import type { EvaluationCase, InteractionLog, Split } from '../types.ts';
import { checkLanguages } from './by-item.ts';
import { caseOf, checkCount, finishSplit, randomRanks, trainOf, userFolds } from './common.ts';

/** Random orders of the languages that are tried. */
const ORDERS = 32;

/** `cross`: the history is of the other side than the candidates. `same`: of their side. */
type MaskedCase = 'cross' | 'same';
/** From the side of a `cross` history to the side of the candidates. */
type MaskedDirection = 'a-to-b' | 'b-to-a';

export interface LanguageMaskedOptions {
  seed: number;
  /** Items in a history. Default 5. */
  historyCount?: number;
  /** Users are dealt into this many folds; one is held out of training. Default 5. */
  folds?: number;
  /** The held-out fold, from 0. Default: every fold in turn. */
  fold?: number;
}

export interface LanguageMaskedSplit extends Split {
  case: MaskedCase;
}

/**
 * Each item is shown in one language drawn from its own (`drawLanguages`), each language is on side A or B (`drawSides`).
 * For a direction A → B a user of the held-out fold needs n items in A and n + 1 in B; others are counted as left out. Of the
 * user's B items n are drawn; the others are relevant in both cases. `cross`: the history is n items drawn from A, and the
 * n drawn B items are excluded. `same`: the history is the n drawn B items. Candidates are all items of B. So cross and same
 * differ only in the language of the history, and the ratio of their scores says what is lost between languages.
 *
 * @param items [items] the catalogue
 * @returns for each fold: cross and same from A to B, cross and same from B to A; folds and directions without a user left out
 * @throws evaluation-empty, bad-argument
 */
export function languageMasked(log: InteractionLog, items: readonly Item[], options: LanguageMaskedOptions): LanguageMaskedSplit[] {
  const { seed, historyCount = 5, folds = 5, fold: onlyFold } = options;
  checkLanguages(log, items);
  checkCount(historyCount, 1, 'historyCount');
  checkCount(folds, 2, 'folds');
  const random = seededRandom(seed);
  const shownLanguages = drawLanguages(items, random);
  const sides = drawSides(shownLanguages, random);
  const likes = likesByUser(log);
  const foldOf = userFolds(likes.length, folds, random);
  const ranks = likes.map((entry) => randomRanks(entry.items.length, random));

  /** [places] how many places of the same side come before in the random order: those below n are n items drawn from a side. */
  const sideRanks = likes.map((entry, user) => {
    const rank = ranks[user] ?? new Int32Array(0);
    const order = [...rank.keys()].sort((x, y) => (rank[x] as number) - (rank[y] as number));
    const seen = [0, 0];
    const result = new Int32Array(rank.length);
    for (const at of order) {
      const side = sides.sideOf[entry.items[at] as number] as number;
      result[at] = seen[side] as number;
      seen[side] = (seen[side] as number) + 1;
    }
    return { result, seen };
  });

  const casesOf = (user: number, from: number, to: number): Record<MaskedCase, EvaluationCase> | undefined => {
    const entry = likes[user];
    const ranked = sideRanks[user];
    if (!entry || !ranked || (ranked.seen[from] as number) < historyCount || (ranked.seen[to] as number) <= historyCount) return undefined;
    const on = (side: number, at: number): boolean => sides.sideOf[entry.items[at] as number] === side;
    const first = (at: number): boolean => (ranked.result[at] as number) < historyCount;
    const relevant = (at: number): boolean => on(to, at) && !first(at);
    const cross = caseOf(user, entry, (at) => on(from, at) && first(at), relevant);
    const same = caseOf(user, entry, (at) => on(to, at) && first(at), relevant);
    return { cross: { ...cross, excluded: same.history }, same };
  };

  const splitsOf = (fold: number, direction: MaskedDirection): LanguageMaskedSplit[] => {
    const [from, to] = direction === 'a-to-b' ? [0, 1] : [1, 0];
    const tested = [...likes.keys()].filter((user) => foldOf[user] === fold);
    const both = tested.map((user) => casesOf(user, from, to)).filter((cases) => cases !== undefined);
    const train = trainOf(likes, log.itemCount, (user) => foldOf[user] !== fold);
    const candidates = sides.sideOf.map((side) => (side === to ? 1 : 0));
    return (['cross', 'same'] as const).map((which) => {
      const split: LanguageMaskedSplit = {
        name: `language-masked-${which}-${direction}`,
        seed,
        train,
        cases: both.map((cases) => cases[which]),
        candidates,
        shownLanguages,
        promises: {
          unseenUsers: true,
          historyLanguages: (which === 'cross') === (direction === 'a-to-b') ? sides.a : sides.b,
          candidateLanguages: direction === 'a-to-b' ? sides.b : sides.a,
        },
        leftOutUsers: tested.length - both.length,
        case: which,
      };
      return split;
    });
  };

  const chosen = onlyFold === undefined ? Array.from({ length: folds }, (_, fold) => fold) : [onlyFold];
  const splits = chosen.flatMap((fold) => [...splitsOf(fold, 'a-to-b'), ...splitsOf(fold, 'b-to-a')]);
  const usable = splits.filter(({ cases }) => cases.length > 0);
  const [first] = splits;
  if (usable.length === 0 && first)
    finishSplit(first, first.leftOutUsers ?? 0, 'Use a smaller historyCount, fewer folds, or a log with more items a user.');
  return usable;
}

/** @returns [items] the language in which each item is shown: one of its own and its translations', each as likely */
export function drawLanguages(items: readonly Item[], random: RandomSource): string[] {
  const drawn = items.map(({ language }) => language);
  for (const row of shuffle([...items.keys()], random)) {
    const { language, translations = {} } = items[row] as Item;
    const tags = [...new Set([language, ...Object.keys(translations)])].sort();
    drawn[row] = tags[randomBelow(tags.length, random)] as string;
  }
  return drawn;
}

interface LanguageSides {
  a: readonly string[];
  b: readonly string[];
  /** [items] 0: side A, 1: side B */
  sideOf: Uint8Array;
}

/**
 * Puts every language on side A or B. Tags of one language (`pt`, `pt-BR`) stay together, or the sides would share a
 * language. Each of 32 random orders of the languages is dealt out, each language to the side with fewer items; the order with
 * the most equal sides is taken.
 *
 * @param drawn [items] language of each item
 */
export function drawSides(drawn: readonly string[], random: RandomSource): LanguageSides {
  const counts = countBy(drawn.map(primaryLanguage));
  const languages = [...counts.keys()].sort();
  let best: { gap: number; sides: Map<string, number> } | undefined;
  for (let turn = 0; turn < ORDERS; turn++) {
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
  const sideOf = Uint8Array.from(drawn, (tag) => best?.sides.get(primaryLanguage(tag)) ?? 0);
  const tags = [...new Set(drawn)].sort();
  const on = (side: number): string[] => tags.filter((tag) => best?.sides.get(primaryLanguage(tag)) === side);
  return { a: on(0), b: on(1), sideOf };
}
