// Loads a catalogue from a URL, a file or the store, and says what was found. An unchanged file is taken from the store.
import { messageOf, RecommenderError } from '../base/errors.ts';
import { groupBy } from '../base/group-by.ts';
import { sha256Hex } from '../base/hash.ts';
import type { Item, ProgressCallback } from '../base/types.ts';
import type { CatalogueReport } from '../catalogue/parse.ts';
import { parseDetecting } from '../language/parse-detecting.ts';
import type { CataloguePreview, CatalogueSource, CatalogueSummary } from '../protocol/engine-api.ts';
import type { Store, StoredCatalogue } from '../store/store.ts';

/** Items of a preview. */
const PREVIEWED = 20;

export interface LoadedCatalogue {
  items: Item[];
  summary: CatalogueSummary;
  /** Resolves when the items are stored. Rejects with storage-*. */
  saved: Promise<void>;
}

export interface LoadOptions {
  store: Store;
  nowMs: () => number;
  signal: AbortSignal;
  onProgress: ProgressCallback;
}

/** @throws catalogue-*, asset-missing, asset-unreachable (unless a copy is stored), aborted, storage-* */
export async function loadCatalogue(source: CatalogueSource, options: LoadOptions): Promise<LoadedCatalogue> {
  const { store, signal, nowMs } = options;
  const id = catalogueIdOf(source);
  const stored = (await store.catalogues()).find((catalogue) => catalogue.id === id);
  if (source.kind === 'stored') return openStored(id, stored, store);
  let data: Blob;
  try {
    data = await readSource(source, signal);
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
  const report = await parseDetecting({ name: fileName(id), data }, options);
  const catalogue: StoredCatalogue = {
    id,
    title: fileName(id),
    sourceHash,
    itemCount: report.items.length,
    importedAtMs: nowMs(),
  };
  const saved = store.saveCatalogue(catalogue, report.items);
  saved.catch(() => undefined); // whoever awaits `saved` says it
  return { items: report.items, summary: summarize(id, report.items, report), saved };
}

/** Reads a source as `loadCatalogue` does, and stores nothing. @throws as loadCatalogue */
export async function previewSource(source: CatalogueSource, options: LoadOptions): Promise<CataloguePreview> {
  const id = catalogueIdOf(source);
  if (source.kind === 'stored') {
    const { items, summary } = await loadCatalogue(source, options);
    return { summary, sample: items.slice(0, PREVIEWED) };
  }
  const { items, ...report } = await parseDetecting({ name: fileName(id), data: await readSource(source, options.signal) }, options);
  return { summary: summarize(id, items, { items, ...report }), sample: items.slice(0, PREVIEWED) };
}

/** The id under which a catalogue is kept. */
export function catalogueIdOf(source: CatalogueSource): string {
  if (source.kind === 'url') return source.url;
  return source.kind === 'file' ? source.name : source.id;
}

async function openStored(id: string, stored: StoredCatalogue | undefined, store: Store): Promise<LoadedCatalogue> {
  const kept = stored && (await fromStore(store, stored));
  if (kept) return kept;
  throw new RecommenderError('asset-missing', `No catalogue "${id}" is kept on this device. Open its file or address again.`, { id });
}

async function readSource(source: Exclude<CatalogueSource, { kind: 'stored' }>, signal: AbortSignal): Promise<Blob> {
  if (source.kind === 'url') return fetchCatalogue(source.url, signal);
  const { name, data } = source;
  try {
    await data.slice(0, 1).arrayBuffer();
  } catch (error) {
    // Browsers refuse a file that was changed or deleted after it was chosen.
    throw new RecommenderError('asset-missing', `The file "${name}" cannot be read: ${messageOf(error)}. Choose it again.`, { name });
  }
  return data;
}

async function fromStore(store: Store, stored: StoredCatalogue): Promise<LoadedCatalogue | undefined> {
  const items = await store.loadItems(stored.id);
  return items && { items, summary: summarize(stored.id, items), saved: Promise.resolve() };
}

async function fetchCatalogue(url: string, signal: AbortSignal): Promise<Blob> {
  let response: Response;
  let data: Blob;
  try {
    response = await fetch(url, { signal, cache: 'no-cache' });
    data = await response.blob();
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
  return data;
}

function summarize(id: string, items: readonly Item[], report?: CatalogueReport): CatalogueSummary {
  const countsOf = (values: readonly string[]): [string, number][] =>
    [...groupBy(values, (value) => value)]
      .map(([value, same]): [string, number] => [value, same.length])
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return {
    id,
    itemCount: items.length,
    languages: countsOf(items.map(({ language }) => language)).map(([tag, count]) => ({ tag, items: count })),
    categories: countsOf(items.flatMap(({ categories }) => categories)).map(([name, count]) => ({ id: name, items: count })),
    itemsWithPopularity: items.filter(({ popularity }) => popularity !== undefined).length,
    format: report?.format ?? '',
    headerMapping: report?.headerMapping ?? {},
    unmappedColumns: report?.unmappedColumns ?? [],
    problems: report?.problems.slice(0, 100) ?? [],
    problemCount: report?.problemCount ?? 0,
    fromStore: report === undefined,
  };
}

function fileName(id: string): string {
  const name = id.split(/[?#]/, 1)[0]?.split('/').pop() || id;
  try {
    return decodeURIComponent(name);
  } catch {
    return name; // a file's name, such as "sale 50% off.csv", need not be an encoded address
  }
}
