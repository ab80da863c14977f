// The messages between embed.html in an iframe and the page around it, and the settings in the frame's address. Pure.
// The page around learns which item the visitor follows; it never learns ratings or recommendations.
import { RecommenderError } from '../base/errors.ts';
import type { Item } from '../base/types.ts';

/** Marks our messages among all that a page receives. */
const MARK = 1;

/** Frame → page. */
export type FrameMessage =
  | { kindred: 1; type: 'resize'; heightPx: number }
  | { kindred: 1; type: 'ready'; itemCount: number }
  | { kindred: 1; type: 'select'; item: Pick<Item, 'id' | 'title' | 'link'> }
  | { kindred: 1; type: 'error'; code: string; message: string };

/** Attributes that the page around may set, in the address and later by message. */
const SETTABLE = ['count', 'language', 'diversity', 'familiarity', 'theme'] as const;
/** Those that only the address may set. */
const AT_START = ['encoder', 'speed', 'loading'] as const;

/** Page → frame: new values for some attributes; null removes one. */
export interface SetMessage {
  kindred: 1;
  type: 'set';
  attributes: Partial<Record<(typeof SETTABLE)[number], string | null>>;
}

export interface FrameSettings {
  attributes: ReadonlyMap<string, string>;
  /** BCP-47 tag of the interface, or null. */
  lang: string | null;
  /** Origin of the page around; messages go to it and come from it only. */
  parentOrigin: string;
}

/**
 * @param search query of the frame's address: `catalogue`, `categories`, `pack`, `head`, `count`, `language`, `diversity`, `familiarity`, `theme`,
 *   `encoder`, `speed`, `lang`, and `allow`, the origin of the page around (default: the frame's own)
 * @param baseUrl address of the frame's page
 * @param allowedOrigins further origins that catalogues may come from
 * @throws bad-argument for a missing or foreign catalogue, and for an `allow` that is not an origin
 */
export function readFrameSettings(search: string, baseUrl: string, allowedOrigins: readonly string[]): FrameSettings {
  const query = new URLSearchParams(search);
  const attributes = new Map<string, string>();
  for (const name of ['catalogue', 'categories', 'pack', 'head'] as const) {
    const address = query.get(name);
    if (address !== null) attributes.set(name, ownAddress(name, address, baseUrl, allowedOrigins));
  }
  if (!attributes.has('catalogue')) {
    throw new RecommenderError('bad-argument', 'The frame has no catalogue. Add ?catalogue=items.csv to its address.');
  }
  for (const name of [...SETTABLE, ...AT_START]) {
    const value = query.get(name);
    if (value !== null) attributes.set(name, value);
  }
  return { attributes, lang: query.get('lang'), parentOrigin: readParentOrigin(search, baseUrl) };
}

/** @throws bad-argument when `allow` is not an origin */
export function readParentOrigin(search: string, baseUrl: string): string {
  const allow = new URLSearchParams(search).get('allow');
  if (allow === null) return new URL(baseUrl).origin;
  // `*` and `null` are refused: any page can have them.
  if (URL.canParse(allow) && /^https?:$/.test(new URL(allow).protocol)) return new URL(allow).origin;
  throw new RecommenderError('bad-argument', `allow is ${JSON.stringify(allow)}. Give the origin of the page around, such as https://shop.example.`);
}

function ownAddress(name: string, address: string, baseUrl: string, allowedOrigins: readonly string[]): string {
  const origins = [new URL(baseUrl).origin, ...allowedOrigins];
  if (URL.canParse(address, baseUrl)) {
    const url = new URL(address, baseUrl);
    if (origins.includes(url.origin)) return url.href;
  }
  throw new RecommenderError(
    'bad-argument',
    `${name} is ${JSON.stringify(address)}: only files of ${origins.join(', ')} are read. Others are allowed in <meta name="kindred-catalogues"> of embed.html.`,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The attributes that a message sets, or null for a message of another kind. Unknown names and values of other types are left out. */
export function readSetMessage(data: unknown): Map<string, string | null> | null {
  if (!isRecord(data) || data.kindred !== MARK || data.type !== 'set' || !isRecord(data.attributes)) return null;
  const given = data.attributes;
  const entries = SETTABLE.filter((name) => Object.hasOwn(given, name)).map((name) => [name, given[name]] as const);
  return new Map(
    entries.filter((entry): entry is readonly [(typeof SETTABLE)[number], string | null] => typeof entry[1] === 'string' || entry[1] === null),
  );
}
