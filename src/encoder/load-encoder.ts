// The ladder: WebGPU where a real adapter passes the self-check, else WASM, else an error that says why.
// Returns an encoder only after its vectors agreed with the manifest's check vectors.
import { messageOf, RecommenderError } from '../base/errors.ts';
import type { ProgressCallback } from '../base/types.ts';
import { inspectGpu } from './adapter-check.ts';
import { type AssetOptions, loadAsset } from './assets.ts';
import type { Encoder, EncoderStatus, OrtRung } from './encoder.ts';
import { checkVectors, fingerprintOf, lowestCosine, type ModelManifest } from './manifest.ts';
import { OnnxEncoder } from './onnx-encoder.ts';
import { loadRuntime, threadsAvailable } from './runtime.ts';
import { loadTokenizer } from './tokenizer/load.ts';

interface LoadOptions extends AssetOptions {
  /** Absolute URL of the model's folder, with a slash at the end. */
  modelUrl: string;
  manifest: ModelManifest;
  choice: 'auto' | 'webgpu' | 'wasm';
  onProgress?: ProgressCallback | undefined;
  threads?: number;
}

/** Padded tokens of a batch: on WASM 512 is the fastest and keeps an abort under about a second. */
const LIMITS = {
  wasm: { tokenBudget: 512, maxRows: 32 },
  webgpu: { tokenBudget: 4096, maxRows: 64 },
} as const;

/** @throws encoder-failed when no rung works; asset-* when files are missing or damaged; aborted */
export async function loadEncoder(options: LoadOptions): Promise<Encoder> {
  const { choice } = options;
  const files = new ModelFiles(options);
  let stepDown = '';
  if (choice !== 'wasm') {
    const gpu = await inspectGpu(choice === 'webgpu');
    if (gpu.usable) {
      try {
        return await startRung('webgpu', gpu.reason, gpu.device, options, files);
      } catch (error) {
        if (error instanceof RecommenderError && (error.code === 'aborted' || error.code.startsWith('asset-'))) throw error;
        stepDown = `WebGPU did not work (${messageOf(error)})`;
      }
    } else stepDown = gpu.reason;
  }
  const reason = stepDown ? `WebAssembly, because ${stepDown}` : 'WebAssembly was asked for';
  try {
    return await startRung('wasm', reason, '', options, files);
  } catch (error) {
    if (error instanceof RecommenderError && error.code !== 'encoder-fault' && error.code !== 'encoder-failed') throw error;
    throw new RecommenderError(
      'encoder-failed',
      `The encoder cannot run here: ${messageOf(error)}${stepDown ? ` Before that: ${stepDown}.` : ''} Try a current Chrome, Edge, Firefox or Safari.`,
      {},
      { cause: error },
    );
  }
}

/** The files that both rungs share. Fetches each once. */
class ModelFiles {
  readonly #options: LoadOptions;
  readonly #loads = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  #done = 0;
  #total = 0;

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  load(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const running = this.#loads.get(name);
    if (running) return running;
    const { modelUrl, manifest, onProgress } = this.#options;
    const entry = manifest.files[name];
    if (!entry) throw new RecommenderError('bad-manifest', `The manifest has no size and SHA-256 for "${name}".`);
    this.#total += entry.bytes;
    const load = loadAsset(new URL(name, modelUrl).href, entry, {
      ...this.#options,
      onBytes: (bytes) => {
        this.#done += bytes;
        onProgress?.({ done: this.#done, total: this.#total, unit: 'bytes' });
      },
    });
    this.#loads.set(name, load);
    return load;
  }

  forget(): void {
    this.#loads.clear(); // the session holds its own copy
  }
}

async function startRung(rung: OrtRung, reason: string, device: string, options: LoadOptions, files: ModelFiles): Promise<Encoder> {
  const { manifest, choice } = options;
  const threads = rung === 'wasm' ? (options.threads ?? threadsAvailable()) : 1;
  // In parallel: the tokenizer parses while the runtime and the weights load.
  const starting = createSession(rung, threads, manifest, files);
  const [tokenizer, { ort, session }] = await Promise.all([loadTokenizer(manifest, (name) => files.load(name)), starting]).catch(
    async (error: unknown) => {
      void starting.then(({ session }) => session.release()).catch(() => undefined); // leaves no session behind
      throw error;
    },
  );
  const status: EncoderStatus = { model: manifest.name, rung, reason, checkCosine: 0, threads, device, languages: manifest.languages };
  const encoder = new OnnxEncoder({ ort, session, tokenizer, manifest, fingerprint: fingerprintOf(manifest), limits: LIMITS[rung], status });
  try {
    status.checkCosine = await selfCheck(encoder, manifest, checkedTexts(rung, choice));
  } catch (error) {
    await encoder.dispose().catch(() => undefined);
    throw error;
  }
  files.forget();
  return encoder;
}

async function createSession(rung: OrtRung, threads: number, manifest: ModelManifest, files: ModelFiles) {
  const [ort, graph, ...weights] = await Promise.all([
    loadRuntime(rung, { threads }),
    files.load(manifest.graphs[rung]),
    ...manifest.weights.map((name) => files.load(name)),
  ]);
  const session = await ort.InferenceSession.create(graph, {
    executionProviders: [rung],
    externalData: manifest.weights.map((path, i) => ({ path, data: weights[i] as Uint8Array })),
    enableCpuMemArena: true,
    logSeverityLevel: 3, // errors only: it warns of each graph that some nodes run on the CPU
  });
  return { ort, session };
}

/**
 * All check texts on a GPU, whose kernels go wrong by shape and driver. Three on WASM, which is the same code everywhere:
 * twelve would take half of the time from a reload to the first search result. Four when a slow adapter was asked for.
 */
function checkedTexts(rung: OrtRung, choice: LoadOptions['choice']): number | undefined {
  if (rung === 'wasm') return 3;
  return choice === 'webgpu' ? 4 : undefined;
}

/**
 * Encodes the manifest's check texts and compares.
 * @param limit texts to check
 * @returns the lowest cosine
 * @throws encoder-failed below the manifest's minimum
 */
async function selfCheck(encoder: OnnxEncoder, manifest: ModelManifest, limit = manifest.check.texts.length): Promise<number> {
  const wanted = checkVectors(manifest);
  const texts = manifest.check.texts.slice(0, limit);
  const got = await encoder.encode(texts);
  const lowest = lowestCosine(wanted, got, encoder.dimensions);
  if (lowest < manifest.check.minCosine) {
    throw new RecommenderError(
      'encoder-failed',
      `the self-check gave cosine ${lowest.toFixed(4)} where at least ${manifest.check.minCosine} is needed`,
      { cosine: lowest },
    );
  }
  return lowest;
}
