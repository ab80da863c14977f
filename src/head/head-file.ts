// A trained head as one small JSON file that a page loads: sealed by a SHA-256 over all fields, on request signed with Ed25519. A head
// for other vectors than the page's own must never be believed: it would rank at random without a word.
import * as v from 'valibot';
import { messageOf, RecommenderError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import type { BlendWeights } from './blend.ts';
import type { FeatureProjection } from './features.ts';
import { type FloatType, floatsFromText, floatsToText, fromBase64, integersFromText, integersToText, toBase64 } from './number-text.ts';
import { HEAD_FORMAT, type HeadFileJson, HeadFileSchema } from './head-file-schema.ts';
import { type KeyPair, signText, verifyText } from '../owner/head-file-writer.ts';
import type { ItemItemTable } from '../owner/item-item.ts';
import { parameterCount } from './layout.ts';
import type { HeadShape } from './types.ts';

export interface EncoderIdentity {
  fingerprint: string;
  /** Of the vectors that heads see, without features. */
  dimensions: number;
}

/** What the owner's log says besides the head, by place in `items`. */
export interface LogKnowledge {
  /** Ids of the items that someone liked. */
  items: readonly string[];
  prior: { asOfMs: number; users: number /** [items] */; values: Float32Array /** Of all other items. */; absent: number };
  table: ItemItemTable;
  weights: BlendWeights;
}

export interface TrainedHead {
  createdMs: number;
  encoder: EncoderIdentity;
  shape: HeadShape;
  parameters: Float32Array;
  features?: FeatureProjection;
  training: HeadFileJson['training'];
  log?: LogKnowledge;
}

export interface WriteHeadOptions {
  /** Default float16: half the bytes, the order of items all but the same. */
  type?: FloatType;
  signWith?: KeyPair;
}

/** @returns the text of the file @throws bad-head, bad-argument when the shape is not one that a file may hold; insecure-context */
export async function writeHeadFile(head: TrainedHead, { type = 'float16', signWith }: WriteHeadOptions = {}): Promise<string> {
  const content = {
    format: HEAD_FORMAT,
    version: 1,
    created: new Date(head.createdMs).toISOString(),
    encoder: { fingerprint: head.encoder.fingerprint, dimensions: head.encoder.dimensions },
    head: head.shape,
    ...(head.features && { features: head.features }),
    parameters: { type, data: floatsToText(head.parameters, type) },
    training: head.training,
    ...(head.log && { log: logJson(head.log, type) }),
  };
  const sealed = canonical(content);
  const signature = signWith && (await signText(sealed, signWith));
  const file = { ...content, sha256: await sha256Hex(sealed), ...(signature && { signature }) };
  const text = `${JSON.stringify(file, null, 1)}\n`;
  await readHeadFile(text, { encoder: head.encoder });
  return text;
}

export interface ReadHeadOptions {
  /** Of the page; absent: any is taken, for tools that only look. */
  encoder?: EncoderIdentity;
  /** Base64 of the raw Ed25519 public key that must have signed; absent: a signature is checked where there is one. */
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

/** JSON with the keys of every object in the order of code units: the same content is the same text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function logJson({ items, prior, table, weights }: LogKnowledge, type: FloatType) {
  return {
    items,
    prior: { asOf: new Date(prior.asOfMs).toISOString(), users: prior.users, absent: prior.absent, type, data: floatsToText(prior.values, type) },
    table: {
      method: table.method,
      scale: table.scale,
      pairs: table.items.length,
      offsets: integersToText(table.offsets),
      neighbours: integersToText(table.items),
      values: toBase64(new Uint8Array(table.values.buffer, table.values.byteOffset, table.values.length)),
    },
    blend: weights,
  };
}

function logOf({ items, prior, table, blend }: NonNullable<HeadFileJson['log']>, name: string): LogKnowledge {
  const offsets = integersFromText(table.offsets, items.length + 1);
  const neighbours = integersFromText(table.neighbours, table.pairs);
  const values = new Int8Array(fromBase64(table.values).buffer);
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
