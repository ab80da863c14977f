// Settings of the page from its address: ?encoder=wasm|webgpu|auto, ?speed=…, ?catalogue=URL of the same
// origin, ?demo, ?pack=folder of the same origin or none, ?head=file of the same origin, ?ui=tag. Pure.
import type { CatalogueSource, EncoderChoice, Speed } from '../protocol/engine-api.ts';
import { parseSpeed } from '../ui/speeds.ts';
import { ENCODERS } from './saved.ts';

export interface PageSettings {
  /** null, as with `speed`: the address does not say; what was chosen on the page before holds. */
  encoder: EncoderChoice | null;
  /** null: the address does not say; what was chosen on the page before holds. */
  speed: Speed | null;
  demoUrl: string;
  /** The catalogue to open first. */
  catalogueUrl: string;
  /** The address names no catalogue: the one that was open last is opened before `catalogueUrl` is thought of. */
  reopens: boolean;
  /** Folders of vectors, by the catalogue they belong to. */
  packs: ReadonlyMap<string, string>;
  /** Head files that owners trained, by the catalogue they belong to. */
  heads: ReadonlyMap<string, string>;
  interfaceLanguage: string | null;
}

/** A catalogue that is kept, as it is opened again: from its address where vectors or a head came along, else from the store. */
export function keptSource(id: string, { packs, heads }: PageSettings): Source {
  return packs.has(id) || heads.has(id) ? id : { kind: 'stored', id };
}

/**
 * @param search the query of the address, with or without `?`
 * @param baseUrl document.baseURI; a catalogue of another origin is passed by, because nothing is fetched from elsewhere
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

/** An address, a chosen file, or one that is kept. */
export type Source = string | File | CatalogueSource;

/** A catalogue as the recommender opens it, with its pack and its head where there are any. */
export function withPack(source: Source, { packs, heads }: PageSettings): Source {
  if (typeof source !== 'string') return source;
  const [packUrl, headUrl] = [packs.get(source), heads.get(source)];
  if (packUrl === undefined && headUrl === undefined) return source;
  return { kind: 'url', url: source, ...(packUrl === undefined ? {} : { packUrl }), ...(headUrl === undefined ? {} : { headUrl }) };
}

/** The absolute address, or undefined where it is none or of another origin. */
export function sameOriginUrl(wanted: string | null, baseUrl: string): string | undefined {
  if (!wanted) return undefined;
  try {
    const url = new URL(wanted, baseUrl);
    return url.origin === new URL(baseUrl).origin ? url.href : undefined;
  } catch {
    return undefined;
  }
}
