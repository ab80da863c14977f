// Encodes many texts on all cores: one child process a core, because ONNX Runtime's WebAssembly has one thread in Node.
// When a child crashes, its chunk goes to the others and it is restarted once. Vectors that were received are never lost.
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { ERROR_CODES, type ErrorCode, messageOf, RecommenderError, throwIfAborted } from '../../src/base/errors.ts';
import type { ChildMessage, EncodeRequest } from './encoder-child.ts';
import { packageRoot } from './paths.ts';
import type { ProgressReport } from './progress-line.ts';

/** A chunk takes a few seconds. That is the work which an abort loses, and for which the other processes may wait at the end. */
const CHUNK_TEXTS = 32;
const CHUNK_CHARACTERS = 8000;
/** A chunk during which this many children crashed is taken to be the cause. */
const MAX_CRASHES_OF_A_CHUNK = 2;
/** Restarts of each child. */
const RESTARTS = 1;

export interface PoolOptions {
  modelFolder: string;
  fingerprint: string;
  dimensions: number;
  processes: number;
  /**
   * Called with rows of `texts` and their vectors, [rows × dimensions]. Calls never overlap; the pool ends after the last has.
   */
  onVectors(rows: readonly number[], vectors: Float32Array): Promise<void> | void;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ProgressReport) => void) | undefined;
  nowMs(): number;
  /** Replaces encoder-child.mjs in tests. */
  childScript?: string;
}

interface Chunk {
  rows: number[];
  characters: number;
  crashes: number;
}

interface Child {
  process: ChildProcess;
  restartsLeft: number;
  ready: boolean;
  /** The chunk that it works on. */
  chunk: number | undefined;
  /** Its last message of failure. */
  lastError: string;
}

/** @throws aborted; the error of a child that cannot start; encoder-failed when children keep crashing; what `onVectors` throws */
export async function encodeWithPool(texts: readonly string[], options: PoolOptions): Promise<void> {
  throwIfAborted(options.signal, 'Encoding');
  if (texts.length > 0) await new Pool(texts, options).run();
}

/** Puts texts of similar length together, the longest first, so that all processes end at about the same time. */
export function chunksOf(texts: readonly string[]): number[][] {
  const lengthOf = (row: number) => texts[row]?.length ?? 0;
  const order = texts.map((_, row) => row).sort((a, b) => lengthOf(b) - lengthOf(a) || a - b);
  const chunks: number[][] = [];
  let characters = 0;
  for (const row of order) {
    const current = chunks.at(-1);
    if (current && current.length < CHUNK_TEXTS && characters + lengthOf(row) <= CHUNK_CHARACTERS) current.push(row);
    else {
      chunks.push([row]);
      characters = 0;
    }
    characters += lengthOf(row);
  }
  return chunks;
}

class Pool {
  readonly #texts: readonly string[];
  readonly #options: PoolOptions;
  readonly #chunks: Chunk[];
  /** Numbers of the chunks that no child has. */
  readonly #waiting: number[];
  readonly #children = new Set<Child>();
  readonly #progress: PoolProgress;
  #unfinished: number;
  #writing: Promise<void> = Promise.resolve();
  #finish: () => void = () => undefined;
  #fail: (error: unknown) => void = () => undefined;

  constructor(texts: readonly string[], options: PoolOptions) {
    this.#texts = texts;
    this.#options = options;
    this.#chunks = chunksOf(texts).map((rows) => ({ rows, crashes: 0, characters: this.#charactersOf(rows) }));
    this.#waiting = this.#chunks.map((_, i) => i);
    this.#unfinished = this.#chunks.length;
    this.#progress = new PoolProgress(texts.length, this.#charactersOf(texts.keys()), options);
  }

