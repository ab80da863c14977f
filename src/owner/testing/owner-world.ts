// A planted shop for tests of the owner's head: people have a topic, vectors hold it under louder noise, two languages lie apart.
// Its log is trained on as `kindred train` does. No test framework in here.
import type { Item, ItemId } from '../../base/types.ts';
import type { Encoder } from '../../encoder/encoder.ts';
import type { Model } from '../../engine/model.ts';
import { appendFeatures, fitFeatures } from '../../head/features.ts';
import type { TrainedHead } from '../../head/head-file.ts';
import { identityAdapter } from '../../language/adapter.ts';
import { firstVectors } from '../../language/table-correction.ts';
import { knowledgeById, writeHeadFile } from '../head-file-writer.ts';
import { countLikers, likedRows } from '../likes.ts';
import { trainOwnerModel } from '../owner-model.ts';
import { likesOf, plantedLog } from './planted-log.ts';

export const TOPICS = 4;
const ITEMS = 160;
const LOG_END_MS = Date.UTC(2026, 0, 1);
const USERS = 150;
const { likes: everyone, vectors: plain, dimensions: d } = plantedLog({ users: USERS + 40, items: ITEMS, noise: 1.5, fashion: 0.15 });
const people = likedRows(everyone).map((rows) => [...rows]);
const likes = likesOf(people.slice(0, USERS), ITEMS);

export const items: readonly Item[] = Array.from({ length: ITEMS }, (_, row) => ({
  id: `i${row}` as ItemId,
  language: Math.floor(row / TOPICS) % 2 === 0 ? 'en' : 'de',
  title: `item ${row}`,
  description: '',
  categories: [`topic ${row % TOPICS}`],
}));
const languages = items.map(({ language }) => language);
/** [items × d]: one axis tells the language. */
export const raw = plain.map((value, at) => value + (at % d === 5 ? (languages[Math.floor(at / d)] === 'en' ? 0.8 : -0.8) : 0));
const adapter = identityAdapter(d);

/** @param fingerprint of its encoder */
export function ownerModel(fingerprint = 'planted'): Model {
  const encoder: Encoder = {
    dimensions: d,
    fingerprint,
    status: { model: fingerprint, rung: 'wasm', reason: 'a test', checkCosine: 1, threads: 1, device: '', languages: [] },
    encode: async (texts, options = {}) => {
      const out = new Float32Array(texts.length * d);
      texts.forEach((text, i) => {
        const row = Number(/item (\d+)/.exec(text)?.[1]);
        out.set(raw.subarray(row * d, (row + 1) * d), i * d);
      });
      await options.onBatch?.([...texts.keys()], out);
      return out;
    },
    dispose: async () => undefined,
  };
  return {
    fingerprint,
    dimensions: d,
    adapter,
    transformer: { get: async () => encoder, loaded: () => encoder },
    quick: undefined,
    dispose: async () => undefined,
  };
}

/** How topics join the vectors where an owner asks for them. */
export const topicFeatures = fitFeatures(items, { dimensions: 16, numericShare: 0 });

/** What owners train on. @returns [items × (d, with topics d + 16)] */
export function ownerVectors(withTopics: boolean): Float32Array {
  const text = firstVectors(adapter, raw, languages);
  return withTopics ? appendFeatures(topicFeatures, text, d, items) : text;
}

/** What the owner's training gives on this log. @param more fields that differ; with `features` the topics take part @returns the text of a head file */
export async function ownerHead(more: Partial<TrainedHead> = {}, seed = 1): Promise<string> {
  const vectors = ownerVectors(more.features === topicFeatures);
  const { head, prior, itemItem, weights } = await trainOwnerModel(likes, vectors, vectors.length / ITEMS, {
    kind: 'bilinear',
    rank: 4,
    seed,
    prior: { asOfMs: LOG_END_MS },
  });
  const likers = countLikers(likedRows(likes), ITEMS);
  return writeHeadFile({
    createdMs: LOG_END_MS,
    encoder: { fingerprint: 'planted', dimensions: d },
    shape: head.shape,
    parameters: head.parameters,
    reader: 'interests',
    training: { users: likes.userCount, examples: head.examples, start: head.start, epochs: head.epochs, heldOut: { users: 30, ...head.heldOut } },
    log: knowledgeById(
      items.map(({ id }) => id),
      (row) => (likers[row] as number) > 0,
      prior,
      itemItem,
      weights,
    ),
    ...more,
  });
}

/** Users of the log like these most. */
export const mostLiked = (): number[] => {
  const likers = countLikers(likedRows(likes), ITEMS);
  return [...items.keys()].sort((a, b) => (likers[b] as number) - (likers[a] as number) || a - b);
};

/** Rows that people outside the log like: two that they say, and the others. */
export const newVisitors = people.slice(USERS).map((rows, person) => {
  const at = person % (rows.length - 1);
  return { said: rows.slice(at, at + 2), others: [...rows.slice(0, at), ...rows.slice(at + 2)] };
});
