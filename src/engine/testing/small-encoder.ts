// For tests of what happens around the encoder: an encoder whose vectors come from a hash of the text, with a fault on request, and the
// scope of a catalogue.
import { RecommenderError } from '../../base/errors.ts';
import type { Encoder } from '../../encoder/encoder.ts';
import { identityAdapter } from '../../language/adapter.ts';
import { MemoryStore } from '../../store/memory-store.ts';
import type { CatalogueScope } from '../catalogue-scope.ts';
import type { Model } from '../model.ts';
import { StatusBoard } from '../runtime.ts';

const DIMENSIONS = 8;
const BATCH = 5;

/** @param faultAfterBatches batches after which every run fails, as a lost device does */
export function smallModel(faultAfterBatches = Number.POSITIVE_INFINITY): Model {
  let batches = 0;
  const encoder: Encoder = {
    dimensions: DIMENSIONS,
    fingerprint: 'small-test-encoder',
    status: { model: 'small', rung: 'wasm', reason: 'a test', checkCosine: 1, threads: 1, device: '', languages: [] },
    encode: async (texts, options = {}) => {
      const out = new Float32Array(texts.length * DIMENSIONS);
      for (let start = 0; start < texts.length; start += BATCH) {
        if (options.signal?.aborted) throw new RecommenderError('aborted', 'stopped');
        if (++batches > faultAfterBatches) throw new RecommenderError('encoder-fault', 'the device was lost');
        const rows = texts.slice(start, start + BATCH).map((_, i) => start + i);
        for (const row of rows) out.set(vectorOf(texts[row] ?? ''), row * DIMENSIONS);
        await new Promise((resolve) => setTimeout(resolve, 5));
        await options.onBatch?.(rows, out.slice(start * DIMENSIONS, (start + rows.length) * DIMENSIONS));
      }
      return out;
    },
    dispose: () => Promise.resolve(),
  };
  return {
    fingerprint: encoder.fingerprint,
    dimensions: DIMENSIONS,
    adapter: identityAdapter(DIMENSIONS),
    transformer: { get: () => Promise.resolve(encoder), loaded: () => encoder },
    quick: undefined,
    dispose: () => encoder.dispose(),
  };
}

/** A scope with a store in memory and a board that nobody reads. */
export function scopeWith(parts: Pick<CatalogueScope, 'table' | 'model'> & Partial<CatalogueScope>): CatalogueScope {
  return {
    id: 'c',
    speed: 'refined',
    settings: { modelUrl: '', modelKind: 'manifest', encoder: 'auto', speed: 'auto', quickModelUrl: '', databaseName: 'a test' },
    store: new MemoryStore('a test'),
    board: new StatusBoard(
      () => undefined,
      () => 0,
    ),
    signal: new AbortController().signal,
    nowMs: () => 0,
    random: () => 0.5,
    onChange: () => undefined,
    ...parts,
  };
}

function vectorOf(text: string): Float32Array {
  const vector = new Float32Array(DIMENSIONS);
  let state = 7;
  for (const character of text) state = (Math.imul(state, 31) + (character.codePointAt(0) ?? 0)) | 0;
  for (let j = 0; j < DIMENSIONS; j++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    vector[j] = (state >>> 8) / 2 ** 24 - 0.5;
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
