// Reads the attributes of <kindred-recommendations>. Pure: what a page author writes is data from outside.
import type { PropertyDeclaration } from 'lit';
import type { EncoderChoice, LanguagePolicy, Speed } from '../protocol/engine-api.ts';
import { parseSpeed } from '../ui/speeds.ts';
import type { Loading, Theme } from './types.ts';

export const DEFAULT_COUNT = 6;
const MAX_COUNT = 100;
/** A change of one of them is another catalogue. */
export const SOURCES = ['catalogue', 'assets', 'pack', 'head'] as const;
/** A change of one of them is another list. */
export const CHOICES = ['count', 'language', 'diversity', 'rules'] as const;

/** An attribute and its property, both ways; a default is not written into the page. */
export function mirrored<T>(read?: (text: string | null) => T): PropertyDeclaration {
  const declaration = { reflect: true, useDefault: true };
  return read ? { ...declaration, converter: { fromAttribute: read, toAttribute: String } } : declaration;
}

/** A whole number of 1 to 100; anything else gives the default. */
export function readCount(text: string | null): number {
  const count = Number(text);
  return text !== null && Number.isInteger(count) && count >= 1 && count <= MAX_COUNT ? count : DEFAULT_COUNT;
}

/** A number of 0 (best scores) to 1 (most varied); anything else gives 0. */
export function readDiversity(text: string | null): number {
  const diversity = Number(text);
  return text !== null && diversity > 0 && diversity <= 1 ? diversity : 0;
}

export function readEncoder(text: string | null): EncoderChoice {
  return text === 'webgpu' || text === 'wasm' ? text : 'auto';
}

/** `auto`, `quick`, `quick-then-refined` or `refined`; anything else gives `auto`. */
export function readSpeed(text: string | null): Speed {
  return parseSpeed(text) ?? 'auto';
}

export function readTheme(text: string | null): Theme {
  return text === 'light' || text === 'dark' ? text : 'auto';
}

export function readLoading(text: string | null): Loading {
  return text === 'eager' ? 'eager' : 'visible';
}

const primaryOf = (tag: string): string => tag.toLowerCase().split('-')[0] ?? '';

/**
 * `any` (the default): all languages. `auto`: those of the visitor that the catalogue has, or all when it has none of them.
 * `mix`: in the proportion in which the visitor likes them. `de,fr`: only these.
 */
export function readPolicy(text: string | null, catalogue: readonly string[], visitor: readonly string[]): LanguagePolicy {
  const value = text?.trim() ?? '';
  if (value === '' || value === 'any') return { mode: 'any' };
  if (value === 'mix') return { mode: 'mix' };
  const wanted = new Set(visitor.map(primaryOf));
  const languages =
    value === 'auto'
      ? catalogue.filter((tag) => wanted.has(primaryOf(tag)))
      : value
          .split(',')
          .map((tag) => tag.trim())
          .filter(Boolean);
  return languages.length > 0 ? { mode: 'only', languages } : { mode: 'any' };
}
