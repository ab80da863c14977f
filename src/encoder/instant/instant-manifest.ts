// The manifest of an instant table: the layout of its bytes, the space of its vectors, and the check texts with their vectors.
import * as v from 'valibot';
import { RecommenderError } from '../../base/errors.ts';
import { parseJson, requireForm } from '../manifest.ts';

const Count = v.pipe(v.number(), v.integer(), v.minValue(1));
const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

const InstantManifestSchema = v.object({
  format: v.literal(1),
  name: v.string(),
  license: v.string(),
  dimensions: Count,
  /** Entries of the vocabulary, one row each. */
  pieces: Count,
  subvectors: Count,
  /** Entries of each codebook; a code is a byte. */
  codes: v.pipe(Count, v.maxValue(256)),
  /** Name of the table's file, a key of `files`. */
  file: v.string(),
  /** Sections of the file in order: `name type [shape]`. */
  layout: v.array(v.string()),
  /** The tokenizer.json that the rows were made for; `tokenizerSha256` is its hash. */
  tokenizer: v.string(),
  tokenizerSha256: Sha256,
  prefix: v.literal(''),
  specialTokens: v.literal(false),
  space: v.string(),
  files: v.record(v.string(), v.object({ bytes: v.number(), sha256: Sha256 })),
  check: v.object({ texts: v.array(v.string()), vectors: v.string(), minCosine: v.number() }),
});

export type InstantManifest = v.InferOutput<typeof InstantManifestSchema>;

/** @throws bad-manifest naming the first field that is wrong */
export function parseInstantManifest(text: string, url: string): InstantManifest {
  return requireForm(InstantManifestSchema, parseJson(text, url), url, 'the manifest of an instant table');
}

/** The table's size and hash. @throws bad-manifest when `files` lacks them */
export function tableFile(manifest: InstantManifest): { bytes: number; sha256: string } {
  const entry = manifest.files[manifest.file];
  if (!entry) throw new RecommenderError('bad-manifest', `The manifest names "${manifest.file}" without its size and SHA-256 under "files".`);
  return entry;
}

/** Names table and tokenizer, because both decide the vectors; differs from every transformer's fingerprint. */
export function instantFingerprint(manifest: InstantManifest): string {
  const { name, dimensions, tokenizerSha256 } = manifest;
  return `${name}/${dimensions}/sum/${tableFile(manifest).sha256.slice(0, 16)}/tokenizer-${tokenizerSha256.slice(0, 16)}`;
}
