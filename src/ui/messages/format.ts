// Fills texts with values. Pure; never interprets a value as markup.
import type { MessageValues, PluralForms } from './types.ts';

const PLACEHOLDER = /\{([A-Za-z]+)\}/g;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

/** Puts values in place of `{name}`; a placeholder without a value stays as it is. */
export function format(message: string, values: MessageValues, writeNumber: (value: number) => string = String): string {
  return message.replace(PLACEHOLDER, (placeholder, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return placeholder;
    return typeof value === 'number' ? writeNumber(value) : value;
  });
}

/** The form of a text for a count, by the plural rules of the language; `other` where the form is not given. */
export function pluralForm(forms: PluralForms, rules: Intl.PluralRules, count: number): string {
  return forms[rules.select(count)] ?? forms.other;
}

/** Names of the placeholders of a text, sorted. */
export function placeholdersOf(message: string): string[] {
  return [...new Set([...message.matchAll(PLACEHOLDER)].map((match) => match[1] ?? ''))].sort();
}

/**
 * Wraps a value in first-strong isolates (Unicode UAX #9, FSI … PDI) if its direction could disturb the sentence.
 */
export function isolate(value: string, sentence: 'ltr' | 'rtl'): string {
  return sentence === 'rtl' || RIGHT_TO_LEFT.test(value) ? `\u2068${value}\u2069` : value;
}
