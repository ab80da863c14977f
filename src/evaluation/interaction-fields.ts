// The names of an interaction log's columns and the forms of their values. A value in another form becomes a problem of its row; it
// is never guessed.

export type InteractionField = 'user' | 'item' | 'rating' | 'weight' | 'time' | 'position';

/** Keys without case, spaces and punctuation. `rating` is a scale and `weight` a strength: see `ratingThreshold`. */
const FIELD_BY_NAME: Readonly<Record<string, InteractionField>> = {
  user: 'user',
  userid: 'user',
  item: 'item',
  itemid: 'item',
  rating: 'rating',
  weight: 'weight',
  value: 'weight',
  timestamp: 'time',
  time: 'time',
  date: 'time',
  position: 'position',
};

/** Field → column index; the first column where several have the field. */
export type InteractionColumns = ReadonlyMap<InteractionField, number>;

/** Finds the columns: `User ID`, `user_id` and `user` are the same. */
export function interactionColumns(names: readonly string[]): InteractionColumns {
  const columns = new Map<InteractionField, number>();
  names.forEach((name, at) => {
    const key = name.toLowerCase().replace(/[^a-z]/g, '');
    const field = Object.hasOwn(FIELD_BY_NAME, key) ? FIELD_BY_NAME[key] : undefined;
    if (field !== undefined && !columns.has(field)) columns.set(field, at);
  });
  return columns;
}

/** An id as text; a number in its shortest decimal form. Undefined where there is none. */
export function readId(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string') return undefined;
  const id = value.replace(/\p{Cc}/gu, '').trim();
  return id === '' ? undefined : id;
}

/** True for a cell that states nothing. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** A finite number, or text that is one. */
export function readNumber(value: unknown): number | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0;
  const number = typeof value === 'string' && DECIMAL.test(value.trim()) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

const ISO_8601 = /^(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)\s?(Z|[+-]\d\d(?::?\d\d)?)?)?)?$/i;
/** In seconds the year 5138, in milliseconds March 1973: no log in seconds is above it and none in milliseconds below. */
const FIRST_MILLISECONDS = 1e11;

/**
 * Reads a time. A number (or its text) is a time since 1970-01-01T00:00Z: in seconds when its size is below 10¹¹, else in
 * milliseconds. Other text is ISO 8601: `2024-05`, `2024-05-31`, `2024-05-31T10:20[:30[.5]]`, with `Z` or an offset; a time
 * without one is UTC. A year alone is read as a number of seconds, so write `2024-01`.
 *
 * @returns milliseconds since the epoch, or undefined
 */
export function readTimeMs(value: unknown): number | undefined {
  const number = typeof value === 'boolean' ? undefined : readNumber(value);
  if (number !== undefined) return Math.abs(number) < FIRST_MILLISECONDS ? number * 1000 : number;
  if (typeof value !== 'string') return undefined;
  const [, year, month, day = '01', clock = '00:00', zone = 'Z'] = ISO_8601.exec(value.trim()) ?? [];
  if (year === undefined || month === undefined) return undefined;
  const offset = /^z$/i.test(zone) ? 'Z' : zone.replace(/^(...):?(\d\d)?$/, (_all, hours: string, minutes = '00') => `${hours}:${minutes}`);
  const timeMs = Date.parse(`${year}-${month}-${day}T${clock.replace(',', '.')}${offset}`);
  // Date.parse reads 30 February as 1 March.
  const real = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return Number.isNaN(timeMs) || real.getUTCDate() !== Number(day) ? undefined : timeMs;
}

/**
 * The rating from which an item counts as liked: three quarters of the way from the lowest to the highest that occurs, so 4 on
 * a scale of 1 to 5, 8 on 1 to 10, 4 on 0.5 to 5 in half steps. A column `rating` with one or two values is no scale
 * (1 and 0, 1 and −1): above 0 is positive, as with a weight.
 *
 * @returns the least rating that is positive, or undefined when the values are no scale
 */
export function ratingThreshold(ratings: Iterable<number>): number | undefined {
  const values = new Set(ratings);
  if (values.size <= 2) return undefined;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  return lowest + 0.75 * (highest - lowest);
}
