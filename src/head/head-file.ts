// Reads the file of an owner's head, which a page loads. A head for other vectors than the page's own must be refused: it would rank
// at random, and nobody would be told.
import * as v from 'valibot';
import { messageOf, RecommenderError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import type { FeatureProjection } from './features.ts';
import { parameterCount } from './layout.ts';
import type { LogKnowledge } from './log-knowledge.ts';
import { bytesFromText, floatsFromText, integersFromText } from './number-text.ts';
import type { HeadShape } from './types.ts';

export const HEAD_FORMAT = 'kindred-head';

const Whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Positive = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(65_536));
const Finite = v.pipe(v.number(), v.finite());
const Weight = v.pipe(v.number(), v.finite(), v.minValue(0));
const Hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'not a SHA-256 of 64 lower-case hex digits'));
const Type = v.picklist(['float16', 'float32']);
const Share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const Head = v.variant('kind', [
  v.strictObject({ kind: v.literal('dot'), dimensions: Positive }),
  v.strictObject({ kind: v.literal('bilinear'), dimensions: Positive, rank: Positive }),
  v.strictObject({ kind: v.literal('mlp'), dimensions: Positive, hidden: Positive }),
]);

const Bucket = v.strictObject({ upTo: v.nullable(Whole), head: Weight, prior: Weight, itemItem: Weight });

/** Lengths that depend on each other are checked in `readHeadFile`. */
const HeadFileSchema = v.object({
  format: v.literal(HEAD_FORMAT),
  version: v.literal(1),
  /** ISO 8601, UTC. */
  created: v.pipe(v.string(), v.isoTimestamp()),
  /** Encoder of the vectors that it was trained on; dimensions of the text part. */
  encoder: v.object({ fingerprint: v.pipe(v.string(), v.minLength(1)), dimensions: Positive }),
  head: Head,
  /** How categories and attributes were joined to the vectors. Without it the vectors are text alone. */
  features: v.optional(
    v.object({
      dimensions: Positive,
      share: Share,
      numericShare: Share,
      seed: Finite,
      numerics: v.record(v.string(), v.object({ mean: Finite, deviation: Finite })),
      withoutCategories: v.exactOptional(v.array(v.string())),
    }),
  ),
  parameters: v.object({ type: Type, data: v.string() }),
  /** How likes become a score: the head's queries for them as several interests. Without it (files before that) the mean of the likes. */
  reader: v.optional(v.literal('interests')),
  /** What it was trained on, and nDCG@10 of held-out users. */
  training: v.object({
    users: Whole,
    examples: Whole,
    start: v.string(),
    epochs: Whole,
    heldOut: v.object({ users: Whole, plain: Finite, start: Finite, best: Finite }),
    /** The help for languages with few ratings, if there was any; `priorHead`: SHA-256 of the file that training started from. */
    languages: v.optional(
      v.object({
        temperature: v.optional(v.pipe(Finite, v.minValue(1))),
        mixing: v.boolean(),
        alignment: v.boolean(),
        translations: Whole,
        priorHead: v.optional(Hash),
      }),
    ),
  }),
  /** From the same log; rows of prior and table are places in `items`. */
  log: v.optional(
    v.object({
      items: v.array(v.pipe(v.string(), v.minLength(1))),
      prior: v.object({ asOf: v.pipe(v.string(), v.isoTimestamp()), users: Whole, absent: Finite, type: Type, data: v.string() }),
      table: v.object({
        method: v.picklist(['ease', 'item-knn']),
        scale: v.pipe(v.number(), v.finite(), v.minValue(0)),
        pairs: Whole,
        offsets: v.string(),
        neighbours: v.string(),
        values: v.string(),
      }),
      blend: v.pipe(
        v.array(Bucket),
        v.minLength(1),
        v.check((buckets) => buckets.at(-1)?.upTo === null, 'the last bucket must have upTo null'),
      ),
    }),
  ),
  sha256: Hash,
  signature: v.optional(v.object({ algorithm: v.literal('Ed25519'), publicKey: v.string(), value: v.string() })),
});

export type HeadFileJson = v.InferOutput<typeof HeadFileSchema>;

export const ED25519 = { name: 'Ed25519' };

export interface EncoderIdentity {
  fingerprint: string;
  /** Of the text vectors, without features. */
  dimensions: number;
}

export interface TrainedHead {
  createdMs: number;
  encoder: EncoderIdentity;
  shape: HeadShape;
  parameters: Float32Array;
  features?: FeatureProjection;
  /** Absent: blend weights were learned with the mean of the likes. */
  reader?: 'interests';
  training: HeadFileJson['training'];
  log?: LogKnowledge;
}

