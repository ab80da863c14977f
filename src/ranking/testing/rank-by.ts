// One list by a profile or by a head, with everything a reader may not see left out: what tests ask of the parts together.

import type { Ranked } from '../../compute/cpu/top-k.ts';
import { bitsetWhere } from '../../index/bitset.ts';
import { type HeadRanking, headSearch, type SearchableRows } from '../head-rank.ts';
import { type Candidates, rowFilter } from '../rank.ts';

const allowedBy = (candidates: Candidates) => bitsetWhere(candidates.items.length, rowFilter(candidates));

export function rankByProfile(index: SearchableRows, profile: Float32Array, k: number, candidates: Candidates): Promise<Ranked[]> {
  return index.search(profile, k, allowedBy(candidates));
}

export function rankByHead(index: SearchableRows, ranking: HeadRanking, k: number, candidates: Candidates): Promise<Ranked[]> {
  return headSearch(index, ranking)(k, allowedBy(candidates));
}
