// The form in which every stage of ranking asks for items: a search over the rows that a bitset allows. Stages are put around
// it, so that none of them knows whether an index, a head or a fused list answers.

import type { RowBitset } from '../compute/backend.ts';
import type { Ranked } from '../compute/cpu/top-k.ts';

/**
 * Best k of the allowed rows: higher score first, ties by row; fewer only where fewer are allowed. k from 1 to MAX_K.
 * @param allowed [ceil(rows / 32)]
 */
export type Search = (k: number, allowed: RowBitset) => Promise<Ranked[]>;
