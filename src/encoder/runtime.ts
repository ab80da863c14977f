// Loads the ONNX Runtime build of a rung from this site, and only that build: they take 14 and 17 MB.
import type * as Ort from 'onnxruntime-web';
import { fromBase64 } from '../base/bytes.ts';
import { messageOf, RecommenderError } from '../base/errors.ts';
import type { OrtRung } from './encoder.ts';

export type OrtModule = typeof Ort;

interface RuntimeOptions {
  /** Threads of the WASM build; over 1 needs a cross-origin isolated page. */
  threads: number;
}

/** @throws encoder-failed when the runtime's own files cannot be loaded */
export async function loadRuntime(rung: OrtRung, options: RuntimeOptions): Promise<OrtModule> {
  try {
    const ort = rung === 'webgpu' ? await loadWebGpuBuild() : await loadWasmBuild();
    ort.env.wasm.numThreads = options.threads;
    ort.env.wasm.proxy = false; // refuses GPU tensors, and this code runs in a worker already
    ort.env.logLevel = 'error';
    if (rung === 'wasm') await compileNow(ort);
    void keepRuntime(ort);
    return ort;
  } catch (error) {
    if (error instanceof RecommenderError) throw error;
    throw new RecommenderError('encoder-failed', `The ${rung} runtime could not be loaded: ${messageOf(error)}.`, {}, { cause: error });
  }
}

/** A graph of one Identity node, as ONNX protobuf. */
const SMALLEST_GRAPH = 'CAg6NwoQCgFhEgFiIghJZGVudGl0eRIBZ1oPCgFhEgoKCAgBEgQKAggBYg8KAWISCgoICAESBAoCCAFCBAoAEBE=';

/** Compiles the WASM while weights and tokenizer load. By itself the runtime compiles at the first session. */
async function compileNow(ort: OrtModule): Promise<void> {
  const session = await ort.InferenceSession.create(fromBase64(SMALLEST_GRAPH));
  await session.release();
}

async function loadWasmBuild(): Promise<OrtModule> {
  const ort: OrtModule = await import('onnxruntime-web/wasm');
  ort.env.wasm.wasmPaths = await wasmBuildPaths();
  return ort;
}

/** Absolute URLs of the CPU-only build. */
export async function wasmBuildPaths(): Promise<{ wasm: string; mjs: string }> {
  const [wasm, mjs] = await Promise.all([
    import('onnxruntime-web/ort-wasm-simd-threaded.wasm?url'),
    import('onnxruntime-web/ort-wasm-simd-threaded.mjs?url'),
  ]);
  return { wasm: absolute(wasm.default), mjs: absolute(mjs.default) };
}

async function loadWebGpuBuild(): Promise<OrtModule> {
  const ort: OrtModule = await import('onnxruntime-web/jspi');
  const [wasm, mjs] = await Promise.all([
    import('onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url'),
    import('onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url'),
  ]);
  ort.env.wasm.wasmPaths = { wasm: absolute(wasm.default), mjs: absolute(mjs.default) };
  return ort;
}

/** Cache that the service worker answers the runtime's files from. */
const RUNTIME_CACHE = 'kindred-runtime';

/** Caches the runtime for offline use: at the first visit it loads before the service worker controls the page. */
async function keepRuntime(ort: OrtModule): Promise<void> {
  const paths = ort.env.wasm.wasmPaths;
  if (!globalThis.caches || import.meta.env.DEV || typeof paths !== 'object') return;
  const cache = await caches.open(RUNTIME_CACHE);
  for (const url of [paths.wasm, paths.mjs]) {
    if (url === undefined || (await cache.match(url, { ignoreVary: true }))) continue;
    const response = await fetch(url).catch(() => undefined);
    if (!response?.ok) continue;
    // Without the host's headers: a Vary would keep the import of the module from matching.
    const type = response.headers.get('content-type') ?? 'application/octet-stream';
    await cache.put(url, new Response(await response.arrayBuffer(), { headers: { 'content-type': type } })).catch(() => undefined);
  }
}

function absolute(url: string): string {
  return new URL(url, import.meta.url).href;
}

/** Threads for the WASM build: one per core, at most four (more did not speed up a model of this size). */
export function threadsAvailable(): number {
  if (!globalThis.crossOriginIsolated) return 1;
  return Math.max(1, Math.min(4, navigator.hardwareConcurrency ?? 1));
}
