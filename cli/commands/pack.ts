// `kindred pack`: computes the vectors of a catalogue once for all visitors.
import { groupBy } from '../../src/base/group-by.ts';
import { cleanText } from '../../src/catalogue/clean.ts';
import { contentKey, itemText } from '../../src/catalogue/text.ts';
import { quantizeRows } from '../../src/compute/quantize.ts';
import { createLanguageSums } from '../../src/pack/languages.ts';
import { type PackManifest, shareOfKey } from '../../src/pack/manifest.ts';
import { writePack } from '../../src/pack/writer.ts';
import { type Command, UsageError } from '../lib/command.ts';
import { embedIntoCache } from '../lib/embed.ts';
import { EMBED_OPTIONS, embedOptions } from '../lib/options.ts';
import { clearOldFiles, megabytes, packFolderWriter } from '../lib/pack-folder.ts';
import { progressLine } from '../lib/progress-line.ts';
import { readCatalogue } from '../lib/read-catalogue.ts';

/** Characters of an ISO date. The manifest has no time of day, so that the same catalogue gives the same files. */
const DATE_LENGTH = 10;

export const pack: Command = {
  operands: '',
  options: {
    catalogue: { value: 'FILE', summary: 'CSV, TSV, JSON or NDJSON', required: true },
    out: { value: 'DIR', summary: 'folder of the pack, to be served beside the catalogue', required: true },
    shard: { value: 'I/N', summary: 'only part I of N, for several machines; then "kindred pack merge"' },
    ...EMBED_OPTIONS,
    license: { value: 'TEXT', summary: 'licence of the vectors, for the manifest' },
    'chunk-mb': { value: 'N', summary: 'size of a chunk at most; default 4' },
  },
  details: 'Can be stopped and started again: vectors are kept. After a change of the catalogue only the changed texts are encoded.',
  run: async (options, { out, err, signal, progress, nowMs }) => {
    const shard = parseShard(options.text('shard'));
    const folder = options.required('out');
    const { report, sha256, title } = await readCatalogue(options.required('catalogue'), signal);
    if (report.errorCount > 0) err(`${report.errorCount} rows cannot be used and are left out; "kindred check" lists them.`);
    const texts = report.items.map((item) => cleanText(itemText(item)));
    const keys: string[] = [];
    for (const text of texts) keys.push(await contentKey(text));
    const mine = keys.flatMap((key, row) => (inShard(key, shard) ? [row] : []));
    const line = progressLine('Encoding', progress, nowMs);
    const embedded = await embedIntoCache(
      mine.map((row) => texts[row] ?? ''),
      {
        ...embedOptions(options),
        signal,
        onProgress: (report) => line.update(report),
        nowMs,
      },
    ).finally(() => line.end());
    const { cache, dimensions, fingerprint, encoded, fromCache } = embedded;
    try {
      const languages = createLanguageSums(dimensions);
      const rowsOf = groupBy(mine, (row) => keys[row] ?? ''); // items may share a text
      const sorted = [...rowsOf.keys()].sort();
      const read = async (start: number, end: number) => {
        const vectors = await cache.read(sorted.slice(start, end));
        for (let at = start; at < end; at++) {
          const vector = vectors.subarray((at - start) * dimensions, (at - start + 1) * dimensions);
          for (const row of rowsOf.get(sorted[at] ?? '') ?? []) languages.add(report.items[row]?.language ?? 'und', vector);
        }
        return quantizeRows(vectors, dimensions);
      };
      const license = options.text('license');
      const chunkMb = options.number('chunk-mb', { least: 0.01, most: 20 });
      const manifest = await writePack(
        { keys: new Uint8Array(Buffer.from(sorted.join(''), 'hex')), read },
        {
          fingerprint,
          dimensions,
          catalogue: { sha256, items: report.items.length, title },
          created: `${new Date(nowMs()).toISOString().slice(0, DATE_LENGTH)}T00:00:00.000Z`,
          languages,
          ...(license === undefined ? {} : { license }),
          ...(shard ? { shard } : {}),
        },
        { put: packFolderWriter(folder), signal, ...(chunkMb === undefined ? {} : { chunkBytes: chunkMb * 2 ** 20 }) },
      );
      clearOldFiles(folder, manifest);
      out(
        `${folder}: ${manifest.count} vectors of ${mine.length} items, ${megabytes(manifest)}; ${encoded} encoded now, ${fromCache} were there already.`,
      );
      return report.errorCount > 0 ? 1 : 0;
    } finally {
      await cache.close();
    }
  },
};

/** @throws UsageError */
function parseShard(text: string | undefined): PackManifest['shard'] {
  if (text === undefined) return undefined;
  const [, i, n] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const index = Number(i) - 1;
  const count = Number(n);
  if (i === undefined || index < 0 || index >= count) throw new UsageError(`--shard ${text} is not like 2/8: a part from 1 to the number of parts.`);
  return { index, of: count };
}

/** Whether a key belongs to the shard; every key belongs to a whole pack. @param key 64 hex digits */
export function inShard(key: string, shard: PackManifest['shard']): boolean {
  return !shard || Math.floor(shareOfKey(key) * shard.of) === shard.index;
}
