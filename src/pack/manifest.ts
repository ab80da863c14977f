// The manifest of a pack: which files hold the vectors of a catalogue, and for which encoder. It is parsed here, once. A file name in it
// must never lead out of the pack's folder.
import * as v from 'valibot';
import { messageOf, RecommenderError } from '../base/errors.ts';
import { bytesOfChunk } from './chunk.ts';

export const PACK_FORMAT = 'kindred-pack';
export const MANIFEST_FILE = 'manifest.json';

const Whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Positive = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const Hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'not a SHA-256 of 64 lower-case hex digits'));
const FileName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/, 'not a plain file name'));

const File = { file: FileName, bytes: Whole, sha256: Hash };

const Manifest = v.object({
  format: v.literal(PACK_FORMAT),
  version: v.literal(1),
  /** Of the encoder; vectors of two fingerprints are never mixed. */
  fingerprint: v.pipe(v.string(), v.minLength(1)),
  dimensions: Positive,
  /** Rows of all chunks: texts, each once, of this shard where `shard` is there. */
  count: Whole,
  /** The file that the texts come from. */
  catalogue: v.object({ sha256: Hash, items: Whole, title: v.optional(v.string()) }),
  /** ISO 8601, UTC. */
  created: v.pipe(v.string(), v.isoTimestamp()),
  license: v.optional(v.string()),
  chunks: v.array(v.object({ ...File, count: Whole })),
  /** File: [languages × dimensions] float32, the mean raw vector of each language in the order of `counts`. */
  languages: v.object({
    ...File,
    /** Language → items (not texts), in the order of code units. */
    counts: v.record(v.string(), Positive),
    /** In shards only: [languages × dimensions] float64, exact sums, see languages.ts. */
    sums: v.optional(v.object(File)),
  }),
  /** `index` from 0. Its keys are `index / of` ≤ key / 2^256 < `(index + 1) / of`. */
  shard: v.optional(v.object({ index: Whole, of: Positive })),
});

export type PackManifest = v.InferOutput<typeof Manifest>;
export type ChunkEntry = PackManifest['chunks'][number];
/** Size and hash that a file must have. */
export interface FileEntry {
  file: string;
  bytes: number;
  /** 64 lower-case hex digits. */
  sha256: string;
}

/**
 * @param text of `manifest.json`
 * @param name for messages: path or URL
 * @throws bad-pack naming the first field that is wrong
 */
export function readPackManifest(text: string, name = MANIFEST_FILE): PackManifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw badManifest(name, `is not JSON: ${messageOf(error)}`);
  }
  const parsed = v.safeParse(Manifest, json);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw badManifest(name, `is not a pack's manifest: field "${v.getDotPath(issue) ?? '(root)'}": ${issue.message}`);
  }
  const manifest = parsed.output;
  const fault = contradictionIn(manifest);
  if (fault !== '') throw badManifest(name, `contradicts itself: ${fault}`);
  return manifest;
}

/** The bytes of `manifest.json`, with the fields in a fixed order, so that equal manifests give equal bytes. */
export function formatPackManifest(manifest: PackManifest): Uint8Array<ArrayBuffer> {
  const { format, version, fingerprint, dimensions, count, catalogue, created, license, shard, chunks, languages } = manifest;
  const ordered = { format, version, fingerprint, dimensions, count, catalogue, license, created, shard, chunks, languages };
  return new TextEncoder().encode(`${JSON.stringify(ordered, null, 1)}\n`);
}

/**
 * The chunk that may hold a key: chunk j of n holds the keys whose first 32 bits x have floor(x · n / 2^32) = j;
 * in a shard, the same within the shard's part of the range.
 * @param key 32 bytes, or 64 hex digits
 * @returns −1 for a key of another shard, or where there are no chunks
 */
export function chunkIndexOf(manifest: Pick<PackManifest, 'chunks' | 'shard'>, key: Uint8Array | string): number {
  const { index, of } = manifest.shard ?? { index: 0, of: 1 };
  const share = shareOfKey(key) * of - index;
  return share < 0 || share >= 1 || manifest.chunks.length === 0 ? -1 : Math.floor(share * manifest.chunks.length);
}

/** First 32 bits of a key as a share of the range of keys, in [0, 1). */
export function shareOfKey(key: Uint8Array | string): number {
  if (typeof key === 'string') return Number.parseInt(key.slice(0, 8), 16) / 2 ** 32;
  return (((key[0] ?? 0) * 256 + (key[1] ?? 0)) * 256 + (key[2] ?? 0)) / 2 ** 24 + (key[3] ?? 0) / 2 ** 32;
}

function contradictionIn({ chunks, count, dimensions, languages, shard }: PackManifest): string {
  const rows = chunks.reduce((sum, chunk) => sum + chunk.count, 0);
  if (rows !== count) return `"count" is ${count}, the chunks hold ${rows} rows`;
  for (const chunk of chunks) {
    const bytes = bytesOfChunk(chunk.count, dimensions);
    if (bytes !== chunk.bytes) return `${chunk.file} has ${chunk.bytes} bytes, ${chunk.count} rows take ${bytes}`;
  }
  const values = Object.keys(languages.counts).length * dimensions;
  if (languages.bytes !== values * 4) return `${languages.file} has ${languages.bytes} bytes instead of ${values * 4}`;
  if (languages.sums && languages.sums.bytes !== values * 8) {
    return `${languages.sums.file} has ${languages.sums.bytes} bytes instead of ${values * 8}`;
  }
  if (shard && shard.index >= shard.of) return `shard ${shard.index + 1} of ${shard.of}`;
  return '';
}

function badManifest(name: string, what: string): RecommenderError {
  return new RecommenderError('bad-pack', `${name} ${what}. Write the pack again with "kindred pack".`, { name });
}
