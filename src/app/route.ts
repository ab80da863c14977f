// The hash of the address as a place in the page: which panel, and what it shows. Pure; what is read is data from outside.

export const PANEL_IDS = ['discover', 'taste', 'catalogue', 'measure', 'map', 'privacy', 'settings'] as const;
export type PanelId = (typeof PANEL_IDS)[number];

/** Everything but `panel` belongs to Discover. */
export interface Route {
  panel: PanelId;
  /** What is searched; empty: nothing. */
  query: string;
  /** Id of the one item that is shown, or null. */
  item: string | null;
  view: 'for-you' | 'browse';
  /** Of the items that are browsed; null: all. */
  language: string | null;
  category: string | null;
  /** Of the items that are browsed, 0-based. */
  page: number;
}

export const START: Route = { panel: 'discover', query: '', item: null, view: 'for-you', language: null, category: null, page: 0 };

const MAX_PAGE = 1_000_000;

/** @param hash `#/panel?…`; an unknown panel is Discover, an unknown part is passed by */
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

/** The shortest hash that `parseRoute` reads back as the same place. */
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

/** The address of one item's place, for links. */
export const itemHash = (id: string): string => formatRoute({ ...START, item: id });

function splitOnce(text: string, mark: string): string[] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + mark.length)];
}
