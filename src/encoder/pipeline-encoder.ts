// An encoder over the `feature-extraction` pipeline of transformers.js, for any model of that ecosystem in a folder on the
// site's own host. Must never reach for another host: neither for the model nor for the runtime.
import type { FeatureExtractionPipeline } from '@xenova/transformers';
import { messageOf, RecommenderError, throwIfAborted } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import type { ProgressCallback } from '../base/types.ts';
import { type BatchedSession, type BatchLimits, encodeBatched, RunQueue } from './batches.ts';
import type { EncodeOptions, Encoder, EncoderStatus } from './encoder.ts';
import { encoderFault } from './onnx-encoder.ts';
import { PipelineFiles } from './pipeline-files.ts';
import { threadsAvailable, wasmBuildPaths } from './runtime.ts';
import { cutText, type TextWindow } from './text-windows.ts';

/** What transformers.js puts behind the name of a model file. */
const SUFFIX = { fp32: '', fp16: '_fp16', q8: '_quantized', int8: '_int8', uint8: '_uint8', q4: '_q4', q4f16: '_q4f16' } as const;

/** Without a limit of its own a model is taken to be of BERT's length. */
const DEFAULT_MAX_TOKENS = 512;
const LIMITS: BatchLimits = { tokenBudget: 512, maxRows: 32 };

export interface PipelineOptions {
  /** Absolute URL of the model's folder (config.json, tokenizer.json, tokenizer_config.json, onnx/), with a slash at the end. */
  modelUrl: string;
  /** How token vectors become one; as the model was trained. Default mean. */
  pooling?: 'mean' | 'cls';
  /** Put before every text, such as `query: ` for e5. Default none. */
  prefix?: string;
  /** Which file of `onnx/`: default q8, `model_quantized.onnx`. */
  dtype?: keyof typeof SUFFIX;
  /** BCP-47 tags, for the status. */
  languages?: readonly string[];
  threads?: number;
  signal?: AbortSignal;
  /** Bytes fetched; nothing is reported for files that are kept from an earlier visit. */
  onProgress?: ProgressCallback;
  fetch?: typeof fetch;
}

/**
 * Loads a model into the pipeline, on WASM: without check vectors nobody can tell whether a GPU's vectors are right.
 *
 * The fingerprint is `folder/dimensions/pooling/prefix/config/file/bytes`: SHA-256 of config.json (16 digits), name and
 * size of the ONNX file. transformers.js keeps files by URL, so another model belongs in another folder.
 * `status.checkCosine` compares a text encoded alone with the same text in a padded batch.
 * @throws asset-missing, asset-unreachable, aborted, bad-argument; encoder-failed when the files are no such model
 */
export async function loadPipelineEncoder(options: PipelineOptions): Promise<Encoder> {
  const { modelUrl, pooling = 'mean', prefix = '', dtype = 'q8', languages = [] } = options;
  const files = new PipelineFiles(options);
  const threads = options.threads ?? threadsAvailable();
  const pipeline = await files.explain(() => createPipeline(files, dtype, threads));
  const probe = 'A text to see that the pipeline works.';
  const status: EncoderStatus = {
    model: files.name,
    rung: 'wasm',
    reason: 'WebAssembly, because models without check vectors are not run on the GPU',
    checkCosine: 0,
    threads,
    device: '',
    languages,
  };
  try {
    const run = (texts: readonly string[]) => runPipeline(pipeline, texts, pooling);
    const alone = await run([prefix + probe]);
    const dimensions = alone.length;
    const padded = await run([prefix + probe, prefix + probe.repeat(4)]);
    for (let j = 0; j < dimensions; j++) status.checkCosine += (alone[j] as number) * (padded[j] as number);
    if (!Number.isFinite(status.checkCosine)) throw new Error('the vectors hold NaN or infinity');
    const onnxFile = `onnx/model${SUFFIX[dtype]}.onnx`;
    const config = (await sha256Hex(await files.text('config.json'))).slice(0, 16);
    const fingerprint = [files.name, dimensions, pooling, prefix.trim(), config, onnxFile, await files.bytesOf(onnxFile)].join('/');
    return new PipelineEncoder({ pipeline, dimensions, fingerprint, status, prefix, run });
  } catch (error) {
    await pipeline.dispose().catch(() => undefined);
    throwIfAborted(options.signal, `Loading ${modelUrl}`);
    throw new RecommenderError(
      'encoder-failed',
      `The model at ${modelUrl} does not work as a feature-extraction pipeline: ${messageOf(error)}. Use a text embedding model exported for transformers.js.`,
      { url: modelUrl },
      { cause: error },
    );
  }
}

