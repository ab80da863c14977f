// The vector index against scalar JavaScript, a plain copy of memory, and the vector search libraries for browsers.
// `npm run bench -- index [--sizes 10000,100000,1000000] [--dimensions 384,128] [--peers all|none|NAME,…] [--cap 240]`.
// `--cap`: seconds that a library may take for its build and all queries.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { figure, median, writePage } from '../lib.mjs';
import { vectorSource } from './data.mjs';
import { drawPlot } from './plot.mjs';
import { pageText } from './report.mjs';
import { openServer, TimeoutError, withPage } from './session.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const QUERIES = 100;
const K = 10;
const MOST_GPU_ROWS = 100_000;
/** The size that the figures are about. */
const MAIN = { rows: 100_000, dimensions: 384 };
/** Bytes that a library's index may take: less than the 4 GB of a JavaScript heap or a WebAssembly memory, to leave room to work. */
const MOST_PEER_BYTES = 3e9;
/** In the order they are measured; `approximate`: may miss a row. */
const PEERS = [
  { name: 'hnswlib-wasm', approximate: true, setting: 'HNSW, M 16, efConstruction 200, ef 64' },
  { name: 'edgevec', approximate: true, setting: 'HNSW, M 16, efConstruction 200, ef 64' },
  { name: 'voy-search', approximate: false, setting: 'k-d tree' },
  { name: 'mememo', approximate: true, setting: 'HNSW with its defaults, in memory' },
  { name: 'client-vector-search', approximate: false, setting: 'EmbeddingIndex' },
  { name: '@orama/orama', approximate: false, setting: 'vector search, similarity as high as leaves ten' },
];

const { values: args } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10000,100000,1000000' },
    dimensions: { type: 'string', default: '384,128' },
    peers: { type: 'string', default: 'all' },
    cap: { type: 'string', default: '240' },
  },
});
const capMs = Number(args.cap) * 1000;
const wantedPeers = chosenPeers();
const source = vectorSource();
const server = await openServer(source, QUERIES);
const runs = [];
const loads = [loadavg()[0]];
try {
  for (const dimensions of args.dimensions.split(',').map(Number)) {
    for (const rows of args.sizes.split(',').map(Number)) {
      runs.push(await measureSize({ rows, dimensions }));
      loads.push(loadavg()[0]);
    }
  }
} finally {
  await server.close();
}
const main = runs.find(({ size }) => size.rows === MAIN.rows && size.dimensions === MAIN.dimensions);
if (main) report(main);
else console.log(`No figures: they are about ${MAIN.rows} × ${MAIN.dimensions}, which was not measured.`);

/** @returns the peers to measure; says so where they are not installed */
function chosenPeers() {
  if (args.peers === 'none') return [];
  if (!existsSync(new URL('../node_modules/hnswlib-wasm', import.meta.url))) {
    console.log('The peers are left out: they are not installed. To install them: cd bench && npm ci --ignore-scripts');
    return [];
  }
  return PEERS.filter(({ name }) => args.peers === 'all' || args.peers.split(',').includes(name));
}

async function measureSize(size) {
  console.log(`\n${size.rows} × ${size.dimensions}`);
  const builds = size.rows > MAIN.rows ? 1 : 3;
  const exact = await withPage(server, size, {}, (call) => call('runExact', { builds }));
  const truth = exact.found.float;
  const recall = (found) =>
    found.reduce((sum, list, i) => sum + list.slice(0, K).filter((row) => truth[i].includes(row)).length, 0) / (K * truth.length);
  const row = (name, kind, values) => {
    const result = { name, kind, ...values, recall: recall(values.found), firstAnswerMs: values.buildMs + values.ms.reduce((a, b) => a + b, 0) };
    delete result.found;
    console.log(
      `  ${name}: build ${(result.buildMs / 1000).toFixed(2)} s, ${(result.bytes / 1e6).toFixed(0)} MB, query ${median(result.ms).toFixed(2)} ms, recall@10 ${result.recall.toFixed(3)}`,
    );
    return result;
  };
  const own = (name, kind, key) =>
    row(name, kind, {
      buildMs: exact.buildMs[key] ? median(exact.buildMs[key]) : 0,
      bytes: exact.bytes[key],
      ms: exact.ms[key],
      found: exact.found[key],
    });
  const rows = [
    own('this project, WASM', 'own', 'wasm'),
    own('this project, WASM, re-scored in float32', 'own', 'rescored'),
    own('scalar JS, float32', 'scalar', 'float'),
    own('scalar JS, int8', 'scalar', 'int8'),
  ];
  const left = [];
  let gpu;
  if (size.rows <= MOST_GPU_ROWS) {
    gpu = await withPage(server, size, { webgpu: true }, (call) => call('runGpu'));
    if (gpu.reason) left.push({ name: 'this project, WebGPU', why: gpu.reason });
    else rows.splice(2, 0, row(gpuName(gpu), 'own', { buildMs: gpu.buildMs, bytes: gpu.bytes, ms: gpu.ms, found: gpu.found }));
  } else {
    left.push({ name: 'this project, WebGPU', why: 'the adapter is software, where the size only costs time' });
  }
  const tenthCosine = Math.min(...exact.tenthCosines);
  for (const peer of wantedPeers) {
    const hopeless = forecast(peer, size);
    const outcome = hopeless ? { why: hopeless } : await measurePeer(peer, size, { tenthCosine });
    if ('why' in outcome) {
      left.push({ name: peer.name, why: outcome.why, overMs: outcome.overMs });
      console.log(`  ${peer.name}: ${outcome.why}`);
    } else rows.push(row(peer.name, peer.approximate ? 'approximate' : 'exact', outcome));
  }
  return { size, rows, left, exact, gpu, tenthCosine: median(exact.tenthCosines) };
}

