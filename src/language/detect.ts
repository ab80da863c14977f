// Detects a text's language: by its script where one language alone uses it, otherwise by eld's n-grams, which are loaded when first needed.
import type { eld as Eld } from 'eld/small';

/** Scripts that decide: nearly all texts in them are in this language. */
const SCRIPT_LANGUAGES: readonly (readonly [string, RegExp])[] = [
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['ko', /\p{Script=Hangul}/gu],
  ['zh', /\p{Script=Han}/gu],
  ['th', /\p{Script=Thai}/gu],
  ['he', /\p{Script=Hebrew}/gu],
  ['el', /\p{Script=Greek}/gu],
  ['ta', /\p{Script=Tamil}/gu],
  ['te', /\p{Script=Telugu}/gu],
  ['kn', /\p{Script=Kannada}/gu],
  ['ml', /\p{Script=Malayalam}/gu],
  ['gu', /\p{Script=Gujarati}/gu],
  ['pa', /\p{Script=Gurmukhi}/gu],
  ['or', /\p{Script=Oriya}/gu],
  ['si', /\p{Script=Sinhala}/gu],
  ['km', /\p{Script=Khmer}/gu],
  ['lo', /\p{Script=Lao}/gu],
  ['my', /\p{Script=Myanmar}/gu],
  ['am', /\p{Script=Ethiopic}/gu],
  ['ka', /\p{Script=Georgian}/gu],
  ['hy', /\p{Script=Armenian}/gu],
];

export type Detector = (text: string) => string | undefined;

/** Share of a text's letters that must be in the script. Japanese mixes kana with Han, so it needs less. */
const DECIDING_SHARE = 0.5;
const JAPANESE_SHARE = 0.1;

/** The language by script alone, or undefined when the script is shared (Latin, Cyrillic, Arabic, Devanagari, …). */
export function detectByScript(text: string): string | undefined {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return undefined;
  for (const [language, pattern] of SCRIPT_LANGUAGES) {
    const share = (text.match(pattern)?.length ?? 0) / letters;
    if (share >= (language === 'ja' ? JAPANESE_SHARE : DECIDING_SHARE)) return language;
  }
  return undefined;
}

let detector: Promise<typeof Eld> | undefined;

/**
 * Loads the detector of eld's 60 languages. It reads the first 600 characters of a text.
 * @returns text → BCP-47 tag, or undefined when the text is too short to tell
 */
export async function loadDetector(): Promise<Detector> {
  detector ??= import('eld/small').then((module) => module.eld);
  const eld = await detector;
  return (text) => {
    const head = text.slice(0, 600);
    const byScript = detectByScript(head);
    if (byScript !== undefined) return byScript;
    const found = eld.detect(head).language;
    return found === '' ? undefined : found;
  };
}
