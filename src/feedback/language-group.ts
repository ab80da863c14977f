// Groups languages for a reader's ratings: regional variants are one group, scripts are not.
import { primaryLanguage } from '../language/tags.ts';

/**
 * `pt-BR` and `pt` → `pt-Latn`, `zh-TW` → `zh-Hant`, `sr-Latn` ≠ `sr`: the language with its stated or likely script (Unicode UTS 35,
 * likely subtags). Of a malformed tag its first part.
 */
export function languageGroup(tag: string): string {
  try {
    const { language, script } = new Intl.Locale(tag).maximize();
    return script ? `${language}-${script}` : language;
  } catch {
    return primaryLanguage(tag);
  }
}
