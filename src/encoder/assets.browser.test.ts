// Every way in which a file can fail to arrive, with an injected fetch and the browser's own Cache Storage.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256Hex } from '../base/hash.ts';
import { loadAsset, loadText, openModelCache } from './assets.ts';
import type { FileEntry } from './manifest.ts';
import { failure } from './testing/failure.ts';

const ADDRESS = 'https://models.example/part.bin';
const CACHE = 'kindred-test-assets';
const good = Uint8Array.from({ length: 100_000 }, (_, i) => i * 31);
const damaged = good.slice();
damaged[5] = 1;

let entry: FileEntry;
let cache: Cache;

beforeEach(async () => {
  entry = { bytes: good.length, sha256: await sha256Hex(good) };
  await caches.delete(CACHE);
  cache = await caches.open(CACHE);
});
afterEach(() => caches.delete(CACHE));

/** Bytes as a body of several chunks that may break off. */
function body(bytes: Uint8Array<ArrayBuffer>, breakAfter = Number.POSITIVE_INFINITY): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= breakAfter) controller.error(new TypeError('network error'));
      else if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, at + 30_000));
      at += 30_000;
    },
  });
}

/** Answers each call with the next of the responses; the last one stays. */
function answers(...responses: (() => Response)[]) {
  const modes: (RequestCache | undefined)[] = [];
  const fake: typeof fetch = async (_, init) => {
    modes.push(init?.cache);
    init?.signal?.throwIfAborted();
    const next = responses[Math.min(modes.length, responses.length) - 1];
    if (!next) throw new TypeError('Failed to fetch');
    return next();
  };
  return { fetch: fake, modes };
}

const ok = (bytes: Uint8Array<ArrayBuffer>, breakAfter?: number) => () => new Response(body(bytes, breakAfter));

