// Chooses the interface's language and its direction. Pure.

export const INTERFACE_LANGUAGES = ['en', 'de', 'fr', 'es', 'pt', 'ar', 'he', 'hi', 'zh', 'ja', 'ru', 'sw', 'tr'] as const;
export type InterfaceLanguage = (typeof INTERFACE_LANGUAGES)[number];

/** Language subtags written from right to left (CLDR), for interface texts and for `dir` of item texts. */
const RIGHT_TO_LEFT_LANGUAGES = new Set(['ar', 'arc', 'ckb', 'dv', 'fa', 'he', 'iw', 'ks', 'ps', 'sd', 'syr', 'ug', 'ur', 'yi']);
const RIGHT_TO_LEFT_SCRIPTS = new Set(['adlm', 'arab', 'hebr', 'nkoo', 'syrc', 'thaa']);
const RETIRED_TAGS: Readonly<Record<string, string>> = { iw: 'he' };

export function directionOf(tag: string): 'ltr' | 'rtl' {
  const [language = '', ...rest] = tag.toLowerCase().split('-');
  const script = rest.find((part) => part.length === 4 && /^[a-z]+$/.test(part));
  if (script) return RIGHT_TO_LEFT_SCRIPTS.has(script) ? 'rtl' : 'ltr';
  return RIGHT_TO_LEFT_LANGUAGES.has(language) ? 'rtl' : 'ltr';
}

/** The interface language that a tag leads to (`pt-BR` → `pt`), or undefined. */
export function matchLanguage(tag: string): InterfaceLanguage | undefined {
  const primary = tag.trim().toLowerCase().split(/[-_]/)[0] ?? '';
  const current = RETIRED_TAGS[primary] ?? primary;
  return INTERFACE_LANGUAGES.find((language) => language === current);
}

/** The first wish that there are texts for, else English. */
export function negotiateLanguage(wishes: Iterable<string | null | undefined>): InterfaceLanguage {
  for (const wish of wishes) {
    const match = wish ? matchLanguage(wish) : undefined;
    if (match) return match;
  }
  return 'en';
}
