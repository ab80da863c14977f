// The reader as vectors: one of everything rated and one per language, so that taste shown in one language is not drowned by
// another. Old ratings count less; a language with few ratings takes most of its vector from all ratings.
import { RecommenderError } from '../base/errors.ts';
import { groupBy } from '../base/group-by.ts';
import type { FeedbackEvent, FeedbackKind } from '../base/types.ts';

/** Weight of the mean vector of each kind of rating: β and γ of Rocchio 1971; "not interested" is a weaker no. */
export const PROFILE_WEIGHTS: Readonly<Record<FeedbackKind, number>> = { like: 1, dislike: -0.5, hide: -0.2 };

/** A rating counts half after this time. Chosen, not measured: there was no log with times and texts in many languages. */
export const HALF_LIFE_MS = 180 * 24 * 3_600_000;

/** Likes of a language that weigh as much as the shared vector (k below). @see docs/decisions/2026-11-24-fusion-of-languages.md */
export const SHARED_STRENGTH = 10;

/** Older ratings count as if this old (a millionth), so that a sum without a new rating is more than rounding. */
const MOST_HALF_LIVES = 20;

export interface UserVectorOptions {
  /** Milliseconds since the epoch; ratings of the future count as of now. */
  nowMs: number;
  /** Above 0; Infinity: ratings never age. Default HALF_LIFE_MS. */
  halfLifeMs?: number;
  /** k: likes of a language that weigh as much as the shared vector; 0 or more. Default SHARED_STRENGTH. */
  strength?: number;
}

export interface UserVectors {
  /** [dimensions], unit length, from the ratings of all languages */
  shared: Float32Array;
  /** Language, or group of languages, with a like → [dimensions], unit length; in the order of the events */
  byLanguage: ReadonlyMap<string, Float32Array>;
  /** Σ of the likes' weights after decay: the reader's mix of languages. Keys as in `byLanguage`. */
  likes: ReadonlyMap<string, number>;
}

/**
 * w = 2^(−age / halfLife) of a rating, by its time in milliseconds since the epoch; ratings of the future count as of now.
 * @throws bad-argument when nowMs or halfLifeMs is out of range
 */
export function ageWeight({ nowMs, halfLifeMs = HALF_LIFE_MS }: Pick<UserVectorOptions, 'nowMs' | 'halfLifeMs'>): (timeMs: number) => number {
  if (!Number.isFinite(nowMs)) throw new RecommenderError('bad-argument', `nowMs is ${nowMs}; give milliseconds since the epoch.`, { nowMs });
  if (!(halfLifeMs > 0)) throw new RecommenderError('bad-argument', `halfLifeMs is ${halfLifeMs}; give a time above 0.`, { halfLifeMs });
  return (timeMs) => 2 ** -Math.min(Math.max(0, nowMs - timeMs) / halfLifeMs, MOST_HALF_LIVES);
}

/** The vectors of all ratings, and what they would be without some. */
export interface UserVectorSource {
  /** Places of the events that count: those whose item has a vector. */
  readonly counted: readonly number[];
  /**
   * @param left places of events to leave out; exact, in O(|left|) vector additions, and O(languages) more for `byLanguage`
   * @returns undefined when no like is left, or likes and dislikes cancel out
   */
  without(left: readonly number[]): UserVectors | undefined;
}

/**
 * Weight of an event of age a: w = 2^(−a / halfLife). Of a set of events, u = unit( Σ over kinds of weight(kind) · fade · Σ w·v / Σ w )
 * (Rocchio 1971, relevance feedback); fade of a kind is its mean w over that of the likes, 1 at most, so that old dislikes fade against fresh
 * likes also where they are alone. `shared` is u of all events. Of a language with likes,
 * U_L = unit( (n · u of its events + k · shared) / (n + k) ), n = Σ w of its likes: with few or old likes U_L is near the shared
 * vector, with many it is near its own (shrinkage of James and Stein 1961, k as prior sample size).
 *
 * @param languageOf language, or group of languages, of an item
 * @param vectorOf [dimensions] of an item, or undefined while it is not encoded
 * @throws bad-argument when nowMs, halfLifeMs or strength is out of range
 */
