// Runs in the browser: this project's encoder and transformers.js side by side, on the same graph and weights.
import { AutoModel, AutoTokenizer, env } from '@xenova/transformers';
import { openModelCache } from '../../src/encoder/assets.ts';
import { loadEncoder } from '../../src/encoder/load-encoder.ts';
import { parseManifestText } from '../../src/encoder/manifest.ts';

const MODEL = 'multilingual-e5-small';
const FOLDER = new URL(`/models/${MODEL}/`, location.href).href;
const BATCH = 32;

let ours;
let theirs;
let manifest;

/** @param runtime URLs of the .wasm and .mjs that transformers.js is to run on */
export async function prepare({ threads, runtime }) {
  manifest = parseManifestText(await (await fetch(`${FOLDER}manifest.json`)).text(), FOLDER);
  ours = await loadEncoder({ modelUrl: FOLDER, manifest, choice: 'wasm', threads, cache: await openModelCache() });
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = '/models/';
  env.useWasmCache = false;
  env.backends.onnx.wasm.wasmPaths = runtime;
  env.backends.onnx.wasm.numThreads = threads;
  const [tokenizer, model] = await Promise.all([
    AutoTokenizer.from_pretrained(MODEL),
    AutoModel.from_pretrained(MODEL, {
      device: 'wasm',
      dtype: 'fp32', // no suffix to the file name; the graph itself is 4-bit
      subfolder: '',
      model_file_name: 'graph.wasm',
      session_options: { externalData: manifest.weights.map((path) => ({ path, data: path })) },
    }),
  ]);
  theirs = { tokenizer, model };
  return { threads: ours.status.threads, version: env.version };
}

async function encodeTheirs(texts) {
  const out = new Float32Array(texts.length * manifest.dimensions);
  for (let start = 0; start < texts.length; start += BATCH) {
    const batch = texts.slice(start, start + BATCH).map((text) => manifest.prefix.item + text);
    const inputs = theirs.tokenizer(batch, { padding: true, truncation: true });
    const output = await theirs.model(inputs);
    out.set(output[manifest.output].data, start * manifest.dimensions);
  }
  return out;
}

const systems = { ours: (texts) => ours.encode(texts), theirs: encodeTheirs };

/** One block through both systems, `first` first. @returns milliseconds of each and the cosine of each pair of vectors */
export async function block(texts, first) {
  const result = { ours: 0, theirs: 0, cosines: [] };
  const vectors = {};
  for (const name of first === 'ours' ? ['ours', 'theirs'] : ['theirs', 'ours']) {
    const startMs = performance.now();
    vectors[name] = await systems[name](texts);
    result[name] = performance.now() - startMs;
  }
  const d = manifest.dimensions;
  for (let row = 0; row < texts.length; row++) {
    let dot = 0;
    for (let j = row * d; j < (row + 1) * d; j++) dot += vectors.ours[j] * vectors.theirs[j];
    result.cosines.push(dot);
  }
  return result;
}
