// The head that a catalogue's owner trained on a log: fetched, checked, and matched with the rows of the catalogue. Must never stop the
// opening of a catalogue: what is wrong with the file is said in one sentence, and the profile ranks.
import { isAborted, messageOf, RecommenderError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import type { Item } from '../base/types.ts';
import { loadText, openModelCache } from '../encoder/assets.ts';
import type { Head } from '../head/evaluate.ts';
import { type FeatureProjection, featureSets } from '../head/features.ts';
import { type EncoderIdentity, readHeadFile } from '../head/head-file.ts';
import { knowledgeByRow } from '../head/log-knowledge.ts';
import { type OwnerBlend, ownerBlend } from '../ranking/owner-blend.ts';
import type { CatalogueScope } from './catalogue-scope.ts';
import type { Model } from './model.ts';

export interface ShippedHead {
  head: Head;
  /** SHA-256 of the file, hex. A head that a visitor trained from another file is not used beside this one. */
  seal: string;
  /** What the log says besides the head, by row; undefined: the file holds no log, or knows none of these items. */
  blend: OwnerBlend | undefined;
  /** How categories and attributes are joined to the vectors that the head scores; undefined: it was trained on text alone. */
  features: FeatureProjection | undefined;
  /** Whether head and blend were learned with the likes as several interests; false: with the mean of the likes, as files before that. */
  byInterests: boolean;
}

/**
 * The space that owners train in: the encoder's vectors after the shipped adapter's projection, less the language means. A page ranks
 * in it until a correction is fitted, and fits none to a catalogue with an owner's head. @see docs/decisions/2026-11-24-space-of-an-owners-head.md
 */
function ownerSpace({ fingerprint, rankingFingerprint = fingerprint, adapter }: Model): EncoderIdentity {
  return { fingerprint: rankingFingerprint, dimensions: adapter.projectedDimensions };
}

/**
 * @param url of the file, absolute
 * @param items [rows] of the catalogue
 * @param load default: from the network, or the copy of an earlier visit when the network fails
 * @returns undefined where it cannot be used; a notice says why
 * @throws only aborted
 */
export async function loadShippedHead(
  url: string,
  items: readonly Item[],
  { model, board, signal }: Pick<CatalogueScope, 'model' | 'board' | 'signal'>,
  load = loadHeadText,
): Promise<ShippedHead | undefined> {
  const notice = (text: string): void => board.notice('head-unusable', text);
  try {
    const text = await load(url, signal);
    const file = await readHeadFile(text, { encoder: ownerSpace(model), name: `The head ${url}` });
    if (file.features && !hasAnyFeature(file.features, items)) {
      const named = [...Object.keys(file.features.numerics), 'categories'].join(', ');
      notice(
        `The head ${url} was trained with ${named} beside the text, and none of the ${items.length} items has any. Open the catalogue that it was trained on, or train it again without --features. Your likes alone rank.`,
      );
      return undefined;
    }
    const head: Head = { shape: file.shape, parameters: file.parameters };
    return {
      head,
      seal: await sha256Hex(text),
      blend: blendOf(file.log, items, url, notice),
      features: file.features,
      byInterests: file.reader === 'interests',
    };
  } catch (error) {
    if (signal.aborted || isAborted(error)) throw error;
    notice(`${explained(error, url)} Your likes alone rank.`);
    return undefined;
  }
}

/** Whether any item has a feature. A head that was trained on features is of no use without them. */
function hasAnyFeature(features: FeatureProjection, items: readonly Item[]): boolean {
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

/** For a missing file, other advice than the loader's, which is about the model's files. */
function explained(error: unknown, url: string): string {
  const missing = error instanceof RecommenderError && error.code === 'asset-missing';
  return missing ? `The head ${url} is missing. Check its address, or leave it out.` : messageOf(error);
}
