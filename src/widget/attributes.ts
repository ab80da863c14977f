// Reads the attributes of <kindred-recommendations>. Pure: what a page author writes is data from outside.
import type { PropertyDeclaration } from 'lit';
import { RecommenderError } from '../base/errors.ts';
import type { CatalogueSource, EncoderChoice, LanguagePolicy, Speed } from '../protocol/engine-api.ts';
import { parseSpeed } from '../ui/speeds.ts';
import type { KindredRecommendationsElement, Loading, Theme } from './types.ts';

export const DEFAULT_COUNT = 6;
const MAX_COUNT = 100;
/** When one of these attributes changes, another catalogue is opened. */
export const SOURCES = ['catalogue', 'assets', 'pack', 'head'] as const;
/** When one of these changes, another list is asked for. */
export const CHOICES = ['count', 'language', 'diversity', 'familiarity', 'rules'] as const;

/** Keeps an attribute and its property in step; a default value is not written into the page. */
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

/** A number of −1 (hidden finds) to 1 (well known); anything else gives 0. */
export function readFamiliarity(text: string | null): number {
  const familiarity = Number(text);
  return text !== null && familiarity >= -1 && familiarity <= 1 ? familiarity : 0;
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

/** What the attributes ask to open, with absolute addresses. */
export interface CatalogueRequest {
  /** Absolute URL of the folder with `models/`; undefined: the folder of the script. */
  assetsUrl?: string | undefined;
  /** Absolute URLs. */
  source: Extract<CatalogueSource, { kind: 'url' }>;
  /** `encoder` and `speed` count for the first element with these assets and catalogue; later ones share what it started. */
  encoder: EncoderChoice;
  speed: Speed;
}

type Choices = Pick<KindredRecommendationsElement, 'catalogue' | 'assets' | 'pack' | 'head' | 'encoder' | 'speed'>;

/**
 * @param baseUrl address of the page; relative addresses start there
 * @returns null without a catalogue
 * @throws bad-argument for an attribute that cannot be parsed as an address
 */
export function readRequest({ catalogue, assets, pack, head, encoder, speed }: Choices, baseUrl: string): CatalogueRequest | null {
  if (!catalogue) return null;
  const absolute = (name: string, address: string): string => {
    if (URL.canParse(address, baseUrl)) return new URL(address, baseUrl).href;
    throw new RecommenderError(
      'bad-argument',
      `The attribute ${name} is ${JSON.stringify(address)}, which is not an address. Give an absolute or relative URL.`,
    );
  };
  return {
    ...(assets === null ? {} : { assetsUrl: absolute('assets', assets) }),
    source: {
      kind: 'url',
      url: absolute('catalogue', catalogue),
      ...(pack === null ? {} : { packUrl: absolute('pack', pack) }),
      ...(head === null ? {} : { headUrl: absolute('head', head) }),
    },
    encoder,
    speed,
  };
}
