// What the page remembers of the visitor's choices, in localStorage, which may be forbidden: a choice then lasts as long as the
// page. What is read back is data from outside.
import type { EncoderChoice, LanguagePolicy } from '../protocol/engine-api.ts';

export type ThemeChoice = 'auto' | 'light' | 'dark';
export const THEMES: readonly ThemeChoice[] = ['auto', 'light', 'dark'];
export const ENCODERS: readonly EncoderChoice[] = ['auto', 'webgpu', 'wasm'];

export const ANY_LANGUAGE: LanguagePolicy = { mode: 'any' };
const MAX_LANGUAGES = 200;
/** λ of the most varied list that the page offers: beyond it, lists are hardly of what is liked. @see docs/decisions/2026-11-24-fusion-of-languages.md */
export const MOST_DIVERSITY = 0.5;

/** How languages are chosen, and which ones the reader reads. */
export interface SavedLanguages {
  policy: LanguagePolicy;
  reads: string[];
}

/** A text kept under a key; null takes it away. */
export function keep(key: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(`kindred:${key}`);
    else localStorage.setItem(`kindred:${key}`, text);
  } catch {
    // Nothing to do: see above.
  }
}

/** The text kept under a key, or null. */
export function kept(key: string): string | null {
  try {
    return localStorage.getItem(`kindred:${key}`);
  } catch {
    return null;
  }
}

export const savedTheme = (): ThemeChoice => THEMES.find((choice) => choice === kept('theme')) ?? 'auto';
export const savedEncoder = (): EncoderChoice => ENCODERS.find((choice) => choice === kept('encoder')) ?? 'auto';
export const saveLanguages = (saved: SavedLanguages | null): void => keep('languages', saved && JSON.stringify(saved));
export const savedLanguages = (): SavedLanguages => parseLanguages(kept('languages'));
export const saveDiversity = (diversity: number): void => keep('diversity', diversity === 0 ? null : String(diversity));
export const savedDiversity = (): number => parseDiversity(kept('diversity'));

/** 0 where the text is none of ours. */
export function parseDiversity(text: string | null): number {
  const diversity = text === null ? 0 : Number(text);
  return diversity > 0 && diversity <= MOST_DIVERSITY ? diversity : 0;
}

/** Any language where the text is none of ours. */
export function parseLanguages(text: string | null): SavedLanguages {
  try {
    const data: unknown = JSON.parse(text ?? 'null');
    if (!isRecord(data)) return { policy: ANY_LANGUAGE, reads: [] };
    return { policy: policyFrom(data.policy), reads: tagsFrom(data.reads) };
  } catch {
    return { policy: ANY_LANGUAGE, reads: [] };
  }
}

/** A policy for a catalogue: its languages that the catalogue lacks are left out, and without any of them it is `any`. */
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
