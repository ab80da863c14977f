// Selects the backend that the index runs on: webgpu, else wasm, else plain JavaScript, with a notice for every step down.
import type { RecommenderError } from '../base/errors.ts';
import type { Backend, BackendKind, ScanTable } from '../compute/backend.ts';
import { createCpuBackend } from '../compute/cpu/cpu-backend.ts';
import { createWasmBackend } from '../compute/wasm/wasm-backend.ts';
import { type Ladder, LadderTable } from './ladder-table.ts';

/** A backend, or the reason why there is none: no adapter, a software adapter, switched off. */
export type BackendOffer = { backend: Backend } | { reason: string };

export interface BackendSources {
  webgpu?: () => Promise<BackendOffer>;
  wasm?: () => Promise<Backend | undefined>;
  cpu?: () => Backend;
}

export interface SelectedBackend {
  /** On device-lost and out-of-memory its tables move to the next backend by themselves; `kind` says where new tables start. */
  backend: Backend;
  /** Sentences to show, oldest first; grows when rows move. */
  notices: readonly string[];
}

/** @param onNotice called with each notice at once */
export async function selectBackend(sources: BackendSources = {}, onNotice: (notice: string) => void = () => {}): Promise<SelectedBackend> {
  const notices: string[] = [];
  const notify = (notice: string) => {
    notices.push(notice);
    onNotice(notice);
  };
  const rungs: Backend[] = [];
  if (sources.webgpu) {
    const offer = await sources.webgpu();
    if ('backend' in offer) rungs.push(offer.backend);
    else notify(`WebGPU is not used: ${offer.reason}`);
  }
  // Made now, because a step down while rows are set cannot wait for a compilation.
  const wasm = await (sources.wasm ?? createWasmBackend)();
  if (wasm) rungs.push(wasm);
  else notify('WebAssembly SIMD is not available here; plain JavaScript is used instead, which is several times slower.');
  rungs.push((sources.cpu ?? createCpuBackend)());
  return { backend: new LadderBackend(rungs, notify), notices };
}

class LadderBackend implements Backend, Ladder {
  readonly rungs: readonly Backend[];
  readonly #notify: (notice: string) => void;
  /** Where new tables start: below every lost device. */
  #first = 0;

  constructor(rungs: readonly Backend[], notify: (notice: string) => void) {
    this.rungs = rungs;
    this.#notify = notify;
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
    this.#notify(`The index moved from ${from.kind} to ${to.kind}, because ${why}: ${error.message}`);
    // Lack of memory concerns one table, a lost device all of them.
    if (error.code === 'device-lost') this.#first = Math.max(this.#first, this.rungs.indexOf(from) + 1);
  }

  dispose(): void {
    for (const rung of this.rungs) rung.dispose();
  }
}
