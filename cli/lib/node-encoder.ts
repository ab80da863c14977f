// The page's encoder in Node: the same WebAssembly, the same files, the same checks.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, RecommenderError } from '../../src/base/errors.ts';
import type { Encoder } from '../../src/encoder/encoder.ts';
import { checkVectors, fingerprintOf, type ModelManifest, parseManifestText } from '../../src/encoder/manifest.ts';
import { OnnxEncoder } from '../../src/encoder/onnx-encoder.ts';
import type { OrtModule } from '../../src/encoder/runtime.ts';
import { loadTokenizer } from '../../src/encoder/tokenizer/load.ts';

/** As the page has them for WebAssembly. */
const LIMITS = { tokenBudget: 512, maxRows: 32 };
/** WebAssembly computes the same everywhere, so three texts suffice to see that files and runtime belong together. */
const CHECKED_TEXTS = 3;

/** @throws asset-missing, bad-manifest */
export async function readModelManifest(folder: string): Promise<ModelManifest> {
  const path = join(folder, 'manifest.json');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new RecommenderError(
      'asset-missing',
      `${folder} is not the folder of a model: ${messageOf(cause)}. Name one with --model.`,
      { folder },
      { cause },
    );
  });
  return parseManifestText(text, path);
}

/**
 * One thread of ONNX Runtime's WebAssembly; for more cores see encoder-pool.ts.
 * @param folder of the model, with manifest.json
 * @throws asset-missing, asset-damaged, bad-manifest; encoder-failed when its vectors are not those of the manifest
 */
export async function loadNodeEncoder(folder: string): Promise<Encoder> {
  const manifest = await readModelManifest(folder);
  const load = (name: string) => verifiedFile(folder, name, manifest);
  const ort: OrtModule = await import('onnxruntime-web/wasm');
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  const [tokenizer, graph, ...weights] = await Promise.all([
    loadTokenizer(manifest, load),
    load(manifest.graphs.wasm),
    ...manifest.weights.map(load),
  ]);
  const externalData = manifest.weights.flatMap((path, i) => {
    const data = weights[i];
    return data ? [{ path, data }] : [];
  });
  const session = await ort.InferenceSession.create(graph, { executionProviders: ['wasm'], externalData, logSeverityLevel: 3 });
  const encoder = new OnnxEncoder({
    ort,
    session,
    tokenizer,
    manifest,
    fingerprint: fingerprintOf(manifest),
    limits: LIMITS,
    status: { model: manifest.name, rung: 'wasm', reason: 'Node', checkCosine: 0, threads: 1, device: '', languages: manifest.languages },
  });
  encoder.status = { ...encoder.status, checkCosine: await selfCheck(encoder, manifest) };
  return encoder;
}

async function verifiedFile(folder: string, name: string, manifest: ModelManifest): Promise<Uint8Array<ArrayBuffer>> {
  const entry = manifest.files[name];
  if (!entry) throw new RecommenderError('bad-manifest', `The manifest has no size and SHA-256 for "${name}".`, { name });
  const path = join(folder, name);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new RecommenderError('asset-missing', `${path} is missing: ${messageOf(cause)}. Copy the model's folder again.`, { path }, { cause });
  });
  const hash = createHash('sha256').update(bytes).digest('hex');
  if (bytes.length !== entry.bytes || hash !== entry.sha256) {
    throw new RecommenderError('asset-damaged', `${path} is damaged: it is not the file that the manifest names. Copy the model's folder again.`, {
      path,
    });
  }
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

async function selfCheck(encoder: OnnxEncoder, manifest: ModelManifest): Promise<number> {
  const wanted = checkVectors(manifest);
  const got = await encoder.encode(manifest.check.texts.slice(0, CHECKED_TEXTS));
  let lowest = 1;
  for (let start = 0; start < got.length; start += encoder.dimensions) {
    let cosine = 0;
    for (let i = start; i < start + encoder.dimensions; i++) cosine += (wanted[i] as number) * (got[i] as number);
    lowest = Math.min(lowest, cosine);
  }
  if (lowest >= manifest.check.minCosine) return lowest;
  throw new RecommenderError(
    'encoder-failed',
    `The encoder's self-check gave cosine ${lowest.toFixed(4)} where at least ${manifest.check.minCosine} is needed. Copy the model's folder again.`,
    { cosine: lowest },
  );
}
