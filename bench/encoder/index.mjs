// Encoder benchmark: throughput against transformers.js on the same graph and weights, bytes to download, and what the
// built page needs before it recommends and searches. Options: --texts 1000 --block 250 --threads N --runtime default|same
// (of transformers.js: its default WASM build, or the smaller one that this project takes) --only throughput,transfer,visit
import { parseArgs } from 'node:util';
import { figure, table, writePage } from '../lib.mjs';
import { measureThroughput } from './throughput.mjs';
import { PUBLISHED, transferSizes } from './transfer.mjs';
import { measureVisit } from './visit.mjs';

const { values } = parseArgs({
  options: {
    texts: { type: 'string', default: '1000' },
    block: { type: 'string', default: '250' },
    threads: { type: 'string', default: '1' },
    runtime: { type: 'string', default: 'default' },
    only: { type: 'string', default: 'throughput,transfer,visit' },
  },
});
const wanted = values.only.split(',');
const megabytes = (bytes) => Number((bytes / 1e6).toFixed(1));
const parts = [];

if (wanted.includes('throughput')) {
  const { rows, ratio, meanCosine, source, threads } = await measureThroughput({
    texts: Number(values.texts),
    block: Number(values.block),
    threads: Number(values.threads),
    runtime: values.runtime,
  });
  figure('encoder.throughput_ratio', Number(ratio.toFixed(2)));
  parts.push(
    '## Texts per second',
    `${values.texts} texts (${source}) in catalogue order, WASM, ${threads} thread(s), in turns of ${values.block}. transformers.js as its
documentation shows: \`AutoTokenizer\` and \`AutoModel\`, batches of 32 padded to the longest, on ${values.runtime === 'same' ? 'the same runtime build' : 'its default runtime build'}. Both run
the same graph and weights; the mean cosine between their vectors is ${meanCosine.toFixed(6)}.`,
    table(rows),
    `Ratio: **${ratio.toFixed(2)}** (goal: at least 1.5).`,
  );
}

if (wanted.includes('transfer')) {
  const sizes = transferSizes();
  figure('encoder.download_mb', megabytes(sizes.at(-1).ours));
  figure('encoder.transformers_js_download_mb', megabytes(sizes.at(-1).theirs));
  const rows = sizes.map(({ what, ours, theirs }) => ({
    what,
    'this project, MB': megabytes(ours),
    'transformers.js, MB': megabytes(theirs),
  }));
  parts.push(
    '## Bytes of a first visit',
    `Millions of bytes over the wire for the transformer; scripts, JSON and WebAssembly with gzip, as static hosts send them. Ours are measured.
Of transformers.js the runtime (its default WASM build) is measured; weights and tokenizer are not: they are the sizes that
${PUBLISHED.source}, stated on ${PUBLISHED.readOn}, rounded to millions. What our model takes with its adapter and the instant table is in [size](size.md).`,
    table(rows),
  );
}

if (wanted.includes('visit')) {
  const visit = await measureVisit();
  figure('encoder.bytes_to_first_recommendation', visit.bytesToFirst);
  figure('encoder.first_recommendation_ms', Math.round(visit.firstRecommendationMs));
  figure('encoder.warm_search_ms', Math.round(visit.warmSearchMs));
  parts.push(
    '## The built page',
    `From a static host with gzip and without cross-origin isolation, ${visit.items} items of the demo catalogue, a fresh profile, WASM.`,
    table([
      { what: 'first cards, ms', value: Math.round(visit.firstCardsMs) },
      { what: 'first recommendations from a like, ms', value: Math.round(visit.firstRecommendationMs) },
      { what: 'bytes received until then', value: visit.bytesToFirst },
      { what: `ready with ${visit.encoded} of ${visit.items} items encoded by the transformer, ms`, value: Math.round(visit.readyMs) },
      { what: 'reload to the first search result, ms (median of 5)', value: Math.round(visit.warmSearchMs) },
      { what: 'requests for model or runtime files in five reloads', value: visit.warmModelRequests },
    ]),
  );
}

if (wanted.length === 3) writePage('encoder', parts.join('\n\n'), 'The encoder');
