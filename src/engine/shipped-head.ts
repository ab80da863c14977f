// The head that a catalogue's owner trained on a log: fetched, checked, and brought to the rows of the open catalogue. Must never stop
// the opening of a catalogue: what is wrong with it is said in one sentence, and the profile ranks.
import { isAborted, messageOf, RecommenderError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import type { Item } from '../base/types.ts';
import { loadText, openModelCache } from '../encoder/assets.ts';
import type { Head } from '../head/evaluate.ts';
import { type FeatureProjection, featureSets } from '../head/features.ts';
import { type EncoderIdentity, readHeadFile } from '../head/head-file.ts';
import { knowledgeByRow } from '../head/log-knowledge.ts';
import { type OwnerBlend, ownerBlend } from '../ranking/owner-blend.ts';
import type { Model } from './model.ts';

export interface ShippedHead {
  head: Head;
  /** SHA-256 of the file, hex: heads that start from another one are of no use beside it. */
  seal: string;
  /** What the log says besides the head, by row; undefined: the file holds none, or none of these items. */
  blend: OwnerBlend | undefined;
  /** How categories and attributes are joined to the vectors that the head scores; undefined: it knows text alone. */
  features: FeatureProjection | undefined;
}

export interface ShippedHeadContext {
  model: Model;
  /** [rows] of the open catalogue */
  items: readonly Item[];
  signal: AbortSignal;
  /** Says in one sentence what is not used. */
  notice: (text: string) => void;
  /** Default: the network, and the copy of the last visit where it fails. */
  load?: (url: string, signal: AbortSignal) => Promise<string>;
}

/**
 * The space that owners train in: the encoder's vectors after the shipped adapter's projection, less the catalogue's language means.
 * A table whose correction is not fitted has the same. @see docs/decisions/2026-11-24-space-of-an-owners-head.md
 */
export function ownerSpace({ fingerprint, rankingFingerprint = fingerprint, adapter }: Model): EncoderIdentity {
  return { fingerprint: rankingFingerprint, dimensions: adapter.projectedDimensions };
}

/**
 * @param url of the file, absolute
 * @returns undefined where it cannot be used; `notice` was told why
 * @throws aborted; nothing else
 */
export async function loadShippedHead(
  url: string,
  { model, items, signal, notice, load = loadHeadText }: ShippedHeadContext,
): Promise<ShippedHead | undefined> {
  try {
    const text = await load(url, signal);
    const file = await readHeadFile(text, { encoder: ownerSpace(model), name: `The head ${url}` });
    if (file.features && !saysAnything(file.features, items)) {
      const named = [...Object.keys(file.features.numerics), 'categories'].join(', ');
      notice(
        `The head ${url} was trained with ${named} beside the text, and none of the ${items.length} items has any. Open the catalogue that it was trained on, or train it again without --features. Your likes alone rank.`,
      );
      return undefined;
    }
    const head: Head = { shape: file.shape, parameters: file.parameters };
    return { head, seal: await sha256Hex(text), blend: blendOf(file.log, items, url, notice), features: file.features };
  } catch (error) {
    if (signal.aborted || isAborted(error)) throw error;
    notice(`${explained(error, url)} Your likes alone rank.`);
    return undefined;
  }
}

/** A head that ranks half of what it was trained on ranks by chance. */
function saysAnything(features: FeatureProjection, items: readonly Item[]): boolean {
  return featureSets(features, items).sets.some((value) => value !== 0);
}

function blendOf(
  log: Awaited<ReturnType<typeof readHeadFile>>['log'],
  items: readonly Item[],
  url: string,
  notice: (text: string) => void,
): OwnerBlend | undefined {
  if (!log) return undefined;
  const known = new Set<string>(log.items);
  const ids = items.map(({ id }) => id);
  if (ids.some((id) => known.has(id))) return ownerBlend(knowledgeByRow(log, ids));
  notice(
    `The head ${url} knows none of the ${ids.length} items by its id (its first is "${log.items[0] ?? ''}"): its prior and table are not used. Train it again on this catalogue.`,
  );
  return undefined;
}

async function loadHeadText(url: string, signal: AbortSignal): Promise<string> {
  return loadText(url, { signal, cache: await openModelCache() });
}

/** A missing head is not a missing model, which is what the loader's own advice is about. */
function explained(error: unknown, url: string): string {
  const missing = error instanceof RecommenderError && error.code === 'asset-missing';
  return missing ? `The head ${url} is missing. Check its address, or leave it out.` : messageOf(error);
}
