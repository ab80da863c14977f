// What a first visit downloads for the encoder: ours from the files here, theirs from the files here (runtime) and the
// published sizes (model), since nothing is fetched from a third party.
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MODEL = `${ROOT}public/models/multilingual-e5-small/`;
const RUNTIME = `${ROOT}node_modules/onnxruntime-web/dist/`;

/** The peer's default files, which are not here: constants from their publisher's list. */
export const PUBLISHED = {
  weights: 118e6,
  tokenizer: 17e6,
  source: 'huggingface.co/Xenova/multilingual-e5-small, onnx/model_quantized.onnx (8 bits a weight) and tokenizer.json',
  readOn: '2026-11-24',
};

const bytes = (path) => statSync(path).size;
const gzipped = (path) => gzipSync(readFileSync(path), { level: 6 }).length;
const runtime = (name) => gzipped(`${RUNTIME}${name}.wasm`) + gzipped(`${RUNTIME}${name}.mjs`);

/** @returns {{what: string, ours: number, theirs: number}[]} bytes over the wire */
export function transferSizes() {
  const { weights, graphs, tokenizerCompact } = JSON.parse(readFileSync(`${MODEL}manifest.json`, 'utf8'));
  const rows = [
    {
      what: 'weights and graph',
      ours: [...weights, graphs.wasm].reduce((sum, name) => sum + bytes(MODEL + name), 0) + gzipped(`${MODEL}manifest.json`),
      theirs: PUBLISHED.weights,
    },
    { what: 'tokenizer', ours: bytes(MODEL + tokenizerCompact), theirs: PUBLISHED.tokenizer },
    { what: 'runtime', ours: runtime('ort-wasm-simd-threaded'), theirs: runtime('ort-wasm-simd-threaded.asyncify') },
  ];
  const total = (key) => rows.reduce((sum, row) => sum + row[key], 0);
  return [...rows, { what: 'together', ours: total('ours'), theirs: total('theirs') }];
}
