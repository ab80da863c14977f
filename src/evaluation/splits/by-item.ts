// Splits that hold out items: some that nobody has rated yet, or all of one language.
import { RecommenderError } from '../../base/errors.ts';
import { sampleWithout, seededRandom } from '../../base/random.ts';
import { matchesLanguage } from '../../language/tags.ts';
import { likesByUser } from '../log.ts';
import type { InteractionLog, Split } from '../types.ts';
import { caseOf, checkShare, finishSplit, trainOf } from './common.ts';

/** What the cold items compete with: each other, or all items. */
export type ColdCandidates = 'cold' | 'all';

export interface ColdItemsOptions {
  seed: number;
  /** Share of the liked items that become cold. Default 0.2. */
  share?: number;
  /** Default `cold`. */
  candidates?: ColdCandidates;
}

/** @param more fields of the split @throws evaluation-empty, with `remedy` */
function splitByColdness(
  log: InteractionLog,
  cold: Uint8Array,
  { name, seed, candidates, remedy, ...more }: Pick<Split, 'name' | 'seed' | 'shownLanguages'> & { candidates: ColdCandidates; remedy: string },
): Split {
  const likes = likesByUser(log);
  const isCold = (user: number, at: number): boolean => cold[likes[user]?.items[at] ?? -1] === 1;
  const cases = likes.flatMap((entry, user) => {
    const one = caseOf(
      user,
      entry,
      (at) => !isCold(user, at),
      (at) => isCold(user, at),
    );
    return one.history.length > 0 && one.relevant.length > 0 ? [one] : [];
  });
  const split: Split = {
    ...more,
    name: candidates === 'cold' ? name : `${name}-among-all`,
    seed,
    train: trainOf(likes, log.itemCount, (user, at) => !isCold(user, at)),
    cases,
    ...(candidates === 'cold' ? { candidates: cold } : {}),
    promises: { coldItems: cold },
  };
  return finishSplit(split, likes.length, remedy);
}

/**
 * A random part of the liked items is absent from training. Users who like both cold and other items are asked for the cold ones.
 * The same seed holds out the same items for both kinds of candidates.
 * Source: Schein et al. 2002, "Methods and metrics for cold-start recommendations".
 *
 * @throws evaluation-empty, bad-argument
 */
export function coldItems(log: InteractionLog, { seed, share = 0.2, candidates = 'cold' }: ColdItemsOptions): Split {
  checkShare(share, 'share');
  const liked = new Uint8Array(log.itemCount);
  for (let at = 0; at < log.item.length; at++) if ((log.weight[at] as number) > 0) liked[log.item[at] as number] = 1;
  const rows = [...liked.keys()].filter((row) => liked[row] === 1);
  const cold = new Uint8Array(log.itemCount);
  for (const at of sampleWithout(rows.length, Math.ceil(share * rows.length), seededRandom(seed))) cold[rows[at] as number] = 1;
  return splitByColdness(log, cold, { name: 'cold-items', seed, candidates, remedy: 'Choose another share.' });
}

export interface ColdLanguageOptions {
  seed: number;
  /** BCP-47; `pt` includes `pt-BR`. */
  language: string;
  /** Default `all`: a new language competes with the known ones. */
  candidates?: ColdCandidates;
}

/**
 * No interaction with an item of `language` is in training. Users who like items of it and others are asked for those of it.
 *
 * @param languages [items] language in which each item is shown
 * @throws evaluation-empty, bad-argument
 */
export function coldLanguage(log: InteractionLog, languages: readonly string[], { seed, language, candidates = 'all' }: ColdLanguageOptions): Split {
  checkLanguages(log, languages);
  const cold = Uint8Array.from(languages, (tag) => (matchesLanguage(language, tag) ? 1 : 0));
  const remedy = 'Choose a language whose items are liked by users who also like items of other languages.';
  return splitByColdness(log, cold, { name: `cold-language-${language}`, seed, candidates, shownLanguages: languages, remedy });
}

/** @throws bad-argument unless there is one entry an item of the log's catalogue */
export function checkLanguages(log: InteractionLog, languages: readonly unknown[]): void {
  if (languages.length === log.itemCount) return;
  throw new RecommenderError(
    'bad-argument',
    `The log is for a catalogue of ${log.itemCount} items, but ${languages.length} were given. Give those of the same catalogue.`,
    { itemCount: log.itemCount, given: languages.length },
  );
}
