// The page's settings, read from the query of its address: encoder=wasm|webgpu|auto, speed=…, catalogue=URL, demo,
// pack=folder|none, head=file, ui=tag. Addresses must be of the same origin. Pure.
import type { CatalogueSource, EncoderChoice, Speed } from '../protocol/engine-api.ts';
import { parseSpeed } from '../ui/speeds.ts';
import { ENCODERS } from './saved.ts';

export interface PageSettings {
  /** null, here and in `speed`: the address does not say, so the saved choice counts. */
  encoder: EncoderChoice | null;
  speed: Speed | null;
  demoUrl: string;
  /** The catalogue to open, unless `reopens` and one was open before. */
  catalogueUrl: string;
  /** The address names no catalogue, so the page opens the one that was open last. */
  reopens: boolean;
  /** URL of a catalogue → folder with its vectors. */
  packs: ReadonlyMap<string, string>;
  /** URL of a catalogue → head file that its owner trained. */
  heads: ReadonlyMap<string, string>;
  interfaceLanguage: string | null;
}

/** How to open a kept catalogue again: from its address if it has a pack or a head, else from the store. */
export function keptSource(id: string, { packs, heads }: PageSettings): Source {
  return packs.has(id) || heads.has(id) ? id : { kind: 'stored', id };
}

/**
 * @param search the query of the address, with or without `?`
 * @param baseUrl document.baseURI; addresses of another origin are ignored, because the page fetches nothing from other sites
 */
export function readSettings(search: string, baseUrl: string): PageSettings {
  const query = new URLSearchParams(search);
  const demoUrl = new URL('catalogues/world-library/items.ndjson', baseUrl).href;
  const named = sameOriginUrl(query.get('catalogue'), baseUrl);
  const catalogueUrl = named ?? demoUrl;
  const packs = new Map([[demoUrl, new URL('pack/', demoUrl).href]]);
  const pack = query.get('pack');
  const packUrl = sameOriginUrl(pack, baseUrl);
  if (pack === 'none') packs.clear();
  else if (packUrl) packs.set(catalogueUrl, packUrl.endsWith('/') ? packUrl : `${packUrl}/`);
  const headUrl = sameOriginUrl(query.get('head'), baseUrl);
  return {
    encoder: ENCODERS.find((choice) => choice === query.get('encoder')) ?? null,
    speed: parseSpeed(query.get('speed')),
    demoUrl,
    catalogueUrl,
    reopens: named === undefined && !query.has('demo'),
    packs,
    heads: new Map(headUrl === undefined ? [] : [[catalogueUrl, headUrl]]),
    interfaceLanguage: query.get('ui'),
  };
}

/** An address, a chosen file, or a kept catalogue. */
export type Source = string | File | CatalogueSource;

/** The source for the recommender, with the pack and the head of the catalogue if it has them. */
export function withPack(source: Source, { packs, heads }: PageSettings): Source {
  if (typeof source !== 'string') return source;
  const [packUrl, headUrl] = [packs.get(source), heads.get(source)];
  if (packUrl === undefined && headUrl === undefined) return source;
  return { kind: 'url', url: source, ...(packUrl === undefined ? {} : { packUrl }), ...(headUrl === undefined ? {} : { headUrl }) };
}

/** The absolute address; undefined if it is not an address or is of another origin. */
export function sameOriginUrl(address: string | null, baseUrl: string): string | undefined {
  if (!address) return undefined;
  try {
    const url = new URL(address, baseUrl);
    return url.origin === new URL(baseUrl).origin ? url.href : undefined;
  } catch {
    return undefined;
  }
}