export interface ReadHeadOptions {
  /** That of the page. Without it every encoder is accepted, for tools that only show a file. */
  encoder?: EncoderIdentity;
  /** Base64 of the raw Ed25519 public key that must have signed. Without it a signature is checked where there is one. */
  publicKey?: string;
  /** For messages: path or URL. */
  name?: string;
}

/**
 * @param text of the file
 * @throws bad-head: no JSON, not of this form, changed after it was written, signed by another or not at all, or for another
 *   encoder; insecure-context
 */
export async function readHeadFile(text: string, { encoder, publicKey, name = 'The head file' }: ReadHeadOptions = {}): Promise<TrainedHead> {
  const { json, raw } = parse(text, name);
  const { sha256, signature, ...content } = raw;
  const sealed = canonical(content);
  if ((await sha256Hex(sealed)) !== json.sha256) throw refusal(name, 'was changed after it was written: its SHA-256 differs. Copy it again.');
  if (publicKey !== undefined && json.signature?.publicKey !== publicKey)
    throw refusal(name, 'is not signed by the owner of this page. Take the file that your own training wrote.');
  if (json.signature && !(await verifyText(sealed, json.signature)))
    throw refusal(name, 'has a signature that is not of this content. Sign it again.');
  const found = json.encoder;
  if (encoder && (found.fingerprint !== encoder.fingerprint || found.dimensions !== encoder.dimensions)) {
    throw refusal(
      name,
      `was trained on vectors of the encoder ${found.fingerprint} (${found.dimensions} dimensions); this page uses ${encoder.fingerprint} (${encoder.dimensions}). Train it again with this model.`,
    );
  }
  const features = json.features?.dimensions ?? 0;
  if (json.head.dimensions !== found.dimensions + features)
    throw refusal(name, `has a head of ${json.head.dimensions} dimensions for vectors of ${found.dimensions} + ${features}. Train it again.`);
  return {
    createdMs: Date.parse(json.created),
    encoder: found,
    shape: json.head,
    parameters: floatsFromText(json.parameters.data, json.parameters.type, parameterCount(json.head)),
    ...(json.features && { features: json.features }),
    ...(json.reader && { reader: json.reader }),
    training: json.training,
    ...(json.log && { log: logOf(json.log, name) }),
  };
}

function parse(text: string, name: string): { json: HeadFileJson; raw: Record<string, unknown> } {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw new RecommenderError('bad-head', `${name} is no JSON: ${messageOf(cause)}. Copy it again.`, { name }, { cause });
  }
  const result = v.safeParse(HeadFileSchema, raw);
  if (result.success) return { json: result.output, raw: v.parse(v.record(v.string(), v.unknown()), raw) };
  const [issue] = result.issues;
  throw refusal(name, `is no head of this version: ${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}. Train it again with this version.`);
}

function refusal(name: string, what: string): RecommenderError {
  return new RecommenderError('bad-head', `${name} ${what}`, { name });
}

/** Whether the holder of `publicKey` signed the text. @throws bad-head where the platform has no Ed25519, or for a key of another form */
async function verifyText(text: string, { publicKey, value }: NonNullable<HeadFileJson['signature']>): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', bytesFromText(publicKey), ED25519, false, ['verify']);
    return await crypto.subtle.verify(ED25519, key, bytesFromText(value), new TextEncoder().encode(text));
  } catch (cause) {
    throw new RecommenderError(
      'bad-head',
      `The signature cannot be checked here: ${messageOf(cause)}. Use a browser with Ed25519, or a head without a signature.`,
      {},
      { cause },
    );
  }
}

/** JSON with the keys of every object in the order of code units: the same content is the same text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function logOf({ items, prior, table, blend }: NonNullable<HeadFileJson['log']>, name: string): LogKnowledge {
  const offsets = integersFromText(table.offsets, items.length + 1);
  const neighbours = integersFromText(table.neighbours, table.pairs);
  const values = new Int8Array(bytesFromText(table.values).buffer);
  const ascending = offsets.every((offset, i) => offset >= (offsets[i - 1] ?? 0));
  const fits = values.length === table.pairs && offsets[0] === 0 && offsets.at(-1) === table.pairs && ascending;
  if (!fits || neighbours.some((place) => place < 0 || place >= items.length))
    throw refusal(name, 'has an item–item table whose parts do not fit together. Copy it again.');
  return {
    items,
    prior: { asOfMs: Date.parse(prior.asOf), users: prior.users, absent: prior.absent, values: floatsFromText(prior.data, prior.type, items.length) },
    table: { method: table.method, scale: table.scale, offsets, items: neighbours, values },
    weights: blend,
  };
}
