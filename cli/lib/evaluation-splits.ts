// The splits by their names on the command line. Splits of one group are measured as one table.
import { groupBy } from '../../src/base/group-by.ts';
import type { Item } from '../../src/base/types.ts';
import { coldItems, coldLanguage } from '../../src/evaluation/splits/by-item.ts';
import { globalTemporal } from '../../src/evaluation/splits/by-time.ts';
import { fewRatings, kFoldUsers, leaveLastOut } from '../../src/evaluation/splits/by-user.ts';
import { languageMasked } from '../../src/evaluation/splits/language-masked.ts';
import { assertNoLeakage } from '../../src/evaluation/splits/leakage.ts';
import type { InteractionLog, Split } from '../../src/evaluation/types.ts';
import { UsageError } from './command.ts';

export const SPLIT_NAMES = 'leave-last-out, k-fold, temporal, cold-items, cold-language:TAG, few-ratings, language-masked';

/** Splits whose results are pooled into one table. */
export interface SplitGroup {
  name: string;
  splits: readonly Split[];
}

/** @throws UsageError for an unknown name; evaluation-empty; checks that nothing leaks */
export function splitGroups(name: string, log: InteractionLog, items: readonly Item[], seed: number): SplitGroup[] {
  const groups = makeGroups(name, log, items, seed);
  for (const { splits } of groups) for (const split of splits) assertNoLeakage(split, log);
  return groups;
}

function makeGroups(name: string, log: InteractionLog, items: readonly Item[], seed: number): SplitGroup[] {
  const one = (split: Split): SplitGroup[] => [{ name: split.name, splits: [split] }];
  const [kind, language] = name.split(':');
  switch (kind) {
    case 'leave-last-out':
      return one(leaveLastOut(log, { seed }));
    case 'k-fold':
      return [{ name: 'k-fold', splits: kFoldUsers(log, { seed }) }];
    case 'temporal':
      return one(globalTemporal(log, { seed }));
    case 'cold-items':
      return one(coldItems(log, { seed }));
    case 'cold-language': {
      const languages = items.map((item) => item.language);
      if (!language) throw new UsageError('--split cold-language needs a language, such as cold-language:sw.');
      return one(coldLanguage(log, languages, { seed, language }));
    }
    case 'few-ratings':
      return fewRatings(log, { seed }).flatMap(one);
    case 'language-masked': {
      const byName = groupBy(languageMasked(log, items, { seed }), (split) => split.name);
      return [...byName].map(([group, splits]) => ({ name: group, splits }));
    }
    default:
      throw new UsageError(`--split ${name} is unknown. There are: ${SPLIT_NAMES}.`);
  }
}
