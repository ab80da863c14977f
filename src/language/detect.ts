// Which language a text is in: by its script where that decides, else by eld's n-grams. Loaded when first needed.
import type { eld as Eld } from 'eld/small';

/** Scripts that one language of the catalogue format owns; the rest share theirs. */
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

/** Share of a text's letters that a script must have to decide. Japanese mixes kana with Han. */
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
 * A detector over all of eld's languages (60), or over those given. Long texts are judged by their first 600 characters.
 * @returns text → BCP-47 tag, or undefined when the text says too little
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

/** Scripts that are told apart in a text, ISO 15924 code and Unicode name; others count as `Zzzz`. */
const SCRIPTS: readonly (readonly [string, RegExp])[] = (
  'Latn:Latin Cyrl:Cyrillic Arab:Arabic Deva:Devanagari Hani:Han Hira:Hiragana Kana:Katakana Hang:Hangul Thai:Thai Hebr:Hebrew ' +
  'Grek:Greek Beng:Bengali Taml:Tamil Telu:Telugu Knda:Kannada Mlym:Malayalam Gujr:Gujarati Guru:Gurmukhi Orya:Oriya Sinh:Sinhala ' +
  'Khmr:Khmer Laoo:Lao Mymr:Myanmar Ethi:Ethiopic Geor:Georgian Armn:Armenian Tibt:Tibetan Mong:Mongolian Nkoo:Nko Tfng:Tifinagh'
)
  .split(' ')
  .map((pair) => pair.split(':') as [string, string])
  .map(([code, name]) => [code, new RegExp(`\\p{Script=${name}}`, 'u')]);

/** ISO 15924 code of a letter's script. */
function scriptOfLetter(letter: string): string {
  return SCRIPTS.find(([, pattern]) => pattern.test(letter))?.[0] ?? 'Zzzz';
}

/** Share of a text's letters in each script that occurs, ISO 15924 codes, largest first. Empty without letters. */
export function scriptShares(text: string): Map<string, number> {
  const letters = text.match(/\p{L}/gu) ?? [];
  const counts = new Map<string, number>();
  for (const letter of letters) {
    const code = scriptOfLetter(letter);
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return new Map([...counts].sort(([, a], [, b]) => b - a).map(([code, count]) => [code, count / letters.length]));
}

/** Frequent characters that only the one form of Chinese has, pairwise: 这/這, 个/個, … */
const SIMPLIFIED = /[这个们来时国会学说对发为与书长门见现开关动乐马鸟东车让应该听读写爱图网页电脑]/gu;
const TRADITIONAL = /[這個們來時國會學說對發為與書長門見現開關動樂馬鳥東車讓應該聽讀寫愛圖網頁電腦]/gu;

/** Which Chinese a text is written in by characters that only one form has; undefined when there are none or as many of both. */
export function chineseScript(text: string): 'Hans' | 'Hant' | undefined {
  const simplified = text.match(SIMPLIFIED)?.length ?? 0;
  const traditional = text.match(TRADITIONAL)?.length ?? 0;
  if (simplified === traditional) return undefined;
  return simplified > traditional ? 'Hans' : 'Hant';
}

export interface LanguageShare {
  /** BCP-47, undefined for the part that the detector could not tell. */
  language: string | undefined;
  /** Of the text's letters, 0 to 1. */
  share: number;
}

/**
 * Languages of a mixed text, largest share first: the text is cut into sentences and these where the script changes; each piece
 * is judged alone, so that a language that fills a few words of another's sentence in the same script is not seen.
 * @param text any length; cost is the detector's for each piece
 */
export function detectShares(text: string, detect: Detector): LanguageShare[] {
  const letters = new Map<string | undefined, number>();
  let total = 0;
  for (const piece of piecesOf(text)) {
    const count = piece.match(/\p{L}/gu)?.length ?? 0;
    if (count === 0) continue;
    const language = detect(piece);
    letters.set(language, (letters.get(language) ?? 0) + count);
    total += count;
  }
  return [...letters].map(([language, count]) => ({ language, share: count / total })).sort((a, b) => b.share - a.share);
}

/** Kana, Han and Hangul stand in one sentence: they are one family here. */
const EAST_ASIAN: ReadonlySet<string> = new Set(['Hani', 'Hira', 'Kana', 'Hang']);

/** Sentences, cut again where the script changes; signs and digits stay with the run before them. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (const sentence of text.split(/(?<=[.!?。！？؟।…\n])\s*/u)) {
    let family: string | undefined;
    let run = '';
    for (const character of sentence) {
      const script = /\p{L}/u.test(character) ? scriptOfLetter(character) : undefined;
      const next = script === undefined ? family : EAST_ASIAN.has(script) ? 'East' : script;
      if (family !== undefined && next !== family) {
        pieces.push(run);
        run = '';
      }
      family = next;
      run += character;
    }
    if (run !== '') pieces.push(run);
  }
  return pieces;
}
