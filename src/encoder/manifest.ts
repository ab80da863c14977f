// The manifest of a model folder: its files, their hashes, and the check texts with their vectors.
import * as v from 'valibot';
import { fromBase64 } from '../base/bytes.ts';
import { messageOf, RecommenderError } from '../base/errors.ts';
import { dot } from '../compute/cpu/linear.ts';

const FileEntry = v.object({ bytes: v.number(), sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) });

const Adapter = v.object({
  dimensions: v.number(),
  projectedDimensions: v.number(),
  languages: v.array(v.string()),
  ranking: v.string(),
  /** S_w and S_b [dimensions × dimensions] each. */
  covariances: v.optional(v.string()),
  /** A map per language of `mapLanguages`, 8 bits a value; go with `covariances` of mapped rows. */
  maps: v.optional(v.string()),
  /** Mean vectors [meanLanguages × dimensions] of languages beyond `languages`. */
  means: v.optional(v.string()),
  meanLanguages: v.optional(v.array(v.string())),
  mapLanguages: v.optional(v.array(v.string())),
  mapRank: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
});

const Manifest = v.object({
  format: v.literal(1),
  name: v.string(),
  license: v.string(),
  dimensions: v.pipe(v.number(), v.integer(), v.minValue(1)),
  maxTokens: v.pipe(v.number(), v.integer(), v.minValue(8)),
  pooling: v.string(),
  prefix: v.object({ item: v.string(), query: v.string() }),
  graphs: v.object({ webgpu: v.string(), wasm: v.string() }),
  weights: v.array(v.string()),
  tokenizer: v.string(),
  /** Faster form of `tokenizer`, see tokenizer/compact.ts. */
  tokenizerCompact: v.optional(v.string()),
  inputs: v.array(v.string()),
  output: v.string(),
  languages: v.array(v.string()),
  files: v.record(v.string(), FileEntry),
  check: v.object({ texts: v.array(v.string()), vectors: v.string(), minCosine: v.number() }),
  adapter: v.optional(Adapter),
});

export type ModelManifest = v.InferOutput<typeof Manifest>;
export type AdapterManifest = v.InferOutput<typeof Adapter>;
export type FileEntry = v.InferOutput<typeof FileEntry>;

/** @throws bad-manifest naming the first field that is wrong */
export function parseManifest(json: unknown, url: string): ModelManifest {
  const manifest = requireForm(Manifest, json, url, 'a model manifest', ' Point modelUrl at a folder made by the model build.');
  const named = [
    manifest.graphs.webgpu,
    manifest.graphs.wasm,
    ...manifest.weights,
    manifest.tokenizer,
    manifest.tokenizerCompact,
    manifest.adapter?.ranking,
    manifest.adapter?.covariances,
    manifest.adapter?.maps,
    manifest.adapter?.means,
  ];
  const missing = named.find((name) => name !== undefined && !(name in manifest.files));
  if (missing !== undefined) {
    throw new RecommenderError('bad-manifest', `${url} names the file "${missing}" without its size and SHA-256 under "files".`, { url });
  }
  return manifest;
}

export function parseManifestText(text: string, url: string): ModelManifest {
  return parseManifest(parseJson(text, url), url);
}

/** @throws bad-manifest */
export function parseJson(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RecommenderError('bad-manifest', `${url} is not JSON: ${messageOf(error)}.`, { url });
  }
}

/** @param what names the form in the error @throws bad-manifest naming the first field that is wrong */
export function requireForm<T>(schema: v.GenericSchema<unknown, T>, json: unknown, url: string, what: string, remedy = ''): T {
  const parsed = v.safeParse(schema, json);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  const message = `${url} is not ${what}: field "${v.getDotPath(issue) ?? '(root)'}": ${issue.message}.${remedy}`;
  throw new RecommenderError('bad-manifest', message, { url });
}

/** Of rows of unit length. @param wanted [rows × dimensions] or more @param got [rows × dimensions] @returns the lowest cosine of a row */
export function lowestCosine(wanted: Float32Array, got: Float32Array, dimensions: number): number {
  let lowest = 1;
  for (let row = 0; row < got.length; row += dimensions) lowest = Math.min(lowest, dot(wanted, row, got, row, dimensions));
  return lowest;
}

/** The check vectors: [texts × dimensions], unit length. @throws bad-manifest when their number does not fit */
export function checkVectors({
  check,
  dimensions,
}: Pick<ModelManifest, 'dimensions'> & { check: { texts: string[]; vectors: string } }): Float32Array {
  const bytes = fromBase64(check.vectors);
  const expected = check.texts.length * dimensions * 4;
  if (bytes.length !== expected) {
    throw new RecommenderError('bad-manifest', `The manifest's check vectors have ${bytes.length} bytes instead of ${expected}.`);
  }
  return new Float32Array(bytes.buffer);
}

/** Names weights, prefix and pooling: vectors with the same fingerprint may be compared, others never. */
export function fingerprintOf(manifest: ModelManifest): string {
  const weights = manifest.weights.map((name) => manifest.files[name]?.sha256.slice(0, 16) ?? '').join('.');
  return `${manifest.name}/${manifest.dimensions}/${manifest.pooling}/${manifest.prefix.item.trim()}/${weights}`;
}

/** Of what a language correction is fitted with beside the vectors: covariances, maps and means of the adapter. */
export function statisticsFingerprintOf({ adapter, files }: ModelManifest): string {
  return [adapter?.covariances, adapter?.maps, adapter?.means]
    .map((name) => (name === undefined ? '' : (files[name]?.sha256.slice(0, 16) ?? '')))
    .join('.');
}

/** Of the vectors that ranking sees: those of `fingerprintOf` after the adapter's projection and centring. */
export function rankingFingerprintOf(manifest: ModelManifest): string {
  const adapter = manifest.adapter && manifest.files[manifest.adapter.ranking]?.sha256.slice(0, 16);
  return adapter ? `${fingerprintOf(manifest)}/${adapter}` : fingerprintOf(manifest);
}