async function createPipeline(files: PipelineFiles, dtype: keyof typeof SUFFIX, threads: number): Promise<FeatureExtractionPipeline> {
  const [library, wasmPaths] = await Promise.all([import('@xenova/transformers'), wasmBuildPaths()]);
  const { AutoModel, AutoTokenizer, env, FeatureExtractionPipeline, LogLevel } = library;
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = files.parentPath;
  env.useBrowserCache = 'caches' in globalThis;
  env.useWasmCache = false; // would run the runtime from a blob: URL, which the page's content security policy forbids
  env.logLevel = LogLevel.ERROR;
  env.fetch = files.fetch;
  const wasm = env.backends.onnx.wasm;
  if (!wasm) throw new Error('transformers.js came without its WASM backend');
  wasm.wasmPaths = wasmPaths; // its default is a CDN
  wasm.numThreads = threads;
  // What `pipeline()` does, without its probe for a tokenizer, whose answer it remembers even when the network was down.
  const [tokenizer, model] = await Promise.all([
    AutoTokenizer.from_pretrained(files.name),
    AutoModel.from_pretrained(files.name, { device: 'wasm', dtype }),
  ]);
  return new FeatureExtractionPipeline({ task: 'feature-extraction', model, tokenizer });
}

async function runPipeline(pipeline: FeatureExtractionPipeline, texts: readonly string[], pooling: 'mean' | 'cls'): Promise<Float32Array> {
  const { data } = await pipeline([...texts], { pooling, normalize: true });
  if (!(data instanceof Float32Array)) throw new Error('its vectors are not float32');
  return data;
}

interface PipelineParts {
  pipeline: FeatureExtractionPipeline;
  dimensions: number;
  fingerprint: string;
  status: EncoderStatus;
  prefix: string;
  run: (texts: readonly string[]) => Promise<Float32Array>;
}

class PipelineEncoder implements Encoder {
  readonly dimensions: number;
  readonly fingerprint: string;
  readonly status: EncoderStatus;
  readonly #pipeline: FeatureExtractionPipeline;
  readonly #queue = new RunQueue((cause) => encoderFault('wasm', cause));
  readonly #session: BatchedSession<TextWindow>;

  constructor({ pipeline, dimensions, fingerprint, status, prefix, run }: PipelineParts) {
    this.dimensions = dimensions;
    this.fingerprint = fingerprint;
    this.status = status;
    this.#pipeline = pipeline;
    const maxTokens = maxTokensOf(pipeline);
    this.#session = {
      dimensions,
      limits: LIMITS,
      cut: (text) => cutText(text, maxTokens, (part) => pipeline.tokenizer.encode(prefix + part).length),
      tokensOf: ({ tokens }) => tokens,
      run: (batch, windows) =>
        this.#queue.run(async () => {
          const output = await run(batch.windows.map((index) => prefix + (windows[index] as TextWindow).text));
          const expected = batch.windows.length * dimensions;
          if (output.length !== expected) throw new Error(`${output.length} numbers came instead of ${expected}`);
          return output;
        }),
    };
  }

  encode(texts: readonly string[], options?: EncodeOptions): Promise<Float32Array> {
    return encodeBatched(this.#session, texts, options);
  }

  /** Waits for the run in progress; `encode` fails with `aborted` from now on. */
  dispose(): Promise<void> {
    return this.#queue.close(() => this.#pipeline.dispose());
  }
}

/** Tokenizers without a limit state 1e30; RoBERTa's positions count two that no token can have, which its tokenizer knows. */
function maxTokensOf({ tokenizer, model }: FeatureExtractionPipeline): number {
  const config: object = model.config;
  const positions = 'max_position_embeddings' in config ? Number(config.max_position_embeddings) : Number.NaN;
  const stated = [Number(tokenizer.model_max_length), positions].filter((limit) => limit > 0 && limit < 1e6);
  return stated.length > 0 ? Math.min(...stated) : DEFAULT_MAX_TOKENS;
}
