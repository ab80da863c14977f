// Runs in the browser: takes the vectors, then measures one group of systems. Nothing else may run in the page meanwhile.

import { quantizeRows } from '../../src/compute/quantize.ts';
import { createWasmBackend } from '../../src/compute/wasm/wasm-backend.ts';
import { measureCopyBandwidth } from '../../src/compute/webgpu/copy-bandwidth.ts';
import { createWebGpuBackend } from '../../src/compute/webgpu/webgpu-backend.ts';
import { createIndex, VectorIndex } from '../../src/index/vector-index.ts';
import { floatScan, int8Scan } from './scalar.mjs';

export { wasmBytes } from './wasm-memory.mjs';

const K = 10;
/** Times that each number of likes is measured. */
const INTEREST_TURNS = 20;
/** Bytes of each of two buffers: far more than any cache holds. */
const COPY_BYTES = 128 * 2 ** 20;

let dimensions;
let vectors;
let queries;
let peer;

/** Takes `rows` vectors and the queries from the server. */
export async function load(size) {
  dimensions = size.dimensions;
  vectors = new Float32Array(size.rows * dimensions);
  for (let p = 0, at = 0; at < vectors.length; p++) {
    const part = await floats(`/bench-vectors/${dimensions}/${p}`);
    vectors.set(part.subarray(0, vectors.length - at), at);
    at += part.length;
  }
  const all = await floats(`/bench-vectors/${dimensions}/queries`);
  queries = Array.from({ length: all.length / dimensions }, (_, i) => all.slice(i * dimensions, (i + 1) * dimensions));
}

async function floats(url) {
  return new Float32Array(await (await fetch(url)).arrayBuffer());
}

async function timed(action) {
  const startMs = performance.now();
  const value = await action();
  return { value, ms: performance.now() - startMs };
}

/**
 * This project's WebAssembly index, scalar JavaScript and a plain copy, in turns, query by query.
 * @param builds how often the indexes are built; the last ones are searched
 */
export async function runExact({ builds }) {
  const backend = await createWasmBackend(['relaxed', 'plain']);
  const wasm = await buildIndexes(builds, { backend, rescore: false });
  const rescored = await buildIndexes(builds, { backend, rescore: true });
  const quantized = await timed(() => quantizeRows(vectors, dimensions));
  const [scanFloats, scanInt8] = [floatScan(vectors, dimensions), int8Scan(quantized.value)];
  const [from, to] = [new Uint8Array(COPY_BYTES).fill(1), new Uint8Array(COPY_BYTES).fill(2)];
  const rowsOf = (ranked) => ranked.map(({ row }) => row);
  const systems = {
    float: (query) => scanFloats(query, K),
    int8: (query) => scanInt8(query, K),
    wasm: async (query) => rowsOf(await wasm.index.search(query, K)),
    rescored: async (query) => rowsOf(await rescored.index.search(query, K)),
    copy: () => to.set(from),
  };
  const names = Object.keys(systems);
  const ms = Object.fromEntries(names.map((name) => [name, []]));
  const found = Object.fromEntries(names.map((name) => [name, []]));
  for (const [i, query] of queries.entries()) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + i) % names.length];
      const answer = await timed(() => systems[name](query));
      ms[name].push(answer.ms);
      found[name].push(answer.value);
    }
  }
  const interests = await timeInterests(rescored.index);
  const tenths = queries.map((query, i) => dotOf(query, found.float[i][K - 1]));
  return {
    description: backend.description,
    ms,
    interests,
    found: { float: found.float, int8: found.int8, wasm: found.wasm, rescored: found.rescored },
    tenthCosines: tenths,
    buildMs: { wasm: wasm.ms, rescored: rescored.ms, int8: [quantized.ms] },
    bytes: {
      float: vectors.byteLength,
      int8: quantized.value.values.byteLength + quantized.value.scales.byteLength,
      wasm: wasm.index.bytes,
      rescored: rescored.index.bytes,
    },
    bytesRead: wasm.index.lastCost.bytesRead,
    copyBytes: COPY_BYTES,
  };
}

