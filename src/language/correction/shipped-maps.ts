// Maps that ship with the encoder, learnt once from translations of other texts (scripts/adapter/build_adapter.py): they remove what is
// left of a language after its mean was taken out. y becomes y + (y L) R with L [d × rank] and R [rank × d], 8 bits a value.
import { RecommenderError } from '../../base/errors.ts';
import { groupBy } from '../../base/group-by.ts';
import { nearestTag } from '../tags.ts';
import { gatherRows, multiplyRows } from './matrix.ts';

/** y ↦ y + (y L) R. */
export interface LowRankMap {
  rank: number;
  /** L [d × rank], then R [rank × d], row-major. */
  factors: Int8Array;
  /** One a component, of L [rank], then of R [rank]; a value is its 8 bits times the step. */
  steps: Float32Array;
}

export interface ShippedMaps {
  byTag: ReadonlyMap<string, LowRankMap>;
}

/**
 * Cuts the file of maps: all steps (float32 LE; per language of L [rank], of R [rank]), then all factors (int8).
 * @throws bad-manifest when the size does not fit
 */
export function readShippedMaps(
  bytes: Uint8Array,
  { dimensions: d, languages, rank }: { dimensions: number; languages: readonly string[]; rank: number },
): ShippedMaps {
  const stepBytes = languages.length * 2 * rank * 4;
  const length = 2 * rank * d;
  if (bytes.byteLength !== stepBytes + languages.length * length) {
    throw new RecommenderError(
      'bad-manifest',
      `The maps of ${languages.length} languages have ${bytes.byteLength} bytes instead of ${stepBytes + languages.length * length}. Take the model's folder from the package again.`,
    );
  }
  const own = bytes.slice();
  const steps = new Float32Array(own.buffer, 0, stepBytes / 4);
  const factors = new Int8Array(own.buffer, stepBytes);
  return {
    byTag: new Map(
      languages.map((tag, i) => [
        tag,
        { rank, factors: factors.slice(i * length, (i + 1) * length), steps: steps.slice(i * 2 * rank, (i + 1) * 2 * rank) },
      ]),
    ),
  };
}

/** The map of the nearest tag in the same script. */
export function mapOfTag({ byTag }: ShippedMaps, tag: string): LowRankMap | undefined {
  return byTag.get(nearestTag(tag, [...byTag.keys()]) ?? '');
}

/** Applies each row's map, in place; rows are not made unit length. @param maps one a row; undefined: none @param x [rows × d] */
export function applyMaps(x: Float32Array, d: number, maps: readonly (LowRankMap | undefined)[]): void {
  for (const [map, rows] of groupBy(maps.keys(), (row) => maps[row])) {
    if (!map) continue;
    const own = gatherRows(x, rows, d);
    const { left, right } = factorsOf(map, d);
    const change = multiplyRows(multiplyRows(own, left, d, map.rank), right, map.rank, d);
    rows.forEach((row, i) => {
      for (let j = 0; j < d; j++) x[row * d + j] = (own[i * d + j] as number) + (change[i * d + j] as number);
    });
  }
}

interface Factors {
  left: Float32Array;
  right: Float32Array;
}

/** Maps as float32, made when first used: 200 KB a language. */
const unpacked = new WeakMap<LowRankMap, Factors>();

function factorsOf(map: LowRankMap, d: number): Factors {
  const known = unpacked.get(map);
  if (known) return known;
  const made = unpack(map, d);
  unpacked.set(map, made);
  return made;
}

function unpack({ rank, factors, steps }: LowRankMap, d: number): Factors {
  const left = new Float32Array(d * rank);
  const right = new Float32Array(rank * d);
  for (let i = 0; i < d; i++) for (let r = 0; r < rank; r++) left[i * rank + r] = (factors[i * rank + r] as number) * (steps[r] as number);
  for (let r = 0; r < rank; r++) {
    const step = steps[rank + r] as number;
    for (let i = 0; i < d; i++) right[r * d + i] = (factors[(rank + r) * d + i] as number) * step;
  }
  return { left, right };
}
