// The page of the index benchmark, from what was measured. Every number in its text comes from the run.
import { cpus } from 'node:os';
import { median, quantile, table } from '../lib.mjs';

/** Longest that an answer seems immediate (Nielsen, Usability Engineering, 1993, section 5.5). */
const IMMEDIATE_MS = 100;
const GOALS = { scalar: 6, copy: 0.4 };

const count = (n) => n.toLocaleString('en');
const seconds = (ms) => (ms / 1000).toPrecision(3);
const megabytes = (bytes) => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
const milliseconds = (ms) => (ms >= 100 ? ms.toFixed(0) : ms.toPrecision(3));
const sizeName = ({ rows, dimensions }) => `${count(rows)} × ${dimensions}`;

/** @returns {string} markdown below the facts of the run */
export function pageText({ runs, main, figures, source, queries, capMs, loads, peers, leftOut }) {
  return [
    introduction(source, queries, loads),
    '![First answer and query time of every system](index.svg)',
    '## Against the goals',
    goals(main, figures),
    'The vectors here are noisy copies, which lie closer together than the items of a catalogue. The goal for int8 is for real catalogues; \
a test asserts it on the demo’s pack.',
    '## Against the libraries',
    againstLibraries(main),
    worthBuilding(main),
    '## Against scalar code and a plain copy',
    ratios(runs),
    '## Lists by several likes',
    severalLikes(runs),
    '## The GPU path',
    gpuText(main, figures),
    '## All rows',
    tables(runs, capMs, queries),
    '## Is the exact scan enough?',
    exactEnough(runs),
    '## The libraries',
    libraries(peers, leftOut),
  ].join('\n\n');
}

function introduction({ source }, queries, loads) {
  const cores = cpus().length;
  const [least, most] = [Math.min(...loads), Math.max(...loads)];
  return `Vectors: ${source}, each many times over with noise of half its length, then unit length again; for 128 dimensions the first 128 \
values. ${queries} queries are made the same way and are not in the index; the best ten are asked for. Recall@10 is against float32. \
Everything runs on one thread of one page. This project’s WASM rows, the scalar scans and a plain copy of 128 MiB (\`Uint8Array.set\`) \
take turns query by query, so none finds its rows in cache from the query before; WebGPU and each library run alone, in a \
fresh browser. Build times begin with the vectors in memory in the form that the system takes, its code loaded; this project’s are the \
median of three (of one at 1,000,000). First answer: build and ${queries} queries. Bytes: what this project’s index says it holds; of the libraries what \
heap and buffers grew by, after a garbage collection, and their WebAssembly memory. Load average of the ${cores} cores during the run: \
${least.toFixed(1)} to ${most.toFixed(1)}${most > cores ? ', so other work slowed everything at times; ratios mean more than times' : ''}.`;
}

function goals({ size, rows }, figures) {
  const [int8, rescored] = rows;
  return table([
    {
      goal: `${sizeName(size)}, WASM int8 against the better scalar scan`,
      measured: `${figures['index.wasm_vs_scalar'].toFixed(1)} times`,
      wanted: `≥ ${GOALS.scalar}`,
    },
    { goal: 'its bytes a second, share of a plain copy’s', measured: figures['index.copy_bandwidth_share'].toFixed(2), wanted: `≥ ${GOALS.copy}` },
    { goal: 'recall@10, int8', measured: int8.recall.toFixed(3), wanted: '(≥ 0.98 on catalogues)' },
    { goal: 'recall@10, re-scored', measured: rescored.recall.toFixed(4), wanted: '≥ 0.999' },
  ]);
}

/** Each variant of ours is a row of its own: the recall of one never stands beside the time of the other. */
function againstLibraries({ size, rows, left }) {
  const [int8, rescored] = rows;
  const rivals = rows.filter(({ kind }) => kind === 'approximate' || kind === 'exact');
  const times = (ms, own) => `${(ms / own.firstAnswerMs).toPrecision(3)} times`;
  const text = table(
    [int8, rescored, ...rivals].map((row) => ({
      system: `${row.name}${row.kind === 'exact' ? ' (exact)' : ''}`,
      'build, s': seconds(row.buildMs),
      'query, ms': milliseconds(median(row.ms)),
      'recall@10': row.recall.toFixed(3),
      'build and all queries, s': seconds(row.firstAnswerMs),
      'of int8’s': row === int8 ? '' : times(row.firstAnswerMs, int8),
      'of re-scored’s': row === rescored ? '' : times(row.firstAnswerMs, rescored),
    })),
  );
  const over = left
    .filter(({ overMs }) => overMs)
    .map(({ name, overMs }) => `${name}: more than ${overMs / 1000} s, over ${times(overMs, rescored)} re-scored’s`);
  return [`${sizeName(size)}.`, text, over.length > 0 ? `Not finished: ${over.join('; ')}.` : ''].filter(Boolean).join('\n\n');
}

/** After how many queries a graph has made up for its build, against the variant with the better recall. */
function worthBuilding({ size, rows }) {
  const own = rows[1];
  const ownMs = median(own.ms);
  const sentences = rows
    .filter(({ kind, ms }) => kind === 'approximate' && median(ms) < ownMs)
    .map(({ name, buildMs, ms, recall }) => {
      const queries = Math.max(0, (buildMs - own.buildMs) / (ownMs - median(ms)));
      return `${name} answers in ${milliseconds(median(ms))} ms (recall@10 ${recall.toFixed(3)}), which makes up for its build after ${count(Number(queries.toPrecision(2)))} queries`;
    });
  return sentences.length > 0
    ? `**Once built, a graph index answers a query faster than the scan.** At ${sizeName(size)} the re-scored scan takes ${milliseconds(ownMs)} ms (recall@10 ${own.recall.toFixed(3)}); ${sentences.join('; ')}.`
    : `No graph index answers a query faster than the re-scored scan at ${sizeName(size)} in this run.`;
}

