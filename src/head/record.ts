// The record of a visitor's head: an immutable value that says what the head was learned from and which head it replaced, and its
// text form for the store and for files. What is read back is parsed and checked here before it ranks anything.
import * as v from 'valibot';
import { messageOf, RecommenderError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import type { FeedbackEvent, FeedbackKind, ItemId } from '../base/types.ts';
import type { Head } from './evaluate.ts';
import type { TrainingPoint } from './fine-tune.ts';
import { checkParameters, resolveShape } from './layout.ts';
import { floatsFromText, floatsToText } from './number-text.ts';
import type { HeadKind, HeadShape } from './types.ts';

const FORMAT = 'kindred-head';

export interface HeadRecord {
  /** SHA-256 of format, encoder, parent, shape, parameters, ratings and seed; not of how the training went. */
  readonly id: string;
  /** null: the parent was the head that everybody starts with. */
  readonly parentId: string | null;
  /** Fingerprint of the encoder whose vectors it scores. */
  readonly encoder: string;
  readonly head: Head;
  /** Every rating that the head was trained on or judged by, in canonical order. */
  readonly events: readonly FeedbackEvent[];
  /** `examplesHash` of the events. */
  readonly examplesHash: string;
  readonly seed: number;
  readonly createdMs: number;
  /** Mean nDCG of the held-out likes: of this head, and of the head in use at that time. */
  readonly heldOutNdcg: number;
  readonly parentNdcg: number;
  /** Whether the head was taken into use when it was made, and why or why not. */
  readonly installed: boolean;
  readonly reason: string;
  readonly device: 'cpu' | 'wasm' | 'webgpu';
  readonly elapsedMs: number;
  readonly points: readonly TrainingPoint[];
}

export interface TrainingState {
  running: boolean;
  startedMs: number;
  /** At most 500, thinned out evenly. */
  points: TrainingPoint[];
}

/** A `HeadRecord` as the page sees it: without parameters and ratings. Never changed; `activeId` of `HeadHistory` says which one ranks. */
export interface HeadSummary {
  id: string;
  /** null for the first: the shipped head, or the plain profile. */
  parentId: string | null;
  /** `profile`: no parameters, the mean of what is liked; else the kind of head. */
  kind: 'profile' | HeadKind;
  origin: 'shipped' | 'trained';
  createdMs: number;
  /** Events it was trained on, and their SHA-256. */
  examples: number;
  examplesHash: string;
  /** Held-out nDCG@10 of this head and of the one in use then; null where there were too few likes to hold any out. */
  heldOutNdcg: number | null;
  parentNdcg: number | null;
  /** Whether it was taken into use when it was made, and why or why not (one English sentence). */
  installed: boolean;
  reason: string;
  device: 'cpu' | 'wasm' | 'webgpu';
  elapsedMs: number;
  points: TrainingPoint[];
}

export interface HeadHistory {
  /** Newest first. */
  records: HeadSummary[];
  activeId: string;
  /** Events since the last training, and after how many the next one starts by itself. */
  newEvents: number;
  trainsAfter: number;
}

const finite = v.pipe(v.number(), v.finite());
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const positive = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'not a SHA-256 of 64 lower-case hex digits'));

