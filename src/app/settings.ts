// Settings of the page from its address: ?encoder=wasm|webgpu|auto, ?speed=…, ?catalogue=URL of the same
// origin, ?pack=folder of the same origin or none, ?ui=tag. Pure.
import type { CatalogueSource, EncoderChoice, Speed } from '../protocol/engine-api.ts';
import { parseSpeed } from '../ui/speeds.ts';

export interface PageSettings {
  encoder: EncoderChoice;
  /** null: the address does not say; what was chosen on the page before holds. */
  speed: Speed | null;
  demoUrl: string;
  /** The catalogue to open first. */
  catalogueUrl: string;
  /** Folders of vectors, by the catalogue they belong to. */
  packs: ReadonlyMap<string, string>;
  interfaceLanguage: string | null;
}

const ENCODERS: readonly EncoderChoice[] = ['auto', 'webgpu', 'wasm'];

/**
 * @param search the query of the address, with or without `?`
 * @param baseUrl document.baseURI; a catalogue of another origin is passed by, because nothing is fetched from elsewhere
 */
export function readSettings(search: string, baseUrl: string): PageSettings {
  const query = new URLSearchParams(search);
  const demoUrl = new URL('catalogues/world-library/items.ndjson', baseUrl).href;
  const catalogueUrl = sameOriginUrl(query.get('catalogue'), baseUrl) ?? demoUrl;
  const packs = new Map([[demoUrl, new URL('pack/', demoUrl).href]]);
  const pack = query.get('pack');
  const packUrl = sameOriginUrl(pack, baseUrl);
  if (pack === 'none') packs.clear();
  else if (packUrl) packs.set(catalogueUrl, packUrl.endsWith('/') ? packUrl : `${packUrl}/`);
  return {
    encoder: ENCODERS.find((choice) => choice === query.get('encoder')) ?? 'auto',
    speed: parseSpeed(query.get('speed')),
    demoUrl,
    catalogueUrl,
    packs,
    interfaceLanguage: query.get('ui'),
  };
}

/** A catalogue as the recommender opens it, with its pack where there is one. */
export function withPack(source: string | File, { packs }: PageSettings): string | File | CatalogueSource {
  const packUrl = typeof source === 'string' ? packs.get(source) : undefined;
  return typeof source === 'string' && packUrl !== undefined ? { kind: 'url', url: source, packUrl } : source;
}

function sameOriginUrl(wanted: string | null, baseUrl: string): string | undefined {
  if (!wanted) return undefined;
  try {
    const url = new URL(wanted, baseUrl);
    return url.origin === new URL(baseUrl).origin ? url.href : undefined;
  } catch {
    return undefined;
  }
}
