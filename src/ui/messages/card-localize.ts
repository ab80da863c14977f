// Only the texts of the item card and its list, so that the element for other sites fetches no others.
import { cardEn } from './card/en.ts';
import { createLocalizer, type Localizer } from './localizer.ts';
import { type InterfaceLanguage, negotiateLanguage } from './negotiate.ts';
import type { CardMessages } from './types.ts';

/** Any localizer with at least these texts; the page's is one. */
export type CardLocalizer = Localizer<keyof CardMessages>;

const LOADERS: Readonly<Record<InterfaceLanguage, () => Promise<CardMessages>>> = {
  en: async () => cardEn,
  de: async () => (await import('./card/de.ts')).cardDe,
  fr: async () => (await import('./card/fr.ts')).cardFr,
  es: async () => (await import('./card/es.ts')).cardEs,
  pt: async () => (await import('./card/pt.ts')).cardPt,
  ar: async () => (await import('./card/ar.ts')).cardAr,
  he: async () => (await import('./card/he.ts')).cardHe,
  hi: async () => (await import('./card/hi.ts')).cardHi,
  zh: async () => (await import('./card/zh.ts')).cardZh,
  ja: async () => (await import('./card/ja.ts')).cardJa,
  ru: async () => (await import('./card/ru.ts')).cardRu,
  sw: async () => (await import('./card/sw.ts')).cardSw,
  tr: async () => (await import('./card/tr.ts')).cardTr,
};

export const englishCardLocalizer: CardLocalizer = createLocalizer('en', cardEn);

/** @param wishes tags, most wanted first */
export async function loadCardLocalizer(wishes: Iterable<string | null | undefined>): Promise<CardLocalizer> {
  const tag = negotiateLanguage(wishes);
  return createLocalizer(tag, await LOADERS[tag]());
}