const Text = v.object({
  format: v.literal(FORMAT),
  version: v.literal(1),
  id: hash,
  parentId: v.nullable(hash),
  encoder: v.pipe(v.string(), v.minLength(1)),
  shape: v.object({
    kind: v.picklist(['concat-linear', 'dot', 'bilinear', 'mlp', 'linear-probe'] satisfies HeadKind[]),
    dimensions: positive,
    rank: v.exactOptional(positive),
    hidden: v.exactOptional(positive),
    users: v.exactOptional(positive),
  } satisfies Record<keyof HeadShape, v.GenericSchema | v.ExactOptionalSchema<v.GenericSchema, undefined>>),
  /** float32, little-endian, base64. */
  parameters: v.pipe(v.string(), v.base64()),
  events: v.array(
    v.object({
      itemId: v.custom<ItemId>((value) => typeof value === 'string', 'an item id is text'),
      kind: v.picklist(['like', 'dislike', 'hide'] satisfies FeedbackKind[]),
      timeMs: finite,
    }),
  ),
  examplesHash: hash,
  seed: finite,
  createdMs: finite,
  heldOutNdcg: finite,
  parentNdcg: finite,
  installed: v.boolean(),
  reason: v.string(),
  device: v.picklist(['cpu', 'wasm', 'webgpu']),
  elapsedMs: finite,
  points: v.array(v.object({ step: whole, epoch: whole, loss: finite, learningRate: finite, heldOutNdcg: v.nullable(finite) })),
});

/** SHA-256 of ratings, whatever order they come in: of `[itemId, kind, timeMs]` as JSON, sorted. @throws insecure-context */
export function examplesHash(events: readonly FeedbackEvent[]): Promise<string> {
  const lines = events.map(({ itemId, kind, timeMs }) => JSON.stringify([itemId, kind, timeMs]));
  return sha256Hex(lines.sort().join('\n'));
}

/**
 * A record of these parts, with its hashes. The parts are copied, so that the record stays what it is.
 * @throws bad-head when the parameters do not fit the shape, insecure-context
 */
export async function createHeadRecord(parts: Omit<HeadRecord, 'id' | 'examplesHash'>): Promise<HeadRecord> {
  checkParameters(parts.head.shape, parts.head.parameters);
  const head = { shape: { ...parts.head.shape }, parameters: parts.head.parameters.slice() };
  const copy = { ...parts, head, events: parts.events.map((event) => ({ ...event })), points: parts.points.map((point) => ({ ...point })) };
  const record = { ...copy, examplesHash: await examplesHash(copy.events) };
  return Object.freeze({ id: await idOf(record), ...record });
}

function idOf({ parentId, encoder, head, examplesHash: examples, seed }: Omit<HeadRecord, 'id'>): Promise<string> {
  const { kind, dimensions, rank, hidden, users } = resolveShape(head.shape);
  const shape = [kind, dimensions, rank, hidden, users];
  return sha256Hex(JSON.stringify([FORMAT, 1, parentId, encoder, shape, floatsToText(head.parameters, 'float32'), examples, seed]));
}

/** One line of JSON. */
export function serialiseHead({ head, ...rest }: HeadRecord): string {
  return JSON.stringify({ format: FORMAT, version: 1, ...rest, shape: head.shape, parameters: floatsToText(head.parameters, 'float32') });
}

/**
 * @param text as `serialiseHead` wrote it
 * @throws bad-head naming the first field that is wrong: other format or version, parameters that do not fit the shape or are
 *   not finite, ratings or id that do not agree with their hash; insecure-context
 */
export async function parseHead(text: string): Promise<HeadRecord> {
  const { format: _, version: __, shape, parameters, ...rest } = parseText(text);
  let values: Float32Array;
  try {
    values = floatsFromText(parameters, 'float32');
    checkParameters(shape, values);
  } catch (error) {
    throw damaged(messageOf(error));
  }
  const record: HeadRecord = { ...rest, head: { shape, parameters: values } };
  if (record.examplesHash !== (await examplesHash(record.events))) throw damaged('examplesHash is not that of the ratings');
  if (record.id !== (await idOf(record))) throw damaged('id is not the hash of the contents');
  return Object.freeze(record);
}

function parseText(text: string): v.InferOutput<typeof Text> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw damaged(`it is not JSON (${messageOf(error)})`);
  }
  const result = v.safeParse(Text, json, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw damaged(`${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`);
}

function damaged(what: string): RecommenderError {
  return new RecommenderError('bad-head', `This is not a head that can be used: ${what}. Train another one.`, { what });
}