  async run(): Promise<void> {
    const { signal, processes } = this.#options;
    const stop = () => this.#fail(new RecommenderError('aborted', 'Encoding was stopped on request.'));
    try {
      await new Promise<void>((resolve, reject) => {
        this.#finish = resolve;
        this.#fail = reject;
        signal?.addEventListener('abort', stop, { once: true });
        for (let i = 0; i < Math.min(processes, this.#chunks.length); i++) this.#start(RESTARTS);
      });
    } finally {
      signal?.removeEventListener('abort', stop);
      const children = [...this.#children];
      this.#children.clear(); // their later messages are ignored
      for (const child of children) child.process.kill('SIGKILL');
      await this.#writing.catch(() => undefined);
    }
  }

  #start(restartsLeft: number): void {
    const script = this.#options.childScript ?? join(packageRoot(), 'cli', 'encoder-child.mjs');
    const process = fork(script, [this.#options.modelFolder], {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const child: Child = { process, restartsLeft, ready: false, chunk: undefined, lastError: '' };
    this.#children.add(child);
    process.on('message', (message: ChildMessage) => this.#children.has(child) && this.#onMessage(child, message));
    process.on('error', (error) => this.#children.has(child) && this.#onExit(child, messageOf(error)));
    process.on('exit', (code, signal) => this.#children.has(child) && this.#onExit(child, `exit ${signal ?? code}`));
  }

  #onMessage(child: Child, message: ChildMessage): void {
    const { fingerprint, dimensions } = this.#options;
    if (message.kind === 'failed') {
      child.lastError = message.message;
      // A child that cannot start will not start a second time: a file is missing or damaged.
      if (message.chunk === undefined) this.#fail(new RecommenderError(knownCode(message.code), message.message));
      return;
    }
    if (message.kind === 'ready') {
      if (message.fingerprint !== fingerprint || message.dimensions !== dimensions) {
        this.#fail(new RecommenderError('encoder-mismatch', `The model in ${this.#options.modelFolder} has changed since the start. Start again.`));
        return;
      }
      child.ready = true;
      this.#progress.begin();
    } else {
      child.chunk = undefined;
      this.#store(message.chunk, message.vectors);
    }
    this.#handOut();
  }

  /** Gives every child without work the next chunk. */
  #handOut(): void {
    for (const child of this.#children) {
      if (!child.ready || child.chunk !== undefined) continue;
      const number = this.#waiting.shift();
      if (number === undefined) return;
      child.chunk = number;
      const texts = (this.#chunks[number]?.rows ?? []).map((row) => this.#texts[row] ?? '');
      const request: EncodeRequest = { chunk: number, texts };
      child.process.send(request, () => undefined); // an `exit` event follows when it cannot be sent
    }
  }

  #store(number: number, vectors: Float32Array): void {
    const chunk = this.#chunks[number];
    if (!chunk) return;
    this.#writing = this.#writing.then(async () => {
      await this.#options.onVectors(chunk.rows, vectors);
      this.#unfinished--;
      this.#progress.add(chunk.rows.length, chunk.characters);
      if (this.#unfinished === 0) this.#finish();
    });
    this.#writing.catch(this.#fail);
  }

  #onExit(child: Child, exit: string): void {
    this.#children.delete(child);
    const why = child.lastError || exit;
    const chunk = child.chunk === undefined ? undefined : this.#chunks[child.chunk];
    if (chunk && child.chunk !== undefined) {
      chunk.crashes++;
      const [row = 0] = chunk.rows;
      if (chunk.crashes >= MAX_CRASHES_OF_A_CHUNK) {
        const beginning = (this.#texts[row] ?? '').slice(0, 60);
        this.#fail(
          failure(`${chunk.crashes} processes ended over the same ${chunk.rows.length} texts, the first of which begins "${beginning}" (${why})`),
        );
        return;
      }
      this.#waiting.unshift(child.chunk);
    }
    if (child.restartsLeft > 0) this.#start(child.restartsLeft - 1);
    else if (this.#children.size === 0) this.#fail(failure(`every process ended, the last with: ${why}`));
    this.#handOut();
  }

  #charactersOf(rows: Iterable<number>): number {
    let sum = 0;
    for (const row of rows) sum += this.#texts[row]?.length ?? 0;
    return sum;
  }
}

/** Counts texts, and estimates the time left by characters, because long texts come first. */
class PoolProgress {
  readonly #total: { texts: number; characters: number };
  readonly #done = { texts: 0, characters: 0 };
  readonly #options: Pick<PoolOptions, 'nowMs' | 'onProgress'>;
  #startMs: number | undefined;

  constructor(texts: number, characters: number, options: Pick<PoolOptions, 'nowMs' | 'onProgress'>) {
    this.#total = { texts, characters };
    this.#options = options;
    options.onProgress?.({ done: 0, total: texts, unit: 'texts' });
  }

  /** Starts the clock when the first child is ready. */
  begin(): void {
    this.#startMs ??= this.#options.nowMs();
  }

  add(texts: number, characters: number): void {
    const { nowMs, onProgress } = this.#options;
    this.#done.texts += texts;
    this.#done.characters += characters;
    const elapsedMs = nowMs() - (this.#startMs ?? nowMs());
    const left = this.#total.characters - this.#done.characters;
    const measured = elapsedMs > 0 && this.#done.characters > 0;
    onProgress?.({
      done: this.#done.texts,
      total: this.#total.texts,
      unit: 'texts',
      ...(measured ? { perSecond: (this.#done.texts / elapsedMs) * 1000, remainingMs: (elapsedMs / this.#done.characters) * left } : {}),
    });
  }
}

function failure(what: string): RecommenderError {
  return new RecommenderError('encoder-failed', `Encoding stopped: ${what}. Memory may be short: try a smaller --processes.`);
}

function knownCode(code: string): ErrorCode {
  return ERROR_CODES.find((known) => known === code) ?? 'encoder-failed';
}
