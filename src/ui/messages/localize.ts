// All texts of the page. English is part of the bundle; the other languages are fetched when they are chosen.
import { en } from './en.ts';
import { createLocalizer, displayName, type Localizer } from './localizer.ts';
import { type InterfaceLanguage, negotiateLanguage } from './negotiate.ts';
import type { Messages } from './types.ts';

export { format } from './format.ts';
export { createLocalizer, type Localizer } from './localizer.ts';
export * from './negotiate.ts';
export type { MessageKey, Messages, MessageValues } from './types.ts';

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

export const englishLocalizer: Localizer = createLocalizer('en', en);

/** @param wishes tags, most wanted first */
export async function loadLocalizer(wishes: Iterable<string | null | undefined>): Promise<Localizer> {
  const tag = negotiateLanguage(wishes);
  return createLocalizer(tag, await loadMessages(tag));
}

/** A language's name in that language, so that a visitor who cannot read the current one finds their own in the menu. */
export function autonym(tag: string): string {
  const name = displayName(new Intl.DisplayNames(tag, { type: 'language' }), tag);
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}
