// What each field of an item may hold: one schema per field, which turns a value from a file into a value of the item.
// Files are not trusted: nothing unknown passes these schemas.
import * as v from 'valibot';
import { cleanText } from './clean.ts';

export const FIELD_NAMES = [
  'id',
  'language',
  'title',
  'description',
  'translations',
  'categories',
  'creator',
  'kind',
  'country',
  'attributes',
  'published',
  'popularity',
  'link',
  'image',
  'license',
  'attribution',
] as const;
export type FieldName = (typeof FIELD_NAMES)[number];

const scalar = (message: string) => v.pipe(v.union([v.string(), v.pipe(v.number(), v.finite())], message), v.transform(String));

/** A string or number, cleaned. */
export const textSchema = v.pipe(
  scalar('is not text'),
  v.transform((value) => cleanText(value)),
);

export const idSchema = v.pipe(
  scalar('is not a string or a number'),
  v.transform((value) => value.replace(/\p{Cc}|\p{Cs}/gu, '').trim()),
);

export const languageSchema = v.pipe(v.string('is not text'), v.trim());

const SEPARATORS = /[;|,；，、،]/;
export const categoriesSchema = v.pipe(
  v.union(
    [
      v.array(scalar('is not text')),
      v.pipe(
        scalar('is not text'),
        v.transform((list) => list.split(SEPARATORS)),
      ),
    ],
    'is neither a list nor text',
  ),
  v.transform((list) => [...new Set(list.map((entry) => cleanText(entry)).filter((entry) => entry !== ''))]),
);

export const creatorSchema = v.union(
  [
    textSchema,
    v.pipe(
      v.array(textSchema),
      v.transform((names) => names.filter(Boolean).join(', ')),
    ),
  ],
  'is neither text nor a list of names',
);

/** ISO 3166-1 alpha-2 by form; whether the code is assigned is not checked. */
export const countrySchema = v.pipe(v.string('is not text'), v.trim(), v.toUpperCase(), v.regex(/^[A-Z]{2}$/, 'is not a code of two letters'));

const ISO_DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ]\d\d(?::?\d\d){1,2}(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)?)?)?$/;

function isDate(text: string): boolean {
  const [, year, month = '01', day = '01'] = ISO_DATE.exec(text) ?? [];
  if (year === undefined) return false;
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day);
}

export const publishedSchema = v.pipe(scalar('is not a year or date'), v.trim(), v.check(isDate, 'is not a year or an ISO 8601 date'));

/** Parsed as a browser parses it: "java\nscript:" is javascript. Relative addresses get the scheme of the base. */
function isWebAddress(text: string): boolean {
  if (text === '') return false;
  try {
    const { protocol } = new URL(text, 'https://relative.invalid/');
    return protocol === 'https:' || protocol === 'http:';
  } catch {
    return false;
  }
}

export const addressSchema = v.pipe(
  v.string('is not text'),
  v.transform((value) => value.replace(/\p{Cc}|\p{Cs}/gu, '').trim()),
  v.check(isWebAddress, 'is not an http, https or relative address'),
);

/** A number, or text that is one, as in CSV. */
export const numberSchema = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.trim(), v.regex(/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i), v.transform(Number))], 'is not a number'),
  v.finite('is not a finite number'),
);

/** A count such as sales, views or ratings. */
export const popularitySchema = v.pipe(numberSchema, v.minValue(0, 'is below 0'));

function parseIfObjectText(value: unknown): unknown {
  if (typeof value !== 'string' || !value.trimStart().startsWith('{')) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** An object, or its JSON in a CSV cell. Its entries are checked one by one. */
export const objectSchema = v.pipe(
  v.unknown(),
  v.transform(parseIfObjectText),
  v.custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'is not an object'),
);

/** What to do when a field does not pass. */
export const REMEDIES: Readonly<Record<FieldName, string>> = {
  id: 'Give each row an id of its own, as text or as a number.',
  language: 'Use a BCP-47 tag such as "en", "pt-BR" or "zh-Hant".',
  title: 'Give the row a title.',
  description: 'Write the description as text.',
  translations: 'Write translations as {"de": {"title": "…", "description": "…"}}, or as columns title.de and description.de.',
  categories: 'Write categories as a list of texts, or as text with ; between them.',
  creator: 'Write the creator as text.',
  kind: 'Write the kind as one word.',
  country: 'Use a code of ISO 3166-1 such as "KE" or "BR".',
  attributes: 'Write the number with a point and without thousands separators, such as 1234.5.',
  published: 'Write a year such as 1998, or a date such as 1998-05-31.',
  popularity: 'Write a count of 0 or more without thousands separators, such as 12500.',
  link: 'Use an address that starts with https://, or a relative one.',
  image: 'Use an address that starts with https://, or a relative one.',
  license: 'Write the licence as text, best as an SPDX identifier such as "CC-BY-4.0".',
  attribution: 'Write the attribution as text.',
};
