// The pool with real processes and a fake encoder: every text is encoded once, also when processes crash.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RecommenderError } from '../../src/base/errors.ts';
import { chunksOf, encodeWithPool, type PoolOptions } from './encoder-pool.ts';
import type { ProgressReport } from './progress-line.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kindred-pool-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Length of each text as the children gave it; undefined where they gave none. */
async function encode(texts: readonly string[], more: Partial<PoolOptions> = {}) {
  const lengths = new Array<number | undefined>(texts.length).fill(undefined);
  let timeMs = 0;
  const error: unknown = await encodeWithPool(texts, {
    modelFolder: folder,
    fingerprint: 'fake',
    dimensions: 2,
    processes: 2,
    nowMs: () => (timeMs += 100),
    childScript: fileURLToPath(new URL('testing/fake-child.mjs', import.meta.url)),
    onVectors: (rows, vectors) => {
      for (const [i, row] of rows.entries()) {
        if (lengths[row] !== undefined) throw new Error(`row ${row} came twice`);
        lengths[row] = vectors[2 * i];
      }
    },
    ...more,
  }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { lengths, error: error instanceof RecommenderError ? error : undefined, unexpected: error instanceof RecommenderError ? undefined : error };
}

const texts = Array.from({ length: 300 }, (_, i) => 'x'.repeat(1 + ((i * 37) % 90)));
const wanted = texts.map(({ length }) => length);
const processesSeen = () => readdirSync(folder).filter((name) => name.startsWith('seen-')).length;

describe('chunksOf', () => {
  test('every row once; at most 32 texts and 8,000 characters; like lengths together, longest first', () => {
    const all = [...texts, 'y'.repeat(20_000), 'z'.repeat(7000), 'z'.repeat(1500)];
    const chunks = chunksOf(all);
    expect(chunks.flat().sort((a, b) => a - b)).toEqual(all.map((_, row) => row));
    const lengths = chunks.flat().map((row) => all[row]?.length ?? 0);
    expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
    expect(chunks[0]).toEqual([300]);
    for (const rows of chunks) {
      expect(rows.length).toBeLessThanOrEqual(32);
      const characters = rows.reduce((sum, row) => sum + (all[row]?.length ?? 0), 0);
      expect(rows.length === 1 || characters <= 8000).toBe(true);
    }
    expect(chunksOf([])).toEqual([]);
  });
});

describe('encodeWithPool', () => {
  test('every text gets its own vector; progress ends at the total with nothing left', async () => {
    const steps: ProgressReport[] = [];
    const { lengths, error, unexpected } = await encode(texts, { onProgress: (step) => steps.push(step) });
    expect([error, unexpected]).toEqual([undefined, undefined]);
    expect(lengths).toEqual(wanted);
    expect(steps[0]).toEqual({ done: 0, total: 300, unit: 'texts' });
    expect(steps.at(-1)).toMatchObject({ done: 300, total: 300, remainingMs: 0 });
    expect(steps.map(({ done }) => done)).toEqual(steps.map(({ done }) => done).toSorted((a, b) => a - b));
  });

  test('no texts: no process', async () => {
    expect((await encode([])).error).toBeUndefined();
    expect(processesSeen()).toBe(0);
  });

  test.each([1, 2])('a process that is killed loses nothing, with %i at work', async (processes) => {
    const { lengths, error } = await encode([...texts, 'crash once'], { processes });
    expect(existsSync(join(folder, 'crashed'))).toBe(true);
    expect(error).toBeUndefined();
    expect(lengths).toEqual([...wanted, 'crash once'.length]);
  });

  test('a text that crashes every process is named, and is not tried for ever', async () => {
    const { error, lengths } = await encode([...texts, 'poison']);
    expect(error?.code).toBe('encoder-failed');
    expect(error?.message).toMatch(/2 processes ended over the same \d+ texts, .*exit 7/);
    expect(lengths.at(-1)).toBeUndefined();
  });

  test('the error of a process that cannot start is passed on at once', async () => {
    writeFileSync(join(folder, 'broken'), '');
    const { error } = await encode(texts);
    expect(error).toMatchObject({ code: 'asset-damaged', message: 'weights.bin is damaged' });
  });

  test('another model than was asked for is refused', async () => {
    expect((await encode(texts, { fingerprint: 'other' })).error?.code).toBe('encoder-mismatch');
  });

  test('an abort ends hanging processes and keeps what came before', async () => {
    const stop = new AbortController();
    const { error, lengths } = await encode(['hang', ...texts], {
      signal: stop.signal,
      onProgress: ({ done }) => {
        if (done > 100) stop.abort();
      },
    });
    expect(error?.code).toBe('aborted');
    expect(lengths[0]).toBeUndefined();
    expect(lengths.filter((length) => length !== undefined).length).toBeGreaterThan(100);
    expect((await encode(texts, { signal: stop.signal })).error?.code).toBe('aborted');
  });

  test('an error of onVectors ends the pool; its calls never overlap', async () => {
    let open = 0;
    const { unexpected } = await encode(texts, {
      onVectors: async () => {
        open++;
        await new Promise((resolve) => setImmediate(resolve));
        if (open > 1) throw new Error('overlap');
        open--;
      },
    });
    expect(unexpected).toBeUndefined();
    const full = await encode(texts, { onVectors: () => Promise.reject(new Error('disk full')) });
    expect(String(full.unexpected)).toContain('disk full');
  });
});
