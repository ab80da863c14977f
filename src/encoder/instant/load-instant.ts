// Fetches an instant table and returns its encoder only after its vectors agreed with the manifest's check vectors.
import { messageOf, RecommenderError } from '../../base/errors.ts';
import type { ProgressCallback } from '../../base/types.ts';
import { type AssetOptions, loadAsset, loadText } from '../assets.ts';
import { checkVectors, lowestCosine, type ModelManifest } from '../manifest.ts';
import { loadTokenizer } from '../tokenizer/load.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { InstantEncoder, type InstantStatus } from './instant-encoder.ts';
import { type InstantManifest, instantFingerprint, parseInstantManifest, tableFile } from './instant-manifest.ts';
import { PieceTable } from './table.ts';

/** The transformer's folder. Only its tokenizer is fetched. */
interface TokenizerSource {
  manifest: ModelManifest;
  /** A file of that folder, checked. Default: from `modelUrl`. */
  load?: (name: string) => Promise<Uint8Array<ArrayBuffer>>;
  /** Absolute URL, with a slash at the end. */
  modelUrl: string;
}

interface LoadInstantOptions extends AssetOptions {
  /** Absolute URL of the table's folder, with a slash at the end. */
  modelUrl: string;
  /** Given when it was loaded before, for the fingerprint. */
  manifest?: InstantManifest;
  /** One that is loaded already (the transformer's), or where to get it. */
  tokenizer: Tokenizer | TokenizerSource;
  /** Bytes of table and tokenizer; a tokenizer from the caller's own `load` is not counted. */
  onProgress?: ProgressCallback | undefined;
  nowMs?: () => number;
}

/** The manifest alone, for fingerprint and dimensions before the table is there. @throws bad-manifest, asset-*, aborted */
async function loadInstantManifest(modelUrl: string, options: AssetOptions = {}): Promise<InstantManifest> {
  const url = new URL('manifest.json', modelUrl).href;
  return parseInstantManifest(await loadText(url, options), url);
}

/** @throws encoder-failed when the check vectors differ; bad-manifest, asset-*, aborted */
export async function loadInstantEncoder(options: LoadInstantOptions): Promise<InstantEncoder> {
  const manifest = options.manifest ?? (await loadInstantManifest(options.modelUrl, { ...options, onBytes: undefined }));
  const source = options.tokenizer;
  if (!('encode' in source)) checkTokenizerFile(manifest, source.manifest);
  const fetchFile = countingLoader(options);
  const [tokenizer, bytes] = await Promise.all([
    'encode' in source
      ? source
      : loadTokenizer(source.manifest, source.load ?? ((name) => fetchFile(source.modelUrl, name, source.manifest.files[name]))),
    fetchFile(options.modelUrl, manifest.file, tableFile(manifest)),
  ]);
  return createInstantEncoder(bytes, manifest, tokenizer, options.nowMs);
}

/** An encoder from bytes that were loaded before. @throws encoder-failed, asset-damaged, bad-manifest */
export function createInstantEncoder(
  bytes: Uint8Array<ArrayBuffer>,
  manifest: InstantManifest,
  tokenizer: Tokenizer,
  nowMs?: () => number,
): InstantEncoder {
  if (tokenizer.vocabularySize !== manifest.pieces) {
    throw new RecommenderError(
      'bad-manifest',
      `The tokenizer has ${tokenizer.vocabularySize} pieces and the instant table ${manifest.pieces} rows. Use the tokenizer that the table was made for.`,
    );
  }
  const status: InstantStatus = {
    model: manifest.name,
    rung: 'instant',
    reason: 'one vector per vocabulary piece, added up',
    checkCosine: 0,
    threads: 1,
    device: '',
    languages: [],
  };
  const table = new PieceTable(bytes, manifest);
  const encoder = new InstantEncoder({ table, tokenizer, fingerprint: instantFingerprint(manifest), status, ...(nowMs ? { nowMs } : {}) });
  status.checkCosine = selfCheck(encoder, manifest);
  return encoder;
}

type FetchFile = (folder: string, name: string, entry: { bytes: number; sha256: string } | undefined) => Promise<Uint8Array<ArrayBuffer>>;

/** Loads files and reports their bytes as one progress. */
function countingLoader({ onProgress, ...assets }: LoadInstantOptions): FetchFile {
  let done = 0;
  let total = 0;
  return (folder, name, entry) => {
    if (!entry) throw new RecommenderError('bad-manifest', `The manifest of ${folder} has no size and SHA-256 for "${name}".`);
    total += entry.bytes;
    return loadAsset(new URL(name, folder).href, entry, {
      ...assets,
      onBytes: (bytes) => {
        done += bytes;
        assets.onBytes?.(bytes);
        onProgress?.({ done, total, unit: 'bytes' });
      },
    });
  };
}

function checkTokenizerFile(manifest: InstantManifest, model: ModelManifest): void {
  const found = model.files[model.tokenizer]?.sha256 ?? '';
  if (found === manifest.tokenizerSha256) return;
  throw new RecommenderError(
    'bad-manifest',
    `The instant table was made for the tokenizer ${manifest.tokenizerSha256.slice(0, 12)}…, and "${model.name}" has ${found.slice(0, 12)}…. Use the two folders of one model.`,
  );
}

/** @returns the lowest cosine with the check vectors. @throws encoder-failed below the manifest's minimum */
function selfCheck(encoder: InstantEncoder, manifest: InstantManifest): number {
  const wanted = checkVectors(manifest);
  const { texts, minCosine } = manifest.check;
  const got = new Float32Array(wanted.length);
  try {
    texts.forEach((text, row) => {
      got.set(encoder.encodeNow(text), row * encoder.dimensions);
    });
  } catch (error) {
    throw new RecommenderError('encoder-failed', `The instant encoder's self-check failed: ${messageOf(error)}`, {}, { cause: error });
  }
  const lowest = lowestCosine(wanted, got, encoder.dimensions);
  if (lowest >= minCosine) return lowest;
  throw new RecommenderError(
    'encoder-failed',
    `The instant encoder's self-check gave cosine ${lowest.toFixed(4)} where at least ${minCosine} is needed. Upload its folder again, and the tokenizer it was made for.`,
    { cosine: lowest },
  );
}
