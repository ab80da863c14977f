// The compact form of a unigram tokenizer: sorted pieces front-coded, ids, and scores in millionths (exact: the JSON has
// six decimals). Parsed in a tenth of the time of the JSON. Layout, little-endian:
//   u32 magic 'KTK1' · u32 bytes of header · header (JSON: SpecialTokens, counts) · padding to 4
//   i32 scores [count], by id · u32 ids [count], in sorted order · u8 shared prefix length in code units [count]
//   u8 suffix length in UTF-16 code units [count] · suffixes as one UTF-8 text
import * as v from 'valibot';
import { RecommenderError } from '../../base/errors.ts';
import type { UnigramFiles } from './json.ts';

const MAGIC = 0x314b544b;
const SCORE_UNIT = 1e6;

const Header = v.object({
  count: v.number(),
  suffixBytes: v.number(),
  unknownId: v.number(),
  padId: v.number(),
  added: v.array(v.tuple([v.string(), v.number()])),
  prefixIds: v.array(v.number()),
  suffixIds: v.array(v.number()),
});

/** @throws bad-argument when a score has more than six decimals or a piece is over 255 code units */
export function writeCompact(files: UnigramFiles): Uint8Array<ArrayBuffer> {
  const { vocabulary, special } = files;
  const count = vocabulary.sortedPieces.length;
  const shared = new Uint8Array(count);
  const lengths = new Uint8Array(count);
  let suffixes = '';
  let previous = '';
  vocabulary.sortedPieces.forEach((piece, i) => {
    if (piece.length > 255) throw new RecommenderError('bad-argument', `The piece "${piece}" is over 255 code units long.`);
    let n = 0;
    while (n < previous.length && n < piece.length && previous[n] === piece[n]) n++;
    if (n > 0 && isHighSurrogate(piece.charCodeAt(n - 1))) n--; // never cut a pair: the suffixes are UTF-8
    shared[i] = n;
    lengths[i] = piece.length - n;
    suffixes += piece.slice(n);
    previous = piece;
  });
  const scores = Int32Array.from(vocabulary.scores, (score) => Math.round(score * SCORE_UNIT));
  scores.forEach((score, id) => {
    if (score / SCORE_UNIT !== vocabulary.scores[id]) {
      throw new RecommenderError('bad-argument', `The score ${vocabulary.scores[id]} has more than six decimals.`);
    }
  });
  const text = new TextEncoder().encode(suffixes);
  const header = new TextEncoder().encode(
    JSON.stringify({
      count,
      suffixBytes: text.length,
      unknownId: vocabulary.unknownId,
      padId: special.padId,
      added: [...special.added],
      prefixIds: special.prefixIds,
      suffixIds: special.suffixIds,
    }),
  );
  const start = 8 + Math.ceil(header.length / 4) * 4;
  const out = new Uint8Array(start + count * 10 + text.length);
  new Uint32Array(out.buffer, 0, 2).set([MAGIC, header.length]);
  out.set(header, 8);
  new Int32Array(out.buffer, start, count).set(scores);
  new Int32Array(out.buffer, start + count * 4, count).set(vocabulary.sortedIds);
  out.set(shared, start + count * 8);
  out.set(lengths, start + count * 9);
  out.set(text, start + count * 10);
  return out;
}

/** @throws asset-damaged when the bytes are not a compact tokenizer */
export function readCompact(bytes: Uint8Array<ArrayBuffer>): UnigramFiles {
  const damaged = (what: string) =>
    new RecommenderError('asset-damaged', `The compact tokenizer is damaged: ${what}. Build it again with "node scripts/build-model.mjs".`);
  if (bytes.length < 8 || bytes.byteOffset % 4 !== 0) throw damaged(`${bytes.length} bytes`);
  const [magic, headerLength] = new Uint32Array(bytes.buffer, bytes.byteOffset, 2) as unknown as [number, number];
  if (magic !== MAGIC || 8 + headerLength > bytes.length) throw damaged('wrong magic number');
  const header = v.parse(Header, JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength))));
  const { count } = header;
  const start = 8 + Math.ceil(headerLength / 4) * 4;
  if (start + count * 10 + header.suffixBytes !== bytes.length) throw damaged('the sizes do not add up');
  const at = bytes.byteOffset + start;
  const scores = Float64Array.from(new Int32Array(bytes.buffer, at, count), (score) => score / SCORE_UNIT);
  const sortedIds = new Int32Array(bytes.buffer, at + count * 4, count).slice();
  const shared = bytes.subarray(start + count * 8, start + count * 9);
  const lengths = bytes.subarray(start + count * 9, start + count * 10);
  const suffixes = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(start + count * 10));
  const sortedPieces = new Array<string>(count);
  let previous = '';
  let offset = 0;
  for (let i = 0; i < count; i++) {
    const next = offset + (lengths[i] as number);
    previous = previous.slice(0, shared[i]) + suffixes.slice(offset, next);
    sortedPieces[i] = previous;
    offset = next;
  }
  return {
    vocabulary: { sortedPieces, sortedIds, scores, unknownId: header.unknownId },
    special: { added: new Map(header.added), prefixIds: header.prefixIds, suffixIds: header.suffixIds, padId: header.padId },
  };
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
