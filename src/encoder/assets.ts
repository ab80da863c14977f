// Fetches the files of a model, reports progress in bytes, checks SHA-256, and keeps the files in Cache Storage.
// A file that fails its check is never stored and never used.
import { messageOf, RecommenderError, throwIfAborted } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import type { FileEntry } from './manifest.ts';

export const MODEL_CACHE = 'kindred-models';

export interface AssetOptions {
  signal?: AbortSignal | undefined;
  /** Called with the number of new bytes; negative when a damaged file is fetched again. */
  onBytes?: ((bytes: number) => void) | undefined;
  fetch?: typeof fetch;
  /** undefined where Cache Storage is missing (plain http, private mode): files are fetched at every visit. */
  cache?: Cache | undefined;
}

export async function openModelCache(): Promise<Cache | undefined> {
  try {
    return await globalThis.caches?.open(MODEL_CACHE);
  } catch {
    return undefined; // Firefox in private mode throws SecurityError
  }
}

/**
 * One file of a model folder.
 * @returns its bytes, of the stated size and hash
 * @throws asset-missing, asset-damaged (after one more try), asset-unreachable, aborted
 */
export async function loadAsset(url: string, entry: FileEntry, options: AssetOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  const key = `${url}?sha256=${entry.sha256}`;
  throwIfAborted(options.signal, `Loading ${url}`);
  const cached = await cachedBytes(options.cache, key);
  if (cached && (await faultOf(cached, entry)) === '') {
    options.onBytes?.(cached.length);
    return cached;
  }
  let fault = '';
  for (const attempt of [1, 2]) {
    const bytes = await fetchBytes(url, entry.bytes, options, attempt > 1);
    fault = await faultOf(bytes, entry);
    if (fault === '') {
      await storeInCache(options.cache, url, key, bytes);
      return bytes;
    }
    options.onBytes?.(-bytes.length);
  }
  throw new RecommenderError(
    'asset-damaged',
    `${url} is damaged: ${fault}, also when fetched again. Upload the file again, and check that the host sends it unchanged.`,
    { url },
  );
}

async function faultOf(bytes: Uint8Array<ArrayBuffer>, entry: FileEntry): Promise<string> {
  if (bytes.length !== entry.bytes) return `${bytes.length} bytes instead of ${entry.bytes}`;
  const hash = await sha256Hex(bytes);
  return hash === entry.sha256 ? '' : `SHA-256 ${hash.slice(0, 12)}… instead of ${entry.sha256.slice(0, 12)}…`;
}

async function cachedBytes(cache: Cache | undefined, key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const response = await cache?.match(key);
    return response && new Uint8Array(await response.arrayBuffer());
  } catch {
    return undefined; // the browser cannot read its own copy
  }
}

/** Stores the file and deletes earlier versions of it. */
async function storeInCache(cache: Cache | undefined, url: string, key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  try {
    await cache?.delete(url, { ignoreSearch: true });
    await cache?.put(key, new Response(bytes, { headers: { 'content-type': 'application/octet-stream' } }));
  } catch {
    // No room: the file is used now and fetched again at the next visit.
  }
}

async function fetchBytes(url: string, expected: number, options: AssetOptions, again: boolean): Promise<Uint8Array<ArrayBuffer>> {
  const response = await request(url, options, again ? 'reload' : 'default');
  if (!response.body) return new Uint8Array(await response.arrayBuffer());
  const reader = response.body.getReader();
  let bytes = new Uint8Array(expected);
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (length === 0 && looksLikeHtml(value)) throw missing(url, 'an HTML page came in its place');
      if (length + value.length > bytes.length) {
        const larger = new Uint8Array(Math.max(bytes.length * 2, length + value.length));
        larger.set(bytes.subarray(0, length));
        bytes = larger;
      }
      bytes.set(value, length);
      length += value.length;
      options.onBytes?.(value.length);
    }
  } catch (error) {
    if (error instanceof RecommenderError) throw error;
    throwIfAborted(options.signal, `Loading ${url}`);
    if (!again) return bytes.slice(0, length); // cut off: the size check fails, and the file is fetched once more
    throw unreachable(url, `broke off after ${length} bytes: ${messageOf(error)}`);
  }
  return length === bytes.length ? bytes : bytes.slice(0, length);
}

/** A text file without a known hash (the manifest): network first, the kept copy when the network fails. */
export async function loadText(url: string, options: AssetOptions = {}): Promise<string> {
  let response: Response;
  try {
    response = await request(url, options, 'default');
  } catch (error) {
    const cached = error instanceof RecommenderError && error.code === 'asset-unreachable' ? await options.cache?.match(url) : undefined;
    if (cached) return cached.text();
    throw error;
  }
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    throwIfAborted(options.signal, `Loading ${url}`);
    throw unreachable(url, `broke off: ${messageOf(error)}`);
  }
  if (/^\s*<(!doctype|html)/i.test(text)) throw missing(url, 'an HTML page came in its place');
  await storeInCache(options.cache, url, url, new TextEncoder().encode(text));
  return text;
}

async function request(url: string, options: AssetOptions, cache: RequestCache): Promise<Response> {
  throwIfAborted(options.signal, `Loading ${url}`);
  let response: Response;
  try {
    response = await (options.fetch ?? fetch)(url, { cache, ...(options.signal ? { signal: options.signal } : {}) });
  } catch (error) {
    throwIfAborted(options.signal, `Loading ${url}`);
    throw unreachable(url, `cannot be reached: ${messageOf(error)}`);
  }
  if (response.status >= 500 || response.status === 429) throw unreachable(url, `cannot be had now: the host answered ${response.status}`);
  if (!response.ok) throw missing(url, `the host answered ${response.status}`);
  if (response.headers.get('content-type')?.startsWith('text/html')) throw missing(url, 'an HTML page came in its place');
  return response;
}

function unreachable(url: string, what: string): RecommenderError {
  return new RecommenderError('asset-unreachable', `${url} ${what}. Check the connection and reload.`, { url });
}

function missing(url: string, what: string): RecommenderError {
  return new RecommenderError('asset-missing', `${url} is missing: ${what}. Upload the model's folder beside the page, or set modelUrl.`, { url });
}

function looksLikeHtml(bytes: Uint8Array): boolean {
  return /^\s*<(!doctype|html)/i.test(new TextDecoder('latin1').decode(bytes.subarray(0, 64)));
}
