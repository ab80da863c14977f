// `kindred pack verify`: whether the files are intact, fit the catalogue, and agree with this machine's encoder.
import { keysToHex } from '../../src/base/bytes.ts';
import { cleanText } from '../../src/catalogue/clean.ts';
import { contentKey, itemText } from '../../src/catalogue/text.ts';
import { dot, normalizeRows } from '../../src/compute/cpu/linear.ts';
import { dequantizeRow } from '../../src/compute/quantize.ts';
import type { Command } from '../lib/command.ts';
import { loadNodeEncoder } from '../lib/node-encoder.ts';
import { openPackFolder } from '../lib/pack-folder.ts';
import { defaultModelFolder } from '../lib/paths.ts';
import { readCatalogue } from '../lib/read-catalogue.ts';
import { inShard } from './pack.ts';

const SAMPLE = 16;
const LEAST_COSINE = 0.99;

export const packVerify: Command = {
  operands: 'DIR',
  options: {
    catalogue: { value: 'FILE', summary: 'says how much of it the pack covers, and encodes 16 of its items for comparison' },
    model: { value: 'DIR', summary: 'folder of the model; default the one of this package' },
  },
  details: 'Exit code 0 when all is well, 1 when something is wrong.',
  run: async (options, { out, signal }) => {
    const reader = await openPackFolder(options.operands[0] ?? '', signal);
    const vectors = new Map<string, Float32Array>();
    let damaged = 0;
    for await (const result of reader.chunks({ signal })) {
      if ('error' in result) {
        damaged++;
        out(result.error.message);
        continue;
      }
      const { keys, rows } = result.chunk;
      for (const [at, key] of keysToHex(keys).entries()) vectors.set(key, dequantizeRow(rows, at));
    }
    await reader.languages(signal);
    out(`${vectors.size} of ${reader.manifest.count} vectors are intact; encoder ${reader.manifest.fingerprint}.`);
    const file = options.text('catalogue');
    if (file === undefined) return damaged > 0 ? 1 : 0;
    const { report } = await readCatalogue(file, signal);
    const texts = new Map<string, string>();
    for (const item of report.items) {
      const text = cleanText(itemText(item));
      const key = await contentKey(text);
      if (inShard(key, reader.manifest.shard)) texts.set(key, text);
    }
    const covered = [...texts.keys()].filter((key) => vectors.has(key));
    out(`${covered.length} of the catalogue's ${texts.size} different texts are in the pack.`);
    const step = Math.max(1, Math.floor(covered.length / SAMPLE));
    const sample = covered.filter((_, i) => i % step === 0).slice(0, SAMPLE);
    const encoder = await loadNodeEncoder(options.text('model') ?? defaultModelFolder());
    try {
      if (encoder.fingerprint !== reader.manifest.fingerprint) {
        out(`The pack is of another encoder than ${encoder.fingerprint}: visitors would not use it.`);
        return 1;
      }
      const d = encoder.dimensions;
      const again = await encoder.encode(
        sample.map((key) => texts.get(key) ?? ''),
        { signal },
      );
      const cosines = sample.map((key, i) => dot(normalizeRows((vectors.get(key) ?? new Float32Array(d)).slice(), d), 0, again, i * d, d));
      const lowest = Math.min(1, ...cosines);
      out(`${sample.length} encoded again: lowest cosine ${lowest.toFixed(4)}.`);
      return damaged > 0 || covered.length < texts.size || lowest < LEAST_COSINE ? 1 : 0;
    } finally {
      await encoder.dispose();
    }
  },
};
