// The fetch function of transformers.js: it stays on one host, counts bytes, and refuses an HTML page in place of a file. After a failure
// it says why, which the library's own errors do not.
import { messageOf, RecommenderError, throwIfAborted } from '../base/errors.ts';
import { loadText } from './assets.ts';
import type { PipelineOptions } from './pipeline-encoder.ts';

/** Names that transformers.js accepts as a model in `localModelPath`. */
const NAME = /^(?!.*(\.\.|--))[A-Za-z0-9_](?:[\w.-]*[A-Za-z0-9_])?$/;
/** The library also asks for files that a model need not have. */
const REQUIRED = /\/(config|tokenizer|tokenizer_config)\.json$|\.onnx$/;

export class PipelineFiles {
  /** Last part of the folder's address: the model's name for transformers.js. */
  readonly name: string;
  /** Path of the folder above. A path, not a URL: the library looks for local files under paths only. */
  readonly parentPath: string;
  readonly #options: PipelineOptions;
  readonly #sizes = new Map<string, number>();
  #unreachable = '';
  /** URL → why the file counts as missing. */
  readonly #absent = new Map<string, string>();
  #done = 0;
  #total = 0;

  /** @throws bad-argument when the folder has no usable address */
  constructor(options: PipelineOptions) {
    const path = URL.canParse(options.modelUrl) ? new URL(options.modelUrl).pathname : '';
    const parts = /^(.*\/)([^/]+)\/$/.exec(path);
    if (!parts?.[1] || !parts[2] || !NAME.test(parts[2])) {
      throw new RecommenderError(
        'bad-argument',
        `modelUrl is "${options.modelUrl}". Give the absolute URL of a folder with a slash at the end, its name of letters, digits, ".", "-" and "_".`,
      );
    }
    this.parentPath = parts[1];
    this.name = parts[2];
    this.#options = options;
  }

  /** What transformers.js is to fetch with. */
  readonly fetch = async (input: string | URL, init?: RequestInit): Promise<Response> => {
    const { modelUrl, signal } = this.#options;
    const url = new URL(input, modelUrl).href;
    let response: Response;
    try {
      response = await (this.#options.fetch ?? fetch)(url, { ...init, ...(signal ? { signal } : {}) });
    } catch (error) {
      this.#unreachable = `${url} cannot be reached: ${messageOf(error)}`;
      throw error;
    }
    const isPage = response.headers.get('content-type')?.startsWith('text/html');
    if (!response.ok || isPage) {
      this.#absent.set(url, response.ok ? 'an HTML page came in its place' : `the host answered ${response.status}`);
      return new Response(null, { status: 404 }); // the library takes the body of any other status for the file
    }
    if (!response.body) return response;
    return this.#counted(url, response, response.body);
  };

  #counted(url: string, response: Response, body: ReadableStream<Uint8Array>): Response {
    let bytes = 0;
    this.#total += Number(response.headers.get('content-length') ?? 0);
    const counting = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        bytes += chunk.length;
        this.#done += chunk.length;
        this.#total = Math.max(this.#total, this.#done);
        this.#options.onProgress?.({ done: this.#done, total: this.#total, unit: 'bytes' });
        controller.enqueue(chunk);
      },
      flush: () => void this.#sizes.set(url, bytes),
    });
    const { headers, status, statusText } = response;
    return new Response(body.pipeThrough(counting), { headers, status, statusText });
  }

  /** Runs the load and says what went wrong with it. @throws asset-missing, asset-unreachable, aborted, encoder-failed */
  async explain<T>(load: () => Promise<T>): Promise<T> {
    const { modelUrl, signal } = this.#options;
    try {
      throwIfAborted(signal, `Loading ${modelUrl}`);
      return await load();
    } catch (error) {
      if (error instanceof RecommenderError) throw error;
      throwIfAborted(signal, `Loading ${modelUrl}`);
      if (this.#unreachable) {
        throw new RecommenderError('asset-unreachable', `${this.#unreachable}. Check the connection and reload.`, { url: modelUrl });
      }
      const named = /not found locally at "([^"]+)"/.exec(messageOf(error))?.[1];
      const lost = named === undefined ? [...this.#absent.keys()].find((url) => REQUIRED.test(url)) : new URL(named, modelUrl).href;
      if (lost !== undefined) throw this.#missing(lost, this.#absent.get(lost) ?? 'the host has no such file');
      throw new RecommenderError(
        'encoder-failed',
        `The model at ${modelUrl} cannot be loaded: ${messageOf(error)}.`,
        { url: modelUrl },
        { cause: error },
      );
    }
  }

  #missing(url: string, what: string): RecommenderError {
    return new RecommenderError('asset-missing', `${url} is missing: ${what}. Upload the whole folder of the model.`, { url });
  }

  /** The copy that transformers.js keeps and uses, else the host's. */
  async text(file: string): Promise<string> {
    const kept = await this.#kept(file);
    if (kept) return kept.text();
    const { signal, fetch: injected } = this.#options;
    return loadText(new URL(file, this.#options.modelUrl).href, { signal, ...(injected ? { fetch: injected } : {}) });
  }

  /** Size of a file that was loaded now or is kept; 0 if neither is known. */
  async bytesOf(file: string): Promise<number> {
    const counted = this.#sizes.get(new URL(file, this.#options.modelUrl).href);
    return counted ?? Number((await this.#kept(file))?.headers.get('content-length') ?? 0);
  }

  async #kept(file: string): Promise<Response | undefined> {
    const { env } = await import('@xenova/transformers');
    try {
      return await (await globalThis.caches?.open(env.cacheKey))?.match(`${this.parentPath}${this.name}/${file}`);
    } catch {
      return undefined;
    }
  }
}