export function userVectorSource(
  events: readonly FeedbackEvent[],
  languageOf: (itemId: FeedbackEvent['itemId']) => string,
  vectorOf: (itemId: FeedbackEvent['itemId']) => Float32Array | undefined,
  dimensions: number,
  options: UserVectorOptions,
): UserVectorSource {
  const { strength = SHARED_STRENGTH } = options;
  const weightOf = ageWeight(options);
  checkStrength(strength);
  const evidence = new Map<number, Evidence>();
  events.forEach(({ itemId, kind, timeMs }, place) => {
    const vector = vectorOf(itemId);
    if (!vector) return;
    evidence.set(place, { language: languageOf(itemId), kind, vector, weight: weightOf(timeMs) });
  });
  const total = emptySums(dimensions);
  const all = new Map<string, Sums>();
  for (const one of evidence.values()) {
    const sums = all.get(one.language) ?? emptySums(dimensions);
    all.set(one.language, sums);
    add(sums, one, 1);
    add(total, one, 1);
  }
  return {
    counted: [...evidence.keys()],
    without(left) {
      const out = left.flatMap((place) => evidence.get(place) ?? []);
      const shared = direction(minus(total, out), dimensions);
      if (!shared) return undefined;
      const leftOutOf = groupBy(out, ({ language }) => language);
      return readerOf(shared, new Map([...all].map(([language, sums]) => [language, minus(sums, leftOutOf.get(language) ?? [])])), strength);
    },
  };
}

interface Evidence {
  language: string;
  kind: FeedbackKind;
  vector: Float32Array;
  weight: number;
}

/** Per kind: Σ w·v [dimensions], Σ w, and the number of events; only the number is exactly 0 when none is left. */
type Sums = Record<FeedbackKind, { sum: Float64Array; weight: number; count: number }>;

const KINDS: readonly FeedbackKind[] = ['like', 'dislike', 'hide'];

function emptySums(dimensions: number): Sums {
  const none = () => ({ sum: new Float64Array(dimensions), weight: 0, count: 0 });
  return { like: none(), dislike: none(), hide: none() };
}

function copyOf({ like, dislike, hide }: Sums): Sums {
  const copy = ({ sum, weight, count }: Sums[FeedbackKind]) => ({ sum: sum.slice(), weight, count });
  return { like: copy(like), dislike: copy(dislike), hide: copy(hide) };
}

function add(sums: Sums, { kind, vector, weight }: Evidence, sign: 1 | -1): void {
  const entry = sums[kind];
  entry.count += sign;
  entry.weight += sign * weight;
  for (let j = 0; j < entry.sum.length; j++) entry.sum[j] = (entry.sum[j] as number) + sign * weight * (vector[j] as number);
}

function minus(sums: Sums, out: readonly Evidence[]): Sums {
  if (out.length === 0) return sums;
  const rest = copyOf(sums);
  for (const one of out) add(rest, one, -1);
  return rest;
}

/** Vectors of languages are computed when first asked for: many callers need the shared one only. */
function readerOf(shared: Float64Array, byLanguage: ReadonlyMap<string, Sums>, strength: number): UserVectors {
  const withLikes = [...byLanguage].filter(([, { like }]) => like.count > 0);
  let vectors: ReadonlyMap<string, Float32Array> | undefined;
  return {
    shared: Float32Array.from(shared),
    likes: new Map(withLikes.map(([language, { like }]) => [language, like.weight])),
    get byLanguage() {
      vectors ??= new Map(
        withLikes.map(([language, sums]) => [language, shrunk(direction(sums, shared.length), shared, sums.like.weight, strength)]),
      );
      return vectors;
    },
  };
}

/** (n · own + k · shared) / (n + k), unit length; the shared vector where there is no own one or both cancel out. */
function shrunk(own: Float64Array | undefined, shared: Float64Array, n: number, k: number): Float32Array {
  if (!own) return Float32Array.from(shared);
  const mixed = unit(shared.map((value, j) => n * (own[j] as number) + k * value));
  return Float32Array.from(mixed ?? shared);
}

/** unit( Σ over kinds of weight · fade · mean ), see `userVectorSource`; undefined without a like or a direction. */
function direction(sums: Sums, dimensions: number): Float64Array | undefined {
  if (sums.like.count === 0) return undefined;
  const vector = new Float64Array(dimensions);
  const meanLike = sums.like.weight / sums.like.count;
  for (const kind of KINDS) {
    const { sum, weight, count } = sums[kind];
    if (count === 0 || weight <= 0) continue;
    const fade = kind === 'like' ? 1 : Math.min(1, weight / count / meanLike);
    const factor = (PROFILE_WEIGHTS[kind] * fade) / weight;
    for (let j = 0; j < dimensions; j++) vector[j] = (vector[j] as number) + factor * (sum[j] as number);
  }
  return unit(vector);
}

/** Shorter than this is rounding, not a direction: likes and dislikes cancelled out. */
const SHORTEST = 1e-6;

function unit(vector: Float64Array): Float64Array | undefined {
  let square = 0;
  for (let j = 0; j < vector.length; j++) square += (vector[j] as number) ** 2;
  const length = Math.sqrt(square);
  return length > SHORTEST ? vector.map((value) => value / length) : undefined;
}

function checkStrength(strength: number): void {
  if (strength >= 0 && Number.isFinite(strength)) return;
  throw new RecommenderError('bad-argument', `strength is ${strength}; give a number of likes, 0 or more.`, { strength });
}
