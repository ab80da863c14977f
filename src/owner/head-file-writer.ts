// Writes the file of an owner's head: one JSON, sealed by a SHA-256 over all fields, on request signed with Ed25519 (WebCrypto; RFC 8032).
import { fromBase64, toBase64 } from '../base/bytes.ts';
import { messageOf, RecommenderError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import { canonical, ED25519, HEAD_FORMAT, type HeadFileJson, readHeadFile, type TrainedHead } from '../head/head-file.ts';
import { type BlendWeights, type ItemItemTable, type LogKnowledge, renumberTable } from '../head/log-knowledge.ts';
import { type FloatType, floatsToText, integersToText } from '../head/number-text.ts';
import { countLikers, type Likes, likedRows } from './likes.ts';
import type { OwnerModel } from './owner-model.ts';
import type { ItemPrior } from './prior.ts';

export interface KeyPair {
  privateKey: CryptoKey;
  /** Base64 of the 32 raw bytes. */
  publicKey: string;
}

export interface WriteHeadOptions {
  /** Default float16: half the bytes, and the order of items hardly changes. */
  type?: FloatType;
  signWith?: KeyPair;
}

/** @returns the text of the file @throws bad-head when `readHeadFile` would refuse it; insecure-context */
export async function writeHeadFile(head: TrainedHead, { type = 'float16', signWith }: WriteHeadOptions = {}): Promise<string> {
  const content = {
    format: HEAD_FORMAT,
    version: 1,
    created: new Date(head.createdMs).toISOString(),
    encoder: { fingerprint: head.encoder.fingerprint, dimensions: head.encoder.dimensions },
    head: head.shape,
    ...(head.features && { features: head.features }),
    parameters: { type, data: floatsToText(head.parameters, type) },
    ...(head.reader && { reader: head.reader }),
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

/** The content of a head file. @param items rows of the log, as the model was trained on them @param likes all of the log */
export function trainedHeadOf(
  { head, prior, itemItem, weights }: OwnerModel,
  items: readonly { id: string }[],
  likes: Likes,
  about: Pick<TrainedHead, 'createdMs' | 'encoder' | 'features'>,
  languages?: TrainedHead['training']['languages'],
): TrainedHead {
  const likers = countLikers(likedRows(likes), likes.itemCount);
  const heldOutUsers = head.heldOutUsers.reduce((sum, one) => sum + one, 0);
  return {
    ...about,
    shape: head.shape,
    parameters: head.parameters,
    reader: 'interests',
    training: {
      users: likes.userCount,
      examples: head.examples,
      start: head.start,
      epochs: head.epochs,
      heldOut: { users: heldOutUsers, ...head.heldOut },
      ...(languages && { languages }),
    },
    log: knowledgeById(
      items.map(({ id }) => id),
      (row) => (likers[row] as number) > 0,
      prior,
      itemItem,
      weights,
    ),
  };
}

/** @param ids [rows] @param liked whether anyone liked a row: the others share one prior and have no neighbours */
export function knowledgeById(
  ids: readonly string[],
  liked: (row: number) => boolean,
  prior: ItemPrior,
  table: ItemItemTable,
  weights: BlendWeights,
): LogKnowledge {
  const rows = [...ids.keys()].filter(liked);
  return {
    items: rows.map((row) => ids[row] as string),
    prior: { asOfMs: prior.asOfMs, users: prior.users, values: Float32Array.from(rows, (row) => prior.values[row] as number), absent: prior.absent },
    table: renumberTable(table, rows, new Map(rows.map((row, place) => [row, place]))),
    weights,
  };
}

/** @param pem PKCS #8, as `openssl genpkey -algorithm ed25519` writes it @throws bad-argument when it is no such key */
export async function readSigningKey(pem: string): Promise<KeyPair> {
  const body = /-----BEGIN PRIVATE KEY-----([\s\S]+?)-----END PRIVATE KEY-----/.exec(pem)?.[1]?.replace(/\s/g, '');
  try {
    if (!body) throw new Error('there is no PRIVATE KEY block in it');
    const privateKey = await crypto.subtle.importKey('pkcs8', fromBase64(body), ED25519, true, ['sign']);
    const { x } = await crypto.subtle.exportKey('jwk', privateKey);
    if (!x) throw new Error('it holds no public key');
    return { privateKey, publicKey: fromUrl(x) };
  } catch (cause) {
    const message = `The signing key cannot be used: ${messageOf(cause)}. Make one with: openssl genpkey -algorithm ed25519 -out key.pem`;
    throw new RecommenderError('bad-argument', message, {}, { cause });
  }
}

/** Base64url without padding to base64. */
function fromUrl(text: string): string {
  return text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .padEnd(Math.ceil(text.length / 4) * 4, '=');
}

async function signText(text: string, { privateKey, publicKey }: KeyPair): Promise<NonNullable<HeadFileJson['signature']>> {
  const value = await crypto.subtle.sign(ED25519, privateKey, new TextEncoder().encode(text));
  return { algorithm: 'Ed25519', publicKey, value: toBase64(new Uint8Array(value)) };
}
