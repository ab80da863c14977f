// Reads and writes the hash of the address: which panel is shown, and what in it. Pure. The hash is data from outside.

export const PANEL_IDS = ['discover', 'taste', 'catalogue', 'measure', 'map', 'privacy', 'settings'] as const;
export type PanelId = (typeof PANEL_IDS)[number];

/** A place in the page. All fields but `panel` are for Discover. */
export interface Route {
  panel: PanelId;
  /** The search; empty: none. */
  query: string;
  /** Id of the item that a link names, or null. */
  item: string | null;
  view: 'for-you' | 'browse';
  /** Browse only this language; null: all. */
  language: string | null;
  /** Browse only this category; null: all. */
  category: string | null;
  /** Page of the browsed items, 0-based. */
  page: number;
}

export const START: Route = { panel: 'discover', query: '', item: null, view: 'for-you', language: null, category: null, page: 0 };

const MAX_PAGE = 1_000_000;

/** @param hash `#/panel?…`; an unknown panel means Discover, unknown parameters are ignored */
export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = splitOnce(hash.replace(/^#\/?/, ''), '?');
  const panel = PANEL_IDS.find((id) => id === path) ?? START.panel;
  if (panel !== 'discover') return { ...START, panel };
  const parts = new URLSearchParams(search);
  const page = Number(parts.get('page') ?? 1);
  return {
    panel,
    query: (parts.get('q') ?? '').trim(),
    item: parts.get('item') || null,
    view: parts.get('view') === 'browse' ? 'browse' : 'for-you',
    language: parts.get('language') || null,
    category: parts.get('category') || null,
    page: Number.isInteger(page) && page >= 1 && page <= MAX_PAGE ? page - 1 : 0,
  };
}

/** The shortest hash from which `parseRoute` reads the same route. */
export function formatRoute({ panel, query, item, view, language, category, page }: Route): string {
  const parts = new URLSearchParams();
  if (panel === 'discover') {
    if (query) parts.set('q', query);
    if (item) parts.set('item', item);
    if (view === 'browse') parts.set('view', view);
    if (language) parts.set('language', language);
    if (category) parts.set('category', category);
    if (page > 0) parts.set('page', String(page + 1));
  }
  const search = parts.toString();
  return `#/${panel}${search ? `?${search}` : ''}`;
}

/** The hash that shows one item, for links. */
export const itemHash = (id: string): string => formatRoute({ ...START, item: id });

function splitOnce(text: string, mark: string): string[] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + mark.length)];
}
