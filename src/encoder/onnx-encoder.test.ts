// Order, windows, cancellation and faults of the encoder, over a session whose answers are known.
import { describe, expect, test } from 'vitest';
import { RecommenderError } from '../base/errors.ts';
import { seededRandom } from '../base/random.ts';
import type { Progress } from '../base/types.ts';
import { expectedVector, fakeEncoder, windowIds } from './testing/fake-session.ts';

const row = (vectors: Float32Array, index: number, d: number) => [...vectors.subarray(index * d, (index + 1) * d)];

function expectClose(got: readonly number[], want: readonly number[]): void {
  expect(got).toHaveLength(want.length);
  got.forEach((value, i) => {
    expect(value).toBeCloseTo(want[i] ?? Number.NaN, 5);
  });
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof RecommenderError ? error.code : String(error);
}

describe('order', () => {
  test('1,500 texts of random length: vector i belongs to text i; every row comes once through onBatch', async () => {
    const random = seededRandom(4);
    const texts = Array.from({ length: 1500 }, (_, i) => `${i} `.padEnd(1 + Math.floor(random() * 50), 'xyz'));
    const { encoder, runs } = fakeEncoder();
    const seen: number[] = [];
    const progress: Progress[] = [];
    const batched = new Float32Array(texts.length * encoder.dimensions);
    const vectors = await encoder.encode(texts, {
      onBatch: (rows, part) => {
        expect(part).toHaveLength(rows.length * encoder.dimensions);
        rows.forEach((index, i) => {
          seen.push(index);
          batched.set(part.subarray(i * encoder.dimensions, (i + 1) * encoder.dimensions), index * encoder.dimensions);
        });
      },
      onProgress: (step) => progress.push(step),
    });
    texts.forEach((text, i) => {
      expectClose(row(vectors, i, encoder.dimensions), expectedVector(windowIds(`q: ${text}`)));
    });
    expect(batched).toEqual(vectors);
    expect(seen.sort((a, b) => a - b)).toEqual(texts.map((_, i) => i));
    expect(progress[0]).toEqual({ done: 0, total: 1500, unit: 'texts' });
    expect(progress.at(-1)).toEqual({ done: 1500, total: 1500, unit: 'texts' });
    for (const { rows, length } of runs) expect(rows * length).toBeLessThanOrEqual(128);
  });

  test('no texts: no run, an empty matrix', async () => {
    const { encoder, runs } = fakeEncoder();
    expect(await encoder.encode([])).toHaveLength(0);
    expect(runs).toHaveLength(0);
  });

  test('the next batch waits for onBatch', async () => {
    const { encoder, runs } = fakeEncoder();
    const during: number[] = [];
    await encoder.encode(
      Array.from({ length: 12 }, (_, i) => `${i}`),
      {
        onBatch: async () => {
          const before = runs.length;
          await new Promise((resolve) => setTimeout(resolve, 5));
          during.push(runs.length - before);
        },
      },
    );
    expect(during).toEqual([0, 0, 0]);
  });

  test('a search that comes meanwhile runs between two batches, never beside one', async () => {
    const { encoder, runs, state } = fakeEncoder();
    const catalogue = encoder.encode(Array.from({ length: 40 }, (_, i) => `item ${i}`));
    const search = encoder.encode(['a search']).then(() => runs.length);
    expect(await search).toBeLessThan(5);
    await catalogue;
    expect(state.mostConcurrent).toBe(1);
  });
});

describe('windows of a long text', () => {
  test('are averaged by their token counts, with the prefix in each', async () => {
    const { encoder } = fakeEncoder({ maxTokens: 16 }); // 16 - 2 special - 2 prefix tokens = 12 of the text in each
    const body = ' abcdefghijklmnopqrstuvwxyzabcd'; // 31 tokens, the space that ends the prefix among them
    const vectors = await encoder.encode(['short', body.slice(1), 'also']);
    const sum = new Array<number>(encoder.dimensions).fill(0);
    for (const part of [body.slice(0, 12), body.slice(12, 24), body.slice(24)]) {
      const ids = windowIds(`q:${part}`);
      expectedVector(ids).forEach((value, j) => {
        sum[j] = (sum[j] ?? 0) + value * ids.length;
      });
    }
    const norm = Math.hypot(...sum);
    expectClose(
      row(vectors, 1, encoder.dimensions),
      sum.map((value) => value / norm),
    );
    expectClose(row(vectors, 0, encoder.dimensions), expectedVector(windowIds('q: short')));
  });

  test('one text of 40 windows comes through onBatch once, when it is whole', async () => {
    const { encoder } = fakeEncoder({ maxTokens: 16 });
    const batches: (readonly number[])[] = [];
    await encoder.encode(['x'.repeat(480)], { onBatch: (rows) => void batches.push(rows) });
    expect(batches).toEqual([[0]]);
  });
});

describe('stopping', () => {
  test('happens between batches; what was done was handed out', async () => {
    const { encoder, runs } = fakeEncoder();
    const controller = new AbortController();
    let handed = 0;
    const work = encoder.encode(
      Array.from({ length: 40 }, (_, i) => `${i}`),
      {
        signal: controller.signal,
        onBatch: (rows) => {
          handed += rows.length;
          if (handed >= 8) controller.abort();
        },
      },
    );
    expect(await codeOf(work)).toBe('aborted');
    expect(handed).toBe(8);
    expect(runs).toHaveLength(2);
    expect(await encoder.encode(['still works'])).toHaveLength(encoder.dimensions);
  });

  test('closing waits for the run in progress, releases once, and ends later calls', async () => {
    const { encoder, state } = fakeEncoder();
    const work = encoder.encode(['a']);
    await Promise.all([encoder.dispose(), encoder.dispose()]);
    expect(await work).toHaveLength(encoder.dimensions);
    expect(state.released).toBe(1);
    expect(await codeOf(encoder.encode(['b']))).toBe('aborted');
  });
});

describe('faults', () => {
  test('a run that throws is an encoder-fault, and no later run is tried', async () => {
    const { encoder, runs } = fakeEncoder({
      spoil: (run) => {
        if (run === 1) throw new Error('device lost');
      },
    });
    const work = encoder.encode(Array.from({ length: 12 }, (_, i) => `${i}`));
    await expect(work).rejects.toThrow(/device lost/);
    expect(await codeOf(work)).toBe('encoder-fault');
    expect(await codeOf(encoder.encode(['again']))).toBe('encoder-fault');
    expect(runs).toHaveLength(2);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('an output that holds %s is a fault', async (value) => {
    const { encoder } = fakeEncoder({
      spoil: (_, output) => {
        output[3] = value;
      },
    });
    expect(await codeOf(encoder.encode(['a']))).toBe('encoder-fault');
  });
});
