// Runs in the browser: the instant encoder and the transformer on one thread of WebAssembly, on the same texts.
import { loadInstantEncoder } from '../../src/encoder/instant/load-instant.ts';
import { loadEncoder } from '../../src/encoder/load-encoder.ts';
import { parseManifestText } from '../../src/encoder/manifest.ts';

const MODEL = new URL('/models/multilingual-e5-small/', location.href).href;
const INSTANT = new URL('/models/multilingual-e5-small-instant/', location.href).href;

const encoders = {};

/** Loads both. @returns statuses, fingerprints, dimensions and the time until the instant encoder was ready */
export async function prepare() {
  const manifest = parseManifestText(await (await fetch(`${MODEL}manifest.json`)).text(), MODEL);
  const startMs = performance.now();
  encoders.instant = await loadInstantEncoder({ modelUrl: INSTANT, tokenizer: { manifest, modelUrl: MODEL } });
  const instantLoadMs = performance.now() - startMs;
  encoders.transformer = await loadEncoder({ modelUrl: MODEL, manifest, choice: 'wasm', threads: 1 });
  const about = ({ status, fingerprint, dimensions }) => ({ status, fingerprint, dimensions });
  return { instantLoadMs, instant: about(encoders.instant), transformer: about(encoders.transformer) };
}

/** @returns {Promise<number>} milliseconds for the texts, tokenizing included */
export async function time(name, texts) {
  const startMs = performance.now();
  await encoders[name].encode(texts);
  return performance.now() - startMs;
}

/** Each text alone, as while typing. @returns {number[]} milliseconds */
export function timeSearches(texts) {
  return texts.map((text) => {
    const startMs = performance.now();
    encoders.instant.encodeNow(text);
    return performance.now() - startMs;
  });
}

/** @returns {Promise<number[][]>} a vector a text */
export async function vectors(name, texts) {
  const { dimensions } = encoders[name];
  const all = await encoders[name].encode(texts);
  return texts.map((_, i) => [...all.subarray(i * dimensions, (i + 1) * dimensions)]);
}
