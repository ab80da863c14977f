// One object that writes everything for one interface language: texts, plurals, numbers, and names of languages and regions.
import { en } from './en.ts';
import { format, isolate, pluralForm } from './format.ts';
import { directionOf, type InterfaceLanguage, negotiateLanguage } from './negotiate.ts';
import type { MessageKey, Messages, MessageValues } from './types.ts';

export { format } from './format.ts';
export * from './negotiate.ts';
export type { MessageKey, Messages, MessageValues } from './types.ts';

/** English is part of the bundle; the others are fetched when chosen. */
const LOADERS: Readonly<Record<InterfaceLanguage, () => Promise<Messages>>> = {
  en: async () => en,
  de: async () => (await import('./de.ts')).de,
  fr: async () => (await import('./fr.ts')).fr,
  es: async () => (await import('./es.ts')).es,
  pt: async () => (await import('./pt.ts')).pt,
  ar: async () => (await import('./ar.ts')).ar,
  he: async () => (await import('./he.ts')).he,
  hi: async () => (await import('./hi.ts')).hi,
  zh: async () => (await import('./zh.ts')).zh,
  ja: async () => (await import('./ja.ts')).ja,
  ru: async () => (await import('./ru.ts')).ru,
  sw: async () => (await import('./sw.ts')).sw,
  tr: async () => (await import('./tr.ts')).tr,
};

/** @param tag any BCP-47 tag; an unknown one gives English */
export function loadMessages(tag: string): Promise<Messages> {
  return LOADERS[negotiateLanguage([tag])]();
}

export interface Localizer {
  readonly tag: InterfaceLanguage;
  readonly direction: 'ltr' | 'rtl';
  /** The text of a key; `values.count` picks the plural form. */
  text(key: MessageKey, values?: MessageValues): string;
  number(value: number, options?: Intl.NumberFormatOptions): string;
  /** "12 seconds", "3 minutes", in the language. */
  duration(seconds: number): string;
  bytes(bytes: number): string;
  percent(share: number): string;
  /** Name of a language by its BCP-47 tag; the tag itself where it has no name. */
  languageName(tag: string): string;
  /** Name of a country by its ISO 3166-1 code; the code itself where it has no name. */
  regionName(code: string): string;
}

function displayName(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code; // RangeError: not well-formed, e.g. free text in a catalogue
  }
}

export function createLocalizer(tag: InterfaceLanguage, messages: Messages): Localizer {
  const direction = directionOf(tag);
  const plurals = new Intl.PluralRules(tag);
  const numbers = new Intl.NumberFormat(tag);
  const languages = new Intl.DisplayNames(tag, { type: 'language' });
  const regions = new Intl.DisplayNames(tag, { type: 'region' });
  const number = (value: number, options?: Intl.NumberFormatOptions): string =>
    (options ? new Intl.NumberFormat(tag, options) : numbers).format(value);
  const unit = (value: number, name: string, maximumFractionDigits = 0): string =>
    number(value, { style: 'unit', unit: name, unitDisplay: 'long', maximumFractionDigits });

  return {
    tag,
    direction,
    text(key, values = {}) {
      const message = messages[key];
      const count = typeof values.count === 'number' ? values.count : 0;
      const safe = Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? isolate(value, direction) : value]),
      );
      return format(typeof message === 'string' ? message : pluralForm(message, plurals, count), safe, number);
    },
    number,
    duration: (seconds) =>
      seconds < 90 ? unit(Math.max(1, Math.round(seconds)), 'second') : unit(Math.round(seconds / 60), 'minute'),
    bytes: (bytes) =>
      number(bytes / 1e6, { style: 'unit', unit: 'megabyte', unitDisplay: 'short', maximumFractionDigits: bytes < 1e7 ? 1 : 0 }),
    percent: (share) => number(share, { style: 'percent' }),
    languageName: (code) => displayName(languages, code),
    regionName: (code) => displayName(regions, code.toUpperCase()),
  };
}

export const englishLocalizer: Localizer = createLocalizer('en', en);

/** @param wishes tags, most wanted first */
export async function loadLocalizer(wishes: Iterable<string | null | undefined>): Promise<Localizer> {
  const tag = negotiateLanguage(wishes);
  return createLocalizer(tag, await loadMessages(tag));
}

/** The name of a language in itself, for the menu: a visitor who cannot read the present language must find their own. */
export function autonym(tag: string): string {
  const name = displayName(new Intl.DisplayNames(tag, { type: 'language' }), tag);
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}
