// The split the product stands or falls by: is taste shown in some languages carried over to items in others? The same
// users, candidates and relevant items are asked once with a history across languages and once within.
import { seededRandom } from '../../base/random.ts';
import type { Item } from '../../base/types.ts';
import { likesByUser } from '../log.ts';
import type { EvaluationCase, InteractionLog, Split } from '../types.ts';
import { checkLanguages } from './by-item.ts';
import { caseOf, checkCount, finishSplit, randomRanks, trainOf, userFolds } from './common.ts';
import { drawLanguages, drawSides, type MaskingBalance } from './masking.ts';

/** `cross`: history from the other side than the candidates. `same`: from their side. */
export type MaskedCase = 'cross' | 'same';
/** From the side of a `cross` history to the side of the candidates. */
export type MaskedDirection = 'a-to-b' | 'b-to-a';

export interface LanguageMaskedOptions {
  seed: number;
  /** Items in a history. Default 5. */
  historyCount?: number;
  /** Users are dealt into this many folds; one is held out of training. Default 5. */
  folds?: number;
  /** The held-out fold, 0-based; left out: one split a fold. */
  fold?: number;
  /** Languages in which items may be shown; left out: all. Items without one of them are no candidates and no history. */
  allowedLanguages?: readonly string[];
  /** Default `uniform`. */
  balance?: MaskingBalance;
}

export interface LanguageMaskedSplit extends Split {
  case: MaskedCase;
  direction: MaskedDirection;
  fold: number;
}

/**
 * Each item is shown in one language drawn from its own (`drawLanguages`), each language is on side A or B (`drawSides`).
 * For a direction A → B a user of the held-out fold needs n items in A and n + 1 in B, else is left out and counted. Of the
 * user's B items n are drawn; the others are relevant in both cases. `cross`: the history is n items drawn from A, and the
 * n drawn B items are excluded. `same`: the history is the n drawn B items. Candidates are all items of B. So cross and same
 * differ in the language of the history alone, and the ratio of their scores is what is lost between languages.
 *
 * @param items [items] the catalogue
 * @returns for each fold: cross and same from A to B, cross and same from B to A; folds and directions without a user left out
 * @throws evaluation-empty, bad-argument
 */
export function languageMasked(log: InteractionLog, items: readonly Item[], options: LanguageMaskedOptions): LanguageMaskedSplit[] {
  const { seed, historyCount = 5, folds = 5, fold: onlyFold, allowedLanguages, balance } = options;
  checkLanguages(log, items);
  checkCount(historyCount, 1, 'historyCount');
  checkCount(folds, 2, 'folds');
  const random = seededRandom(seed);
  const drawn = drawLanguages(items, random, allowedLanguages, balance);
  const sides = drawSides(drawn, random);
  const likes = likesByUser(log);
  const foldOf = userFolds(likes.length, folds, random);
  const ranks = likes.map((entry) => randomRanks(entry.items.length, random));
  const shownLanguages = drawn.map((tag, row) => tag ?? items[row]?.language ?? '');

  /** [places] how many places of the same side come before in the random order: "below n" is n items drawn from a side. */
  const sideRanks = likes.map((entry, user) => {
    const rank = ranks[user] ?? new Int32Array(0);
    const order = [...rank.keys()].sort((x, y) => (rank[x] as number) - (rank[y] as number));
    const seen = [0, 0, 0];
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
        direction,
        fold,
      };
      return split;
    });
  };

  const chosen = onlyFold === undefined ? Array.from({ length: folds }, (_, fold) => fold) : [onlyFold];
  const splits = chosen.flatMap((fold) => [...splitsOf(fold, 'a-to-b'), ...splitsOf(fold, 'b-to-a')]);
  const usable = splits.filter(({ cases }) => cases.length > 0);
  const [first] = splits;
  if (usable.length === 0 && first) finishSplit(first, 'Use a smaller historyCount, fewer folds, or a log with more items a user.');
  return usable;
}