/** From a like to a list: one pass over the rows for all likes, against one query over the same rows in the same run. */
function severalLikes(runs) {
  const rows = runs.map(({ size, exact: { interests, ms } }) => ({
    size: sizeName(size),
    'one query, ms': milliseconds(median(interests[0])),
    ...Object.fromEntries(
      Object.keys(interests)
        .filter((likes) => likes > 0)
        .map((likes) => [`${likes} ${likes === '1' ? 'like' : 'likes'}, ms`, milliseconds(median(interests[likes]))]),
    ),
    '32 likes over one query': (median(interests[32]) / median(interests[0])).toFixed(1),
    '32 likes over the better scalar scan of one query': (median(interests[32]) / Math.min(median(ms.float), median(ms.int8))).toFixed(1),
  }));
  return `${table(rows)}\n\nRe-scored index; every row is scored by every like. Wanted: 30 likes in under 16 ms for 10,000 rows and under 100 ms for 100,000; 32 likes at most 6 times one query.`;
}

function ratios(runs) {
  return table(
    runs.map(({ size, exact: { ms, bytesRead, copyBytes } }) => {
      const ownRate = bytesRead / median(ms.wasm) / 1e6;
      const copyRate = copyBytes / median(ms.copy) / 1e6;
      return {
        size: sizeName(size),
        'times scalar float32': (median(ms.float) / median(ms.wasm)).toFixed(1),
        'times scalar int8': (median(ms.int8) / median(ms.wasm)).toFixed(1),
        'WASM, GB/s': ownRate.toFixed(2),
        'copy, GB/s': copyRate.toFixed(2),
        'share of copy': (ownRate / copyRate).toFixed(2),
      };
    }),
  );
}

function gpuText({ gpu, size }, figures) {
  if (!gpu || gpu.reason) return `Not measured: ${gpu?.reason ?? 'left out'}`;
  const { cost, copies, deviceMs, ms } = gpu;
  const time = deviceMs.length > 0 ? `${milliseconds(median(deviceMs))} ms on the device (timestamp queries), ` : '';
  const software = /software/.test(gpu.description)
    ? ' This adapter computes on the CPU, so its times say nothing about a GPU; dispatches and bytes are the same on any adapter with these limits.'
    : '';
  return `${gpu.description} Dot product: ${gpu.dot}. A query over ${sizeName(size)} takes ${cost.dispatches} dispatches, reads \
${count(cost.bytesRead)} bytes and brings ${count(cost.bytesReadBack)} bytes back. It takes ${time}${milliseconds(median(ms))} ms until the \
answer is there (medians). A copy from buffer to buffer on the same device reaches ${(median(copies) / 1e9).toFixed(2)} GB/s; the scan’s share of it is \
**${figures['index.gpu_copy_share'].toPrecision(3)}**.${software}`;
}

function tables(runs, capMs, queries) {
  return runs
    .flatMap(({ size, rows, left, tenthCosine }) => [
      `### ${sizeName(size)}`,
      `Median cosine of the tenth best row: ${tenthCosine.toFixed(2)}.`,
      table(
        rows.map((row) => ({
          system: row.name,
          'build, s': row.buildMs === 0 ? '' : seconds(row.buildMs),
          MB: megabytes(row.bytes),
          'query, ms': milliseconds(median(row.ms)),
          'p95, ms': milliseconds(quantile(row.ms, 0.95)),
          'recall@10': row.recall.toFixed(3),
          'first answer, s': seconds(row.firstAnswerMs),
        })),
      ),
      ...(left.length > 0 ? [`Left out:\n${left.map(({ name, why }) => `- ${name}: ${why}.`).join('\n')}`] : []),
    ])
    .concat(`Limit for a library: ${capMs / 1000} s for the build and the ${queries} queries together.`)
    .join('\n\n');
}

function exactEnough(runs) {
  const largest = runs.filter(({ size }) => size.dimensions === 384).reduce((a, b) => (b.size.rows > a.size.rows ? b : a));
  const told = largest.rows
    .slice(0, 2)
    .map(
      ({ name, ms, buildMs, bytes, recall }) =>
        `${name}: ${milliseconds(median(ms))} ms (95th percentile ${milliseconds(quantile(ms, 0.95))} ms), recall@10 ${recall.toFixed(3)}, ready ${seconds(buildMs)} s after the vectors are there, in ${megabytes(bytes)} MB`,
    );
  const numbers = `A query over ${sizeName(largest.size)} on one CPU core. ${told.join('. ')}.`;
  return Math.max(...largest.rows.slice(0, 2).map(({ ms }) => median(ms))) < IMMEDIATE_MS
    ? `${numbers} Both are below the ${IMMEDIATE_MS} ms up to which an answer seems immediate, so no pre-filter (IVF-flat over the same rows) is built, \
and its recall/speed curve is not measured.`
    : `${numbers} That is above the ${IMMEDIATE_MS} ms up to which an answer seems immediate, so at this size a pre-filter (IVF-flat over the same rows) \
may be worth its loss of recall; it is not part of the index yet, and its recall/speed curve is not measured.`;
}

function libraries(peers, leftOut) {
  if (peers.length === 0) return 'Not measured in this run.';
  return [
    table(peers.map(({ name, version, setting, approximate }) => ({ library: name, version, setting, kind: approximate ? 'approximate' : 'exact' }))),
    'Why each library runs with these settings: [decision](../decisions/2026-11-25-settings-of-the-compared-libraries.md).',
    ...(leftOut.length > 0 ? [`Not measured in this run: ${leftOut.join(', ')}.`] : []),
  ].join('\n\n');
}
