// Training sets put together and taken apart, so that one training can learn from a log and from what translations add.
import { RecommenderError } from '../base/errors.ts';
import { rowsOf } from '../head/heads.ts';
import type { TrainingSet } from '../head/types.ts';

/**
 * The examples of `a`, then those of `b`. Items are kept once where both sets have the very same array.
 * `itemGroup` is not joined: set it on what is returned.
 * @param samePersons whether a person's number means the same in both; else those of `b` come after those of `a`
 * @throws bad-argument when only one has given negatives, or not as many each; bad-vector when a length is no multiple of the dimensions
 */
export function joinSets(a: TrainingSet, b: TrainingSet, dimensions: number, { samePersons = false }: { samePersons?: boolean } = {}): TrainingSet {
  const [ofA, ofB] = [negativesEach(a), negativesEach(b)];
  if (ofA !== ofB)
    throw new RecommenderError('bad-argument', `Sets with ${ofA} and ${ofB} given negatives an example cannot be joined. Give both as many.`, {
      ofA,
      ofB,
    });
  const itemShift = a.items === b.items ? 0 : rowsOf(a.items, dimensions);
  const [personsA, personsB] = [a.person ?? a.userRow, b.person ?? b.userRow];
  const personShift = samePersons ? 0 : 1 + personsA.reduce((most, person) => Math.max(most, person), -1);
  return {
    users: joinFloats(a.users, b.users),
    items: a.items === b.items ? a.items : joinFloats(a.items, b.items),
    userRow: joinRows(a.userRow, b.userRow, rowsOf(a.users, dimensions)),
    itemRow: joinRows(a.itemRow, b.itemRow, itemShift),
    label: joinFloats(a.label, b.label),
    weight: joinFloats(a.weight, b.weight),
    person: joinRows(personsA, personsB, personShift),
    ...(a.negatives && b.negatives && { negatives: joinRows(a.negatives, b.negatives, itemShift) }),
  };
}

/** Those examples whose item's language is kept; vectors are shared, not copied. @param languageOf tag of a row of `set.items` */
export function examplesIn(set: TrainingSet, languageOf: (itemRow: number) => string, keep: (tag: string) => boolean): TrainingSet {
  const kept = Int32Array.from(set.itemRow.keys()).filter((example) => keep(languageOf(set.itemRow[example] as number)));
  const k = negativesEach(set);
  const { negatives, person } = set;
  return {
    ...set,
    userRow: kept.map((example) => set.userRow[example] as number),
    itemRow: kept.map((example) => set.itemRow[example] as number),
    label: Float32Array.from(kept, (example) => set.label[example] as number),
    weight: Float32Array.from(kept, (example) => set.weight[example] as number),
    ...(person && { person: kept.map((example) => person[example] as number) }),
    ...(negatives && { negatives: Int32Array.from(Array.from(kept).flatMap((example) => [...negatives.subarray(example * k, (example + 1) * k)])) }),
  };
}

function negativesEach({ negatives, label }: TrainingSet): number {
  return negatives && label.length > 0 ? negatives.length / label.length : 0;
}

function joinFloats(a: Float32Array, b: Float32Array): Float32Array {
  const out = new Float32Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

function joinRows(a: Int32Array, b: Int32Array, shift: number): Int32Array {
  const out = new Int32Array(a.length + b.length);
  out.set(a);
  out.set(
    b.map((row) => row + shift),
    a.length,
  );
  return out;
}
