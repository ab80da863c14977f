// Turns a raw row into an item, field by field, and reports what it could not use. Only a missing or unusable title or an unusable id
// keeps a row out; any other bad field is left out by itself.
import * as v from 'valibot';
import { canonicalTag } from '../base/language-tag.ts';
import type { Item, ItemText } from '../base/types.ts';
import {
  addressSchema,
  categoriesSchema,
  countrySchema,
  creatorSchema,
  type FieldName,
  idSchema,
  languageSchema,
  numberSchema,
  objectSchema,
  popularitySchema,
  publishedSchema,
  REMEDIES,
  textSchema,
} from './fields.ts';
import type { ColumnPlan } from './header-mapping.ts';
import type { Finding } from './problems.ts';
import type { RawRow } from './rows.ts';
import { itemText } from './text.ts';

/** An item whose id may still have to be derived from its content. */
export interface Draft {
  id: string | undefined;
  /** The tag as stated in the file, canonical; '' when none was. Part of a derived id, which no detector may change. */
  statedLanguage: string;
  item: Omit<Item, 'id'>;
}

interface ValidationContext {
  detectLanguage: ((text: string) => string | undefined) | undefined;
  report: (finding: Finding) => void;
}

type Cells = Partial<Record<FieldName, unknown>>;

interface Sorted {
  cells: Cells;
  /** Parts of translations from columns such as title.de. */
  parts: Map<string, Partial<ItemText>>;
  attributes: [name: string, value: unknown][];
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
/** ZWJ and ZWNJ stay in cleaned texts; a text of nothing else shows nothing. */
const isUnreadable = (text: string): boolean => !/[^\s\u200C\u200D]/u.test(text);

function sortCells(raw: RawRow, plan: ColumnPlan, report: ValidationContext['report']): Sorted {
  const sorted: Sorted = { cells: {}, parts: new Map(), attributes: [] };
  plan.targets.forEach((target, at) => {
    const value = raw.values[at];
    if (!target || isAbsent(value)) return;
    if (target.kind === 'field') sorted.cells[target.field] = value;
    else if (target.kind === 'attribute') sorted.attributes.push([target.name, value]);
    else {
      const text = v.safeParse(textSchema, value);
      const part = sorted.parts.get(target.language) ?? {};
      if (text.success) sorted.parts.set(target.language, { ...part, [target.part]: text.output });
      else
        report({
          field: `${target.part}.${target.language}`,
          value,
          message: 'The translation is not text.',
          remedy: REMEDIES.translations,
          severity: 'warning',
        });
    }
  });
  return sorted;
}

/** Reads one optional field; a value that does not pass is reported and counts as absent. */
function optional<Output>(
  cells: Cells,
  field: FieldName,
  schema: v.GenericSchema<unknown, Output>,
  report: ValidationContext['report'],
): Output | undefined {
  const value = cells[field];
  if (value === undefined) return undefined;
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  report({
    field,
    value,
    message: `${field} ${parsed.issues[0].message}; it was left out.`,
    remedy: REMEDIES[field],
    severity: 'warning',
  });
  return undefined;
}

function attributesOf({ cells, attributes }: Sorted, report: ValidationContext['report']): Record<string, number> | undefined {
  const whole = optional(cells, 'attributes', objectSchema, report) ?? {};
  const numbers = new Map<string, number>();
  for (const [name, value] of [...Object.entries(whole), ...attributes]) {
    if (isAbsent(value)) continue;
    const parsed = v.safeParse(numberSchema, value);
    if (parsed.success) numbers.set(name, parsed.output);
    else {
      const message = `The attribute "${name}" ${parsed.issues[0].message}; it was left out.`;
      report({ field: `attributes.${name}`, value, message, remedy: REMEDIES.attributes, severity: 'warning' });
    }
  }
  return numbers.size > 0 ? Object.fromEntries(numbers) : undefined;
}

/** A translation as found: an object with title and description, or its title alone. */
function translationOf(value: unknown): Partial<ItemText> | undefined {
  if (typeof value === 'string') return { title: v.parse(textSchema, value) };
  const entry = v.safeParse(v.looseObject({ title: v.nullish(textSchema, ''), description: v.nullish(textSchema, '') }), value);
  return entry.success ? { title: entry.output.title, description: entry.output.description } : undefined;
}

function translationsOf(
  { cells, parts }: Sorted,
  title: string,
  language: string,
  report: ValidationContext['report'],
): Record<string, ItemText> | undefined {
  const found = new Map<string, ItemText>();
  const leftOut = (tag: string, value: unknown, why: string, remedy: string = REMEDIES.translations): void =>
    report({
      field: `translations.${tag}`,
      value,
      message: `The translation "${tag}" ${why}; it was left out.`,
      remedy,
      severity: 'warning',
    });
  const entries: [string, unknown][] = [...Object.entries(optional(cells, 'translations', objectSchema, report) ?? {}), ...parts];
  for (const [stated, value] of entries) {
    if (isAbsent(value)) continue;
    const tag = canonicalTag(stated);
    const text = translationOf(value);
    if (tag === undefined) leftOut(stated, stated, 'has no valid language tag', REMEDIES.language);
    else if (!text) leftOut(stated, value, 'is neither text nor an object with title and description');
    else if (tag === language) leftOut(stated, value, 'is in the language of the item itself');
    else if (found.has(tag)) leftOut(stated, value, `is a second one in "${tag}"`);
    // Proper names are often the same in all languages, so a description alone borrows the title.
    else if (text.title || text.description) found.set(tag, { title: text.title || title, description: text.description ?? '' });
  }
  return found.size > 0 ? Object.fromEntries(found) : undefined;
}

function statedLanguageOf(cells: Cells, report: ValidationContext['report']): string {
  const stated = optional(cells, 'language', languageSchema, report) ?? '';
  const tag = stated === '' ? undefined : canonicalTag(stated);
  if (stated !== '' && tag === undefined) {
    report({
      field: 'language',
      value: stated,
      message: 'language is not a valid language tag; the language was detected instead.',
      remedy: REMEDIES.language,
      severity: 'warning',
    });
  }
  return tag === 'und' ? '' : (tag ?? '');
}

function languageOf(stated: string, text: ItemText, { detectLanguage, report }: ValidationContext): Pick<Item, 'language' | 'languageDetected'> {
  if (stated) return { language: stated };
  const detected = canonicalTag(detectLanguage?.(itemText(text)) ?? '');
  if (detected !== undefined && detected !== 'und') return { language: detected, languageDetected: true };
  report({
    field: 'language',
    value: '',
    message: 'The language is not stated and was not recognised; "und" (undetermined) stands for it.',
    remedy: REMEDIES.language,
    severity: 'warning',
  });
  return { language: 'und' };
}

/** The id when it is usable, undefined when absent, null when it must keep the row out. */
function idOf(cells: Cells, report: ValidationContext['report']): string | undefined | null {
  if (cells.id === undefined) return undefined;
  const parsed = v.safeParse(idSchema, cells.id);
  if (parsed.success) return parsed.output || undefined;
  report({ field: 'id', value: cells.id, message: `id ${parsed.issues[0].message}.`, remedy: REMEDIES.id, severity: 'error' });
  return null;
}

/** The stated id of a row, for problems that concern the row as a whole. */
export function statedId(raw: RawRow, plan: ColumnPlan): string | undefined {
  const at = plan.targets.findIndex((target) => target?.kind === 'field' && target.field === 'id');
  const parsed = v.safeParse(idSchema, raw.values[at]);
  return parsed.success && parsed.output !== '' ? parsed.output : undefined;
}

/** Reads a row. Returns undefined when it must be kept out; the reason has been reported as an error then. */
export function validateRow(raw: RawRow, plan: ColumnPlan, context: ValidationContext): Draft | undefined {
  const { report } = context;
  const sorted = sortCells(raw, plan, report);
  const { cells } = sorted;
  const id = idOf(cells, report);
  const parsedTitle = v.safeParse(textSchema, cells.title ?? '');
  if (!parsedTitle.success || isUnreadable(parsedTitle.output)) {
    const why = cells.title === undefined ? 'is missing' : parsedTitle.success ? 'holds nothing to read' : parsedTitle.issues[0].message;
    report({ field: 'title', value: cells.title ?? '', message: `title ${why}.`, remedy: REMEDIES.title, severity: 'error' });
    return undefined;
  }
  if (id === null) return undefined;
  const title = parsedTitle.output;
  const description = optional(cells, 'description', textSchema, report) ?? '';
  const statedLanguage = statedLanguageOf(cells, report);
  const language = languageOf(statedLanguage, { title, description }, context);
  const translations = translationsOf(sorted, title, language.language, report);
  const attributes = attributesOf(sorted, report);
  const item: Draft['item'] = {
    ...language,
    title,
    description,
    categories: optional(cells, 'categories', categoriesSchema, report) ?? [],
  };
  if (translations) item.translations = translations;
  if (attributes) item.attributes = attributes;
  const texts = {
    creator: optional(cells, 'creator', creatorSchema, report),
    kind: optional(cells, 'kind', textSchema, report),
    country: optional(cells, 'country', countrySchema, report),
    published: optional(cells, 'published', publishedSchema, report),
    link: optional(cells, 'link', addressSchema, report),
    image: optional(cells, 'image', addressSchema, report),
    license: optional(cells, 'license', textSchema, report),
    attribution: optional(cells, 'attribution', textSchema, report),
  };
  for (const field of ['creator', 'kind', 'country', 'published', 'link', 'image', 'license', 'attribution'] as const) {
    if (texts[field]) item[field] = texts[field];
  }
  const popularity = optional(cells, 'popularity', popularitySchema, report);
  if (popularity !== undefined) item.popularity = popularity;
  return { id, statedLanguage, item };
}

/** The first field of a row that holds U+FFFD. */
export function brokenField(raw: RawRow, plan: ColumnPlan): { field: string; value: unknown } {
  for (const [at, value] of raw.values.entries()) {
    if (!(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).includes('\uFFFD')) continue;
    const key = raw.keys[at] ?? 'row';
    return { field: plan.mapping[key] ?? key, value };
  }
  return { field: 'row', value: raw.findings[0]?.value ?? '' };
}