describe('a file with size and hash', () => {
  test('arrives in chunks whose bytes sum up, and is kept', async () => {
    const counted: number[] = [];
    const { fetch, modes } = answers(ok(good));
    expect(await loadAsset(ADDRESS, entry, { fetch, cache, onBytes: (n) => counted.push(n) })).toEqual(good);
    expect(counted.length).toBeGreaterThan(1);
    expect(counted.reduce((a, b) => a + b)).toBe(good.length);
    expect(modes).toEqual(['default']);

    let bytes = 0;
    const again = answers();
    expect(await loadAsset(ADDRESS, entry, { fetch: again.fetch, cache, onBytes: (n) => (bytes += n) })).toEqual(good);
    expect(again.modes).toEqual([]);
    expect(bytes).toBe(good.length);
  });

  test('damaged once: fetched again past the HTTP cache, and the progress is right in the end', async () => {
    let bytes = 0;
    const { fetch, modes } = answers(ok(damaged), ok(good));
    expect(await loadAsset(ADDRESS, entry, { fetch, onBytes: (n) => (bytes += n) })).toEqual(good);
    expect(modes).toEqual(['default', 'reload']);
    expect(bytes).toBe(good.length);
  });

  test('damaged twice: an error with both hashes, nothing kept', async () => {
    const { fetch, modes } = answers(ok(damaged));
    const error = await failure(loadAsset(ADDRESS, entry, { fetch, cache }));
    expect(error.code).toBe('asset-damaged');
    expect(error.message).toContain(`instead of ${entry.sha256.slice(0, 12)}`);
    expect(modes).toHaveLength(2);
    expect(await cache.keys()).toHaveLength(0);
  });

  test.each([
    ['short', good.slice(0, 40_000)],
    ['long', Uint8Array.from({ length: 250_000 }, () => 7)],
    ['empty', new Uint8Array()],
  ])('too %s: both sizes are in the error', async (_, bytes) => {
    const error = await failure(loadAsset(ADDRESS, entry, answers(ok(bytes))));
    expect(error.code).toBe('asset-damaged');
    expect(error.message).toContain(`${bytes.length} bytes instead of 100000`);
  });

  test('broken off once: fetched again; twice: unreachable', async () => {
    let bytes = 0;
    const { fetch } = answers(ok(good, 60_000), ok(good));
    expect(await loadAsset(ADDRESS, entry, { fetch, onBytes: (n) => (bytes += n) })).toEqual(good);
    expect(bytes).toBe(good.length);
    const error = await failure(loadAsset(ADDRESS, entry, answers(ok(good, 60_000))));
    expect(error.code).toBe('asset-unreachable');
    expect(error.message).toContain('broke off after 60000 bytes');
  });

  test.each([
    ['a 404', () => new Response('', { status: 404 }), 'asset-missing', '404'],
    ['a page by its type', () => new Response('<p>', { headers: { 'content-type': 'text/html; charset=utf-8' } }), 'asset-missing', 'HTML'],
    ['a page by its content', () => new Response(new Blob(['\n<!DOCTYPE html><html>'])), 'asset-missing', 'HTML'],
    ['a busy host', () => new Response('', { status: 503 }), 'asset-unreachable', '503'],
  ])('%s is not the file', async (_, respond, code, part) => {
    const { fetch, modes } = answers(respond);
    const error = await failure(loadAsset(ADDRESS, entry, { fetch, cache }));
    expect(error.code).toBe(code);
    expect(error.message).toContain(part);
    expect(error.message).toContain(ADDRESS);
    expect(modes).toHaveLength(1);
    expect(await cache.keys()).toHaveLength(0);
  });

  test('no network', async () => {
    const error = await failure(loadAsset(ADDRESS, entry, answers()));
    expect(error.code).toBe('asset-unreachable');
    expect(error.message).toContain('Failed to fetch');
  });

  test('stopped before and in the middle', async () => {
    const { fetch, modes } = answers(ok(good));
    expect((await failure(loadAsset(ADDRESS, entry, { fetch, signal: AbortSignal.abort() }))).code).toBe('aborted');
    expect(modes).toHaveLength(0);

    const controller = new AbortController();
    const stopping: typeof globalThis.fetch = async () => {
      let sent = false;
      return new Response(
        new ReadableStream<Uint8Array>({
          pull(stream) {
            if (sent) stream.error(new DOMException('stopped', 'AbortError'));
            else stream.enqueue(good.slice(0, 1000));
            sent = true;
          },
        }),
      );
    };
    const work = loadAsset(ADDRESS, entry, { fetch: stopping, cache, signal: controller.signal, onBytes: () => controller.abort() });
    expect((await failure(work)).code).toBe('aborted');
    expect(await cache.keys()).toHaveLength(0);
  });

  test('a kept copy that went bad is fetched again and replaced; an older version goes', async () => {
    await cache.put(`${ADDRESS}?sha256=${entry.sha256}`, new Response(damaged));
    await cache.put(`${ADDRESS}?sha256=${'0'.repeat(64)}`, new Response('an older version'));
    const { fetch, modes } = answers(ok(good));
    let bytes = 0;
    expect(await loadAsset(ADDRESS, entry, { fetch, cache, onBytes: (n) => (bytes += n) })).toEqual(good);
    expect(modes).toHaveLength(1);
    expect(bytes).toBe(good.length);
    expect((await cache.keys()).map(({ url }) => url)).toEqual([`${ADDRESS}?sha256=${entry.sha256}`]);
    expect(await loadAsset(ADDRESS, entry, { fetch: answers().fetch, cache })).toEqual(good);
  });

  test('a full or unreadable cache does not stand in the way', async () => {
    const full = { match: () => Promise.reject(new Error('disk')), delete: () => Promise.reject(new Error('disk')) };
    const { fetch } = answers(ok(good));
    expect(await loadAsset(ADDRESS, entry, { fetch, cache: full as unknown as Cache })).toEqual(good);
  });
});

describe('a text without a hash', () => {
  const text = () => new Response('{"format":1}', { headers: { 'content-type': 'application/json' } });

  test('comes from the network while there is one, else from the kept copy', async () => {
    expect(await loadText(ADDRESS, { ...answers(text), cache })).toBe('{"format":1}');
    expect(await loadText(ADDRESS, { ...answers(() => new Response('newer')), cache })).toBe('newer');
    expect(await loadText(ADDRESS, { ...answers(), cache })).toBe('newer');
    expect((await failure(loadText(ADDRESS, answers()))).code).toBe('asset-unreachable');
  });

  test('is missing when a page or a 404 comes, even with a kept copy', async () => {
    await loadText(ADDRESS, { ...answers(text), cache });
    expect((await failure(loadText(ADDRESS, { ...answers(() => new Response('<html>')), cache }))).code).toBe('asset-missing');
    expect((await failure(loadText(ADDRESS, { ...answers(() => new Response('', { status: 404 })), cache }))).code).toBe('asset-missing');
  });

  test('that breaks off is unreachable', async () => {
    expect((await failure(loadText(ADDRESS, answers(ok(good, 30_000))))).code).toBe('asset-unreachable');
  });
});

test('the model cache can be opened here', async () => {
  expect(await openModelCache()).toBeInstanceOf(Cache);
});
