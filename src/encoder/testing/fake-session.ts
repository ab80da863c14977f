// An encoder over a stand-in for ONNX Runtime: the vector of a row counts its token ids modulo the dimensions, so that
// the right answer is known for any batch. For tests of order, windows, cancellation and faults without a model.
import type { ModelManifest } from '../manifest.ts';
import { OnnxEncoder, type OnnxEncoderParts } from '../onnx-encoder.ts';

const DIMENSIONS = 16;

export interface FakeBatch {
  rows: number;
  length: number;
}

class FakeTensor {
  readonly type: string;
  readonly data: BigInt64Array;
  readonly dims: readonly number[];
  constructor(type: string, data: BigInt64Array, dims: readonly number[]) {
    this.type = type;
    this.data = data;
    this.dims = dims;
  }
}

type Feeds = Record<'input_ids' | 'attention_mask', FakeTensor>;

/** Counts of the unmasked tokens by id modulo dimensions, unit length. */
export function expectedVector(ids: readonly number[]): number[] {
  const counts = new Array<number>(DIMENSIONS).fill(0);
  for (const id of ids) counts[id % DIMENSIONS] = (counts[id % DIMENSIONS] ?? 0) + 1;
  const norm = Math.hypot(...counts);
  return counts.map((count) => count / norm);
}

/** Token ids of a window as the fake tokenizer makes them: code points, between 1 and 2. */
export const windowIds = (text: string): number[] => [1, ...Array.from(text, (c) => c.codePointAt(0) ?? 0), 2];

/**
 * @param spoil called before each run with the number of the run, from 0; may throw, or change the output
 */
export function fakeEncoder(options: { maxTokens?: number; spoil?: (run: number, output: Float32Array) => Promise<void> | void } = {}) {
  const runs: FakeBatch[] = [];
  const state = { released: 0, concurrent: 0, mostConcurrent: 0 };
  const session = {
    async run(feeds: Feeds) {
      const [rows = 0, length = 0] = feeds.input_ids.dims;
      const data = new Float32Array(rows * DIMENSIONS);
      for (let row = 0; row < rows; row++) {
        const ids: number[] = [];
        for (let i = row * length; i < (row + 1) * length; i++) {
          if (feeds.attention_mask.data[i] === 1n) ids.push(Number(feeds.input_ids.data[i]));
          else if (feeds.input_ids.data[i] !== 3n) throw new Error('padding is not the pad id');
        }
        data.set(expectedVector(ids), row * DIMENSIONS);
      }
      state.mostConcurrent = Math.max(state.mostConcurrent, ++state.concurrent);
      runs.push({ rows, length });
      try {
        await new Promise((resolve) => setTimeout(resolve, 1));
        await options.spoil?.(runs.length - 1, data);
      } finally {
        state.concurrent--;
      }
      return { vectors: { data } };
    },
    async release() {
      state.released++;
    },
  };
  const manifest = {
    dimensions: DIMENSIONS,
    maxTokens: options.maxTokens ?? 64,
    prefix: { item: 'q: ', query: 'q: ' },
    output: 'vectors',
  } as ModelManifest;
  const parts = {
    ort: { Tensor: FakeTensor },
    session,
    tokenizer: {
      vocabularySize: 0x110000,
      encode: (text: string) => Int32Array.from(text, (c) => c.codePointAt(0) ?? 0),
      prefixIds: [1],
      suffixIds: [2],
      padId: 3,
    },
    manifest,
    fingerprint: 'fake',
    limits: { tokenBudget: 128, maxRows: 4 },
    status: { model: 'fake', rung: 'wasm', reason: '', checkCosine: 1, threads: 1, device: '', languages: [] },
  } as unknown as OnnxEncoderParts;
  return { encoder: new OnnxEncoder(parts), runs, state };
}
