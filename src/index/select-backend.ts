// Which backend the index runs on: webgpu, else wasm, else plain JavaScript, with a sentence for every step down.
import type { RecommenderError } from '../base/errors.ts';
import type { Backend, BackendKind, ScanTable } from '../compute/backend.ts';
import { createCpuBackend } from '../compute/cpu/cpu-backend.ts';
import { createWasmBackend } from '../compute/wasm/wasm-backend.ts';
import { type Ladder, LadderTable } from './ladder-table.ts';

/** A backend, or why there is none: no adapter, a software adapter, switched off. */
export type BackendOffer = { backend: Backend } | { reason: string };

export interface BackendSources {
  webgpu?: () => Promise<BackendOffer>;
  wasm?: () => Promise<Backend | undefined>;
  cpu?: () => Backend;
}

export interface SelectedBackend {
  /** Steps down by itself on device-lost and out-of-memory, taking the rows along; `kind` says where new tables begin. */
  backend: Backend;
  /** Sentences for people, oldest first; grows when the rows move. */
  notices: readonly string[];
}

/** @param onNotice also told of each notice, at once */
export async function selectBackend(sources: BackendSources = {}, onNotice: (notice: string) => void = () => {}): Promise<SelectedBackend> {
  const notices: string[] = [];
  const say = (notice: string) => {
    notices.push(notice);
    onNotice(notice);
  };
  const rungs: Backend[] = [];
  if (sources.webgpu) {
    const offer = await sources.webgpu();
    if ('backend' in offer) rungs.push(offer.backend);
    else say(`WebGPU is not used: ${offer.reason}`);
  }
  // Made now, small as they are, because a step down while rows are being set cannot wait for a compilation.
  const wasm = await (sources.wasm ?? createWasmBackend)();
  if (wasm) rungs.push(wasm);
  else say('WebAssembly SIMD is not to be had here: plain JavaScript stands in for it, several times slower.');
  rungs.push((sources.cpu ?? createCpuBackend)());
  return { backend: new LadderBackend(rungs, say), notices };
}

class LadderBackend implements Backend, Ladder {
  readonly rungs: readonly Backend[];
  readonly #say: (notice: string) => void;
  /** Where new tables begin: below every lost device. */
  #first = 0;

  constructor(rungs: readonly Backend[], say: (notice: string) => void) {
    this.rungs = rungs;
    this.#say = say;
  }

  get #current(): Backend {
    return this.rungs[this.#first] as Backend;
  }

  get kind(): BackendKind {
    return this.#current.kind;
  }

  get description(): string {
    return this.#current.description;
  }

  createTable(dimensions: number, capacity: number): ScanTable {
    return new LadderTable(this, this.#first, dimensions, capacity);
  }

  moved(from: Backend, to: Backend, error: RecommenderError): void {
    const why = error.code === 'device-lost' ? 'the device was lost' : 'there was not enough memory';
    this.#say(`The index moved from ${from.kind} to ${to.kind}, because ${why}: ${error.message}`);
    // Lack of memory concerns one table; a lost device concerns all.
    if (error.code === 'device-lost') this.#first = Math.max(this.#first, this.rungs.indexOf(from) + 1);
  }

  dispose(): void {
    for (const rung of this.rungs) rung.dispose();
  }
}
