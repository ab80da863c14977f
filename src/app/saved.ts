// The visitor's choices in localStorage. A browser may forbid it: a choice then lasts until the page is closed.
// What is read back is data from outside, so it is checked.
import type { EncoderChoice, LanguagePolicy, Speed } from '../protocol/engine-api.ts';
import type { InterfaceLanguage } from '../ui/messages/negotiate.ts';
import { parseSpeed } from '../ui/speeds.ts';

export type ThemeChoice = 'auto' | 'light' | 'dark';
export const THEMES: readonly ThemeChoice[] = ['auto', 'light', 'dark'];
export const ENCODERS: readonly EncoderChoice[] = ['auto', 'webgpu', 'wasm'];

export const ANY_LANGUAGE: LanguagePolicy = { mode: 'any' };
const MAX_LANGUAGES = 200;
/** λ of the most varied list that the page offers. Above it, a list has little to do with what is liked. @see docs/decisions/2026-11-24-fusion-of-languages.md */
export const MOST_DIVERSITY = 0.5;

export interface SavedLanguages {
  /** Languages to recommend in. */
  policy: LanguagePolicy;
  /** Tags of the languages that the visitor reads. */
  reads: string[];
}

/** Saves a text under a key; null removes it. */
function save(key: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(`kindred:${key}`);
    else localStorage.setItem(`kindred:${key}`, text);
  } catch {
    // Nothing to do: see above.
  }
}

/** The text that was saved under a key, or null. */
function saved(key: string): string | null {
  try {
    return localStorage.getItem(`kindred:${key}`);
  } catch {
    return null;
  }
}

export const saveSpeed = (speed: Speed | null): void => save('speed', speed);
/** null: the visitor has not chosen. */
export const savedSpeed = (): Speed | null => parseSpeed(saved('speed'));
export const saveInterfaceLanguage = (tag: InterfaceLanguage | null): void => save('interface-language', tag);
export const savedInterfaceLanguage = (): string | null => saved('interface-language');
export const saveTheme = (theme: ThemeChoice): void => save('theme', theme === 'auto' ? null : theme);
export const savedTheme = (): ThemeChoice => THEMES.find((choice) => choice === saved('theme')) ?? 'auto';
export const saveEncoder = (encoder: EncoderChoice): void => save('encoder', encoder === 'auto' ? null : encoder);
export const savedEncoder = (): EncoderChoice => ENCODERS.find((choice) => choice === saved('encoder')) ?? 'auto';
export const saveLanguages = (languages: SavedLanguages | null): void => save('languages', languages && JSON.stringify(languages));
export const savedLanguages = (): SavedLanguages => parseLanguages(saved('languages'));
export const saveDiversity = (diversity: number): void => save('diversity', diversity === 0 ? null : String(diversity));
export const savedDiversity = (): number => parseDiversity(saved('diversity'));
export const saveFamiliarity = (familiarity: number): void => save('familiarity', familiarity === 0 ? null : String(familiarity));
export const savedFamiliarity = (): number => parseFamiliarity(saved('familiarity'));

/** @returns 0 for a text that this page did not write */
export function parseDiversity(text: string | null): number {
  const diversity = text === null ? 0 : Number(text);
  return diversity > 0 && diversity <= MOST_DIVERSITY ? diversity : 0;
}

/** @returns −1 to 1; 0 for a text that this page did not write */
export function parseFamiliarity(text: string | null): number {
  const familiarity = text === null ? 0 : Number(text);
  return familiarity >= -1 && familiarity <= 1 ? familiarity : 0;
}

/** @returns any language for a text that this page did not write */
export function parseLanguages(text: string | null): SavedLanguages {
  try {
    const data: unknown = JSON.parse(text ?? 'null');
    if (!isRecord(data)) return { policy: ANY_LANGUAGE, reads: [] };
    return { policy: policyFrom(data.policy), reads: tagsFrom(data.reads) };
  } catch {
    return { policy: ANY_LANGUAGE, reads: [] };
  }
}

/** Leaves out the languages that a catalogue does not have; where none is left, the policy is `any`. */
export function policyFor(policy: LanguagePolicy, catalogue: readonly { tag: string }[]): LanguagePolicy {
  if (policy.mode !== 'only' && policy.mode !== 'prefer') return policy;
  const languages = policy.languages.filter((tag) => catalogue.some((known) => known.tag === tag));
  return languages.length > 0 ? { ...policy, languages } : ANY_LANGUAGE;
}

function policyFrom(data: unknown): LanguagePolicy {
  if (!isRecord(data)) return ANY_LANGUAGE;
  const languages = tagsFrom(data.languages);
  if (data.mode === 'mix') return { mode: 'mix' };
  if (data.mode === 'only' && languages.length > 0) return { mode: 'only', languages };
  const { share } = data;
  const fits = typeof share === 'number' && share >= 0 && share <= 1;
  return data.mode === 'prefer' && languages.length > 0 && fits ? { mode: 'prefer', languages, share } : ANY_LANGUAGE;
}

function tagsFrom(data: unknown): string[] {
  return Array.isArray(data) ? data.filter((tag): tag is string => typeof tag === 'string').slice(0, MAX_LANGUAGES) : [];
}

function isRecord(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null;
}
