// Settings of the page from its address: ?encoder=wasm|webgpu|auto, ?speed=…, ?catalogue=URL of the same
// origin, ?ui=tag. Pure.
import type { EncoderChoice, Speed } from '../protocol/engine-api.ts';
import { parseSpeed } from '../ui/speeds.ts';

export interface PageSettings {
  encoder: EncoderChoice;
  /** null: the address does not say; what was chosen on the page before holds. */
  speed: Speed | null;
  demoUrl: string;
  /** The catalogue to open first. */
  catalogueUrl: string;
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
  return {
    encoder: ENCODERS.find((choice) => choice === query.get('encoder')) ?? 'auto',
    speed: parseSpeed(query.get('speed')),
    demoUrl,
    catalogueUrl: sameOriginUrl(query.get('catalogue'), baseUrl) ?? demoUrl,
    interfaceLanguage: query.get('ui'),
  };
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