/** Lists by several likes, in turns with lists by one query. @returns milliseconds by the number of likes; 0 likes: one query */
async function timeInterests(index) {
  const counts = [0, 1, 8, 30, 32, 64];
  const ms = Object.fromEntries(counts.map((count) => [count, []]));
  for (const [turn, query] of queries.slice(0, INTEREST_TURNS).entries()) {
    for (const count of counts) {
      const likes = Array.from({ length: count }, (_, i) => queries[(turn + i) % queries.length]);
      const flat = new Float32Array(count * dimensions);
      for (const [i, like] of likes.entries()) flat.set(like, i * dimensions);
      const search = () =>
        count === 0
          ? index.search(query, K)
          : index.searchInterests({ vectors: flat, likes: count, weights: Array(count).fill(1 / count), temperature: 0.3 }, K);
      ms[count].push((await timed(search)).ms);
    }
  }
  return ms;
}

async function buildIndexes(builds, { backend, rescore }) {
  const ms = [];
  let index;
  for (let i = 0; i < builds; i++) {
    index?.dispose();
    const built = await timed(() => {
      const made = createIndex(backend, { dimensions, rescore, capacity: vectors.length / dimensions });
      made.add(vectors);
      return made;
    });
    index = built.value;
    ms.push(built.ms);
  }
  return { index, ms };
}

function dotOf(query, row) {
  return query.reduce((sum, value, j) => sum + value * vectors[row * dimensions + j], 0);
}

/** This project's WebGPU index, with the copy bandwidth of the same device before, in the middle and after. */
export async function runGpu() {
  const offer = await createWebGpuBackend({ forceSoftware: true });
  if ('reason' in offer) return offer;
  const { backend } = offer;
  const rows = vectors.length / dimensions;
  const built = await timed(async () => {
    const table = backend.createTable(dimensions, rows);
    await table.ready();
    const made = new VectorIndex(table, undefined);
    made.add(vectors);
    await backend.device.queue.onSubmittedWorkDone();
    return made;
  });
  const index = built.value;
  const copies = [];
  const [ms, deviceMs, found] = [[], [], []];
  for (const [i, query] of queries.entries()) {
    if (i % Math.floor(queries.length / 3) === 0) copies.push((await measureCopyBandwidth(backend.device)).bytesPerSecond);
    const answer = await timed(() => index.search(query, K));
    ms.push(answer.ms);
    if (index.lastCost.deviceMs !== undefined) deviceMs.push(index.lastCost.deviceMs);
    found.push(answer.value.map(({ row }) => row));
  }
  return {
    description: backend.description,
    dot: backend.dot,
    buildMs: built.ms,
    bytes: index.bytes,
    ms,
    deviceMs,
    found,
    copies,
    cost: index.lastCost,
  };
}

/** Loads a library; memory is counted from here. */
export async function loadPeer(name) {
  // Imported only when needed, because the file does not load where the libraries are not installed.
  const { PEERS } = await import('./peers.mjs');
  peer = { ...PEERS[name], lib: await PEERS[name].load() };
}

/** @returns {Promise<number>} milliseconds of the build; the input is dropped after it */
export async function buildPeer(known) {
  const input = peer.input(vectors, dimensions);
  const built = await timed(() => peer.build(peer.lib, input, dimensions, known));
  peer.index = built.value;
  return built.ms;
}

export async function searchPeer() {
  const asked = queries.map((query) => peer.queries?.(query) ?? query);
  const [ms, raw] = [[], []];
  for (const query of asked) {
    const answer = await timed(() => peer.search(peer.index, query, K));
    ms.push(answer.ms);
    raw.push(Array.from(answer.value));
  }
  const rowOf = peer.rowOf?.(peer.index) ?? ((row) => row);
  return { ms, found: raw.map((list) => list.map(rowOf)) };
}