function gpuName({ description }) {
  return `this project, WebGPU${/software/.test(description) ? ' (software adapter)' : ''}`;
}

/** @returns why a peer is not tried at this size, judged by the one before, if so */
function forecast(peer, size) {
  const before = runs.findLast((run) => run.size.dimensions === size.dimensions && run.size.rows < size.rows);
  if (!before) return undefined;
  const times = size.rows / before.size.rows;
  const there = before.rows.find(({ name }) => name === peer.name);
  const inWords = before.size.rows.toLocaleString('en');
  if (!there) return `not tried: ${inWords} rows did not get there either`;
  const needed = (there.firstAnswerMs * times) / 1000;
  if (needed > (capMs / 1000) * 1.5)
    return `not tried: ${inWords} rows took ${(there.firstAnswerMs / 1000).toFixed(0)} s, so these would take ${needed.toFixed(0)} s or more`;
  const megabytes = (there.bytes / 1e6).toFixed(0);
  if (there.bytes * times > MOST_PEER_BYTES)
    return `not tried: ${inWords} rows take ${megabytes} MB, so these would come too close to the 4 GB that a tab gives`;
  return undefined;
}

async function measurePeer({ name }, size, known) {
  try {
    return await withPage(server, size, {}, async (call, heapBytes) => {
      await call('loadPeer', name);
      const before = await heapBytes();
      const startMs = performance.now();
      const buildMs = await call('buildPeer', known, capMs);
      const bytes = (await heapBytes()) - before + (await call('wasmBytes'));
      const { ms, found } = await call('searchPeer', undefined, capMs - (performance.now() - startMs));
      return { buildMs, bytes, ms, found };
    });
  } catch (error) {
    if (error instanceof TimeoutError) return { why: `not finished in ${capMs / 1000} s (build and ${QUERIES} queries)`, overMs: capMs };
    return {
      why: `fails: ${error.message
        .split('\n')[0]
        .replace(/^page\.evaluate: /, '')
        .slice(0, 160)}`,
    };
  }
}

function report(main) {
  const { ms, bytesRead, copyBytes } = main.exact;
  const scalarMs = Math.min(median(ms.float), median(ms.int8));
  const figures = {
    'index.wasm_vs_scalar': scalarMs / median(ms.wasm),
    'index.copy_bandwidth_share': bytesRead / median(ms.wasm) / (copyBytes / median(ms.copy)),
    'index.recall_at_10': main.rows[0].recall,
    'index.recall_at_10_rescored': main.rows[1].recall,
  };
  if (main.gpu && !main.gpu.reason) {
    const { cost, copies, deviceMs } = main.gpu;
    const scanMs = deviceMs.length > 0 ? median(deviceMs) : median(main.gpu.ms);
    figures['index.gpu_dispatches'] = cost.dispatches;
    figures['index.gpu_bytes_read'] = cost.bytesRead;
    figures['index.gpu_bytes_read_back'] = cost.bytesReadBack;
    figures['index.gpu_copy_share'] = ((cost.bytesRead / scanMs) * 1000) / median(copies);
  }
  const { interests } = main.exact;
  for (const [likes, times] of Object.entries(interests)) if (likes > 0) figures[`index.interests_${likes}_ms`] = median(times);
  figures['index.interests_32_over_scalar_scan'] = median(interests[32]) / scalarMs;
  figures['index.interests_32_over_one_query'] = median(interests[32]) / median(interests[0]);
  const [own, rescored, ...others] = main.rows;
  figures['index.first_answer_ms'] = own.firstAnswerMs;
  const rivals = others.filter(({ kind }) => kind === 'approximate' || kind === 'exact');
  const named = [['int8', own], ['rescored', rescored], ...rivals.map((rival) => [rival.name.replace(/\W+/g, '_').replace(/^_/, ''), rival])];
  for (const [name, row] of named) {
    figures[`index.${name}.build_ms`] = row.buildMs;
    figures[`index.${name}.query_ms`] = median(row.ms);
    figures[`index.${name}.recall_at_10`] = row.recall;
    figures[`index.${name}.first_answer_ms`] = row.firstAnswerMs;
  }
  for (const [name, value] of Object.entries(figures)) figure(name, Number.isInteger(value) ? value : Number(value.toPrecision(3)));
  const text = pageText({
    runs,
    main,
    figures,
    source,
    queries: QUERIES,
    capMs,
    loads,
    peers: wantedPeers.map((peer) => ({ ...peer, version: versionOf(peer.name) })),
    leftOut: PEERS.filter((peer) => !wantedPeers.includes(peer)).map(({ name }) => name),
  });
  const path = writePage('index', text, 'The vector index');
  writeFileSync(path.replace(/\.md$/, '.svg'), drawPlot(main));
  console.log(`\nwritten: ${path.slice(ROOT.length)} and its plot`);
}

function versionOf(peer) {
  const folder = new URL(`../node_modules/${peer.split(',')[0]}/`, import.meta.url);
  return JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')).version;
}
