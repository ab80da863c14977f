// The part of the language adapter that only fitting a correction needs, read alike in the page and in Node.
import { RecommenderError } from '../base/errors.ts';
import type { AdapterManifest } from '../encoder/manifest.ts';
import { readShippedMaps } from '../language/correction/index.ts';
import type { Covariances } from './table-correction.ts';

/** The adapter's covariances and maps. @param load bytes of a file of the model's folder @throws bad-manifest when a size does not fit */
export async function readCovariances(about: AdapterManifest, load: (name: string) => Promise<Uint8Array> | Uint8Array): Promise<Covariances> {
  const { dimensions: d, covariances: name = '', maps, mapLanguages, mapRank } = about;
  const [bytes, mapBytes] = await Promise.all([load(name), maps === undefined ? undefined : load(maps)]);
  const square = d * d;
  if (bytes.byteLength !== 2 * square * 4) throw new RecommenderError('bad-manifest', `${name} does not hold two matrices of ${d} × ${d}. Take the model's folder from the package again.`, { name });
  const all = new Float32Array(bytes.slice().buffer);
  const covariances = { withinItem: all.subarray(0, square), betweenItem: all.subarray(square) };
  if (!mapBytes) return covariances;
  if (!mapLanguages || mapRank === undefined) throw new RecommenderError('bad-manifest', `The manifest names "${maps}" without mapLanguages and mapRank.`, { name: maps ?? '' });
  return { ...covariances, maps: readShippedMaps(mapBytes, { dimensions: d, languages: mapLanguages, rank: mapRank }) };
}
