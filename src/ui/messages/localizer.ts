// Writes texts, plurals, numbers and names of languages and regions in one interface language. It gets its texts from the caller,
// so that an element bundles only the texts that it needs.
import { format, isolate, pluralForm } from './format.ts';
import { directionOf, type InterfaceLanguage } from './negotiate.ts';
import type { MessageKey, MessageValues, PluralForms } from './types.ts';

/** `Key`: the keys of its texts. A localizer with more texts also fits where fewer are needed. */
export interface Localizer<Key extends string = MessageKey> {
  readonly tag: InterfaceLanguage;
  readonly direction: 'ltr' | 'rtl';
  /** The text of a key; `values.count` picks the plural form. */
  text(key: Key, values?: MessageValues): string;
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

/** The name of a code; the code itself where it has none or is not well-formed. */
export function displayName(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code; // RangeError: not well-formed, e.g. free text in a catalogue
  }
}

/** @param messages the texts of the language, all or a group */
export function createLocalizer<Key extends string>(tag: InterfaceLanguage, messages: Readonly<Record<Key, string | PluralForms>>): Localizer<Key> {
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
    duration: (seconds) => (seconds < 90 ? unit(Math.max(1, Math.round(seconds)), 'second') : unit(Math.round(seconds / 60), 'minute')),
    bytes: (bytes) =>
      bytes < 1e5
        ? number(bytes / 1e3, { style: 'unit', unit: 'kilobyte', unitDisplay: 'short', maximumFractionDigits: bytes < 1e4 ? 1 : 0 })
        : number(bytes / 1e6, { style: 'unit', unit: 'megabyte', unitDisplay: 'short', maximumFractionDigits: bytes < 1e7 ? 1 : 0 }),
    percent: (share) => number(share, { style: 'percent' }),
    languageName: (code) => displayName(languages, code),
    regionName: (code) => displayName(regions, code.toUpperCase()),
  };
}
