// Opens a catalogue from a URL, a file or the store, and says what was found. The store wins when the file is unchanged.
import { messageOf, RecommenderError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import type { Item, ProgressCallback } from '../base/types.ts';
import type { CatalogueReport } from '../catalogue/parse.ts';
import { parseDetecting } from '../language/parse-detecting.ts';
import type { CataloguePreview, CatalogueSource, CatalogueSummary } from '../protocol/engine-api.ts';
import type { Store, StoredCatalogue } from '../store/store.ts';

/** Items shown of a file that is not opened yet. */
const PREVIEWED = 20;

export interface OpenedCatalogue {
  items: Item[];
  summary: CatalogueSummary;
  /** Resolves when the items are stored; what comes next need not wait for it. */
  saved: Promise<void>;
}

export interface OpenContext {
  store: Store;
  nowMs: () => number;
  signal: AbortSignal;
  onProgress: ProgressCallback;
}

/** @throws catalogue-*, asset-missing, asset-unreachable (unless a stored copy can stand in), aborted, storage-quota */
export async function openCatalogueSource(source: CatalogueSource, context: OpenContext): Promise<OpenedCatalogue> {
  const { store } = context;
  const id = idOf(source);
  const stored = (await store.catalogues()).find((catalogue) => catalogue.id === id);
  if (source.kind === 'stored') return openStored(id, stored, store);
  let data: Blob;
  try {
    data = await readSource(source, context.signal);
  } catch (error) {
    const offline = error instanceof RecommenderError && error.code === 'asset-unreachable';
    const kept = offline && stored ? await fromStore(store, stored) : undefined;
    if (kept) return kept;
    throw error;
  }
  const sourceHash = await sha256Hex(await data.arrayBuffer());
  if (stored?.sourceHash === sourceHash) {
    const kept = await fromStore(store, stored);
    if (kept) return kept;
  }
  const report = await parseDetecting({ name: fileName(id), data }, context);
  const catalogue: StoredCatalogue = {
    id,
    title: fileName(id),
    sourceHash,
    itemCount: report.items.length,
    importedAtMs: context.nowMs(),
  };
  const saved = store.saveCatalogue(catalogue, report.items);
  saved.catch(() => undefined); // said where it is awaited
  return { items: report.items, summary: summarize(id, report.items, report), saved };
}

/** Reads a source as opening it would and keeps nothing. @throws as openCatalogueSource */
export async function previewSource(source: CatalogueSource, context: OpenContext): Promise<CataloguePreview> {
  const id = idOf(source);
  if (source.kind === 'stored') {
    const { items, summary } = await openCatalogueSource(source, context);
    return { summary, sample: items.slice(0, PREVIEWED) };
  }
  const { items, ...report } = await parseDetecting({ name: fileName(id), data: await readSource(source, context.signal) }, context);
  return { summary: summarize(id, items, { items, ...report }), sample: items.slice(0, PREVIEWED) };
}

/** The id under which a catalogue is kept. */
function idOf(source: CatalogueSource): string {
  if (source.kind === 'url') return source.url;
  return source.kind === 'file' ? source.name : source.id;
}

async function openStored(id: string, stored: StoredCatalogue | undefined, store: Store): Promise<OpenedCatalogue> {
  const kept = stored && (await fromStore(store, stored));
  if (kept) return kept;
  throw new RecommenderError('asset-missing', `No catalogue "${id}" is kept on this device. Open its file or address again.`, { id });
}

const readSource = async (source: Exclude<CatalogueSource, { kind: 'stored' }>, signal: AbortSignal): Promise<Blob> =>
  source.kind === 'url' ? fetchCatalogue(source.url, signal) : source.data;

async function fromStore(store: Store, stored: StoredCatalogue): Promise<OpenedCatalogue | undefined> {
  const items = await store.loadItems(stored.id);
  return items && { items, summary: summarize(stored.id, items), saved: Promise.resolve() };
}

async function fetchCatalogue(url: string, signal: AbortSignal): Promise<Blob> {
  let response: Response;
  try {
    response = await fetch(url, { signal, cache: 'no-cache' });
  } catch (error) {
    if (signal.aborted) throw new RecommenderError('aborted', 'Opening the catalogue was stopped on request.');
    throw new RecommenderError(
      'asset-unreachable',
      `The catalogue ${url} cannot be reached: ${messageOf(error)}. Check the address and the connection.`,
      { url },
    );
  }
  if (!response.ok || response.headers.get('content-type')?.startsWith('text/html')) {
    const what = response.ok ? 'a web page came in its place' : `the host answered ${response.status}`;
    throw new RecommenderError('asset-missing', `The catalogue ${url} is missing: ${what}. Check the address.`, { url });
  }
  return response.blob();
}

function summarize(id: string, items: readonly Item[], report?: CatalogueReport): CatalogueSummary {
  const languages = new Map<string, number>();
  const categories = new Map<string, number>();
  for (const item of items) {
    languages.set(item.language, (languages.get(item.language) ?? 0) + 1);
    for (const category of item.categories) categories.set(category, (categories.get(category) ?? 0) + 1);
  }
  const most = (counts: Map<string, number>) => [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return {
    id,
    itemCount: items.length,
    languages: most(languages).map(([tag, count]) => ({ tag, items: count })),
    categories: most(categories).map(([name, count]) => ({ id: name, items: count })),
    format: report?.format ?? '',
    headerMapping: report?.headerMapping ?? {},
    unmappedColumns: report?.unmappedColumns ?? [],
    problems: report?.problems.slice(0, 100) ?? [],
    problemCount: report?.problemCount ?? 0,
    fromStore: report === undefined,
  };
}

/** The last part of an address or path, percent-decoded where it can be: `sale 50% off.csv` stays as it is. */
function fileName(id: string): string {
  const name = id.split(/[?#]/, 1)[0]?.split('/').pop() || id;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
