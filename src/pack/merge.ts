// Merges shards into one pack, byte for byte the pack that a run without shards would write. Holds one chunk of a shard, one chunk of
// the result, and all keys in memory.
import { KEY_BYTES } from '../base/bytes.ts';
import { RecommenderError } from '../base/errors.ts';
import type { QuantizedRows } from '../compute/backend.ts';
import type { PackChunk } from './chunk.ts';
import { createLanguageSums } from './languages.ts';
import type { PackManifest } from './manifest.ts';
import type { PackReader } from './reader.ts';
import { type WriteOptions, writePack } from './writer.ts';

/**
 * @param shards in any order
 * @param created ISO 8601, UTC; default the latest of the shards
 * @throws bad-pack when shards do not belong together, one is missing (named) or a file is damaged, before anything is put;
 *   aborted; what `options.put` throws
 */
export async function mergePacks(shards: readonly PackReader[], options: WriteOptions & { created?: string }): Promise<PackManifest> {
  const ordered = inOrder(shards);
  const [first] = ordered;
  if (!first) throw new RecommenderError('bad-argument', 'There is no shard to merge. Name the folders of all shards.');
  const { fingerprint, dimensions, catalogue, license } = first.manifest;
  const languages = createLanguageSums(dimensions);
  for (const shard of ordered) languages.merge(await shard.sums(options.signal));
  const keys = await keysOf(ordered, options.signal);
  const latest =
    ordered
      .map(({ manifest }) => manifest.created)
      .sort()
      .at(-1) ?? '';
  const rows = new RowStream(ordered, dimensions, options.signal);
  const about = { fingerprint, dimensions, catalogue, license, languages, created: options.created ?? latest };
  return writePack({ keys, read: (start, end) => rows.take(end - start) }, about, options);
}

/** @throws bad-pack naming what does not fit, or the shards that are missing */
function inOrder(shards: readonly PackReader[]): PackReader[] {
  const [first] = shards;
  if (!first) return [];
  const of = first.manifest.shard?.of ?? 1;
  const places = new Array<PackReader | undefined>(of).fill(undefined);
  for (const shard of shards) {
    requireAlike(first.manifest, shard.manifest);
    const index = shard.manifest.shard?.index ?? 0;
    if (places[index]) throw unfit(`shard ${index + 1}/${of} is there twice`, 'Name each shard once');
    places[index] = shard;
  }
  const missing = places.flatMap((shard, index) => (shard ? [] : [`${index + 1}/${of}`]));
  if (missing.length > 0) {
    throw unfit(`shard ${missing.join(', ')} is missing`, `Write it with "kindred pack --shard ${missing[0]}" and name its folder too`);
  }
  return places.filter((shard) => shard !== undefined);
}

function requireAlike(a: PackManifest, b: PackManifest): void {
  if (!a.shard || !b.shard) throw unfit('one of them is no shard', 'Merge what "kindred pack --shard" has written');
  const facts: [what: string, a: string | number, b: string | number][] = [
    ['encoder', a.fingerprint, b.fingerprint],
    ['dimensions', a.dimensions, b.dimensions],
    ['catalogue (SHA-256)', a.catalogue.sha256, b.catalogue.sha256],
    ['number of shards', a.shard.of, b.shard.of],
    ['license', a.license ?? 'none', b.license ?? 'none'],
  ];
  const [differing] = facts.filter(([, x, y]) => x !== y);
  if (differing)
    throw unfit(`${differing[0]} differs, ${differing[1]} and ${differing[2]}`, 'Write all shards from the same catalogue with the same model');
}

/** The keys of all shards one after the other. Verifies each file. */
async function keysOf(shards: readonly PackReader[], signal: AbortSignal | undefined): Promise<Uint8Array> {
  const keys = new Uint8Array(KEY_BYTES * shards.reduce((sum, { manifest }) => sum + manifest.count, 0));
  let at = 0;
  for await (const chunk of chunksOf(shards, signal)) {
    keys.set(chunk.keys, at);
    at += chunk.keys.length;
  }
  return keys;
}

async function* chunksOf(shards: readonly PackReader[], signal: AbortSignal | undefined): AsyncGenerator<PackChunk, void, undefined> {
  for (const shard of shards) {
    for await (const result of shard.chunks(signal ? { signal } : {})) {
      if ('error' in result) throw result.error;
      yield result.chunk;
    }
  }
}

/** The rows of all shards as one stream. */
class RowStream {
  readonly #chunks: AsyncGenerator<PackChunk, void, undefined>;
  readonly #dimensions: number;
  #rows: QuantizedRows | undefined;
  #next = 0;

  constructor(shards: readonly PackReader[], dimensions: number, signal: AbortSignal | undefined) {
    this.#chunks = chunksOf(shards, signal);
    this.#dimensions = dimensions;
  }

  /** The next `count` rows, or fewer at the end. */
  async take(count: number): Promise<QuantizedRows> {
    const d = this.#dimensions;
    const values = new Int8Array(count * d);
    const scales = new Float32Array(count);
    let filled = 0;
    while (filled < count) {
      if (!this.#rows || this.#next === this.#rows.count) {
        const step = await this.#chunks.next();
        if (step.done) break;
        this.#rows = step.value.rows;
        this.#next = 0;
      }
      const until = Math.min(this.#rows.count, this.#next + count - filled);
      values.set(this.#rows.values.subarray(this.#next * d, until * d), filled * d);
      scales.set(this.#rows.scales.subarray(this.#next, until), filled);
      filled += until - this.#next;
      this.#next = until;
    }
    return { dimensions: d, count: filled, values: values.subarray(0, filled * d), scales: scales.subarray(0, filled) };
  }
}

function unfit(what: string, remedy: string): RecommenderError {
  return new RecommenderError('bad-pack', `The shards do not make one pack: ${what}. ${remedy}.`);
}
