// The part of the language adapter that only fitting a correction needs, read alike in the page and in Node.
import { RecommenderError } from '../base/errors.ts';
import type { AdapterManifest } from '../encoder/manifest.ts';
import { readShippedMaps } from './correction/shipped-maps.ts';
import type { Covariances } from './table-correction.ts';

/** The adapter's covariances, maps and further means. @param load bytes of a file of the model's folder @throws bad-manifest when a size does not fit */
export async function readCovariances(about: AdapterManifest, load: (name: string) => Promise<Uint8Array> | Uint8Array): Promise<Covariances> {
  const { dimensions: d, covariances: name = '', maps, mapLanguages = [], mapRank = 0, means, meanLanguages = [] } = about;
  const optional = (file: string | undefined) => (file === undefined ? undefined : load(file));
  const [squares, mapBytes, meanBytes] = await Promise.all([load(name), optional(maps), optional(means)]);
  const all = floats(squares, 2 * d * d, name);
  return {
    withinItem: all.subarray(0, d * d),
    betweenItem: all.subarray(d * d),
    ...(mapBytes ? { maps: readShippedMaps(mapBytes, { dimensions: d, languages: mapLanguages, rank: mapRank }) } : {}),
    ...(meanBytes ? { more: { languages: meanLanguages, means: floats(meanBytes, meanLanguages.length * d, means ?? '') } } : {}),
  };
}

function floats(bytes: Uint8Array, length: number, name: string): Float32Array {
  if (bytes.byteLength === length * 4) return new Float32Array(bytes.slice().buffer);
  throw new RecommenderError(
    'bad-manifest',
    `${name} has ${bytes.byteLength} bytes instead of ${length * 4}. Take the model's folder from the package again.`,
    { name },
  );
}
