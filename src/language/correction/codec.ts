// A fitted correction to bytes and back, for the store. Layout: magic, length of a JSON header (uint32 LE), header, padding to 4 bytes, all
// arrays as float32 LE in the order of `serialiseCorrection`, then the int8 factors of shipped maps.
import * as v from 'valibot';
import { RecommenderError } from '../../base/errors.ts';
import { CORRECTION_METHODS, type LanguageCorrection, type LanguageEntry } from './types.ts';

const MAGIC = 0x32434c4b; // "KLC2" in bytes
/** Raise it when the layout changes or the same rows give another correction: stored corrections are then fitted again. */
export const CORRECTION_VERSION = 3;
const PREAMBLE_BYTES = 8;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const width = v.pipe(v.number(), v.integer(), v.minValue(1));
const method = v.picklist(CORRECTION_METHODS);
const candidate = v.object({
  method,
  dimensions: width,
  sameLanguageOverFair: v.number(),
  selfReciprocalRank: v.exactOptional(v.number()),
  agreement: v.exactOptional(v.number()),
  preserved: v.number(),
});
const Header = v.object({
  method,
  inputDimensions: width,
  dimensions: width,
  languages: v.array(v.object({ tag: v.string(), rows: count, map: v.boolean(), shippedRank: v.nullable(width), components: v.nullable(count) })),
  projected: v.boolean(),
  hubness: v.object({ weight: v.number(), neighbours: width, references: count }),
  bridgeWidth: v.nullable(width),
  report: v.object({
    criterion: v.picklist(['translations', 'neighbours', 'fixed', 'default']),
    candidates: v.array(candidate),
    rows: count,
    translatedItems: count,
    relabelledRows: count,
  }),
});

/** @returns bytes for `parseCorrection`: about 1 MB, and 50 KB for each language with a shipped map, 4 · dimensions² bytes for each with a fitted one */
export function serialiseCorrection(correction: LanguageCorrection): Uint8Array<ArrayBuffer> {
  const { method, inputDimensions, dimensions, languages, projection, hubness, bridge, report } = correction;
  const entries = [...languages.values()];
  const header: v.InferOutput<typeof Header> = {
    method,
    inputDimensions,
    dimensions,
    languages: entries.map(({ tag, rows, map, shipped, removed }) => ({
      tag,
      rows,
      map: map !== undefined,
      shippedRank: shipped?.rank ?? null,
      components: removed ? removed.length / inputDimensions : null,
    })),
    projected: projection !== undefined,
    hubness: { weight: hubness.weight, neighbours: hubness.neighbours, references: hubness.references.length / dimensions },
    bridgeWidth: bridge?.width ?? null,
    report: { ...report, candidates: [...report.candidates] },
  };
  const arrays = [correction.unknownMean, correction.grandMean, projection, hubness.references, bridge?.matrix];
  for (const { mean, map, shipped, removed } of entries) arrays.push(mean, map, shipped?.steps, removed);
  const factors = entries.flatMap(({ shipped }) => (shipped ? [shipped.factors] : []));
  const head = new TextEncoder().encode(JSON.stringify(header));
  const start = padded(PREAMBLE_BYTES + head.length);
  const values = arrays.reduce((sum, array) => sum + (array?.length ?? 0), 0);
  const bytes = new Uint8Array(start + values * 4 + factors.reduce((sum, array) => sum + array.length, 0));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, head.length, true);
  bytes.set(head, PREAMBLE_BYTES);
  let at = start;
  for (const array of arrays) {
    if (!array) continue;
    new Float32Array(bytes.buffer, at, array.length).set(array);
    at += array.byteLength;
  }
  for (const array of factors) {
    new Int8Array(bytes.buffer, at, array.length).set(array);
    at += array.length;
  }
  return bytes;
}

/** @throws bad-manifest when the bytes are not a correction, are of another version, are cut off or hold NaN */
export function parseCorrection(bytes: Uint8Array): LanguageCorrection {
  const { header, values, factors } = partsOf(bytes);
  const { inputDimensions: d, dimensions: k } = header;
  let at = 0;
  let factorsAt = 0;
  const take = (length: number): Float32Array => {
    at += length;
    return values.slice(at - length, at);
  };
  const unknownMean = take(d);
  const grandMean = take(d);
  const projection = header.projected ? take(d * k) : undefined;
  const references = take(header.hubness.references * k);
  const bridge = header.bridgeWidth === null ? undefined : { width: header.bridgeWidth, matrix: take(header.bridgeWidth * k) };
  const languages = new Map<string, LanguageEntry>();
  for (const { tag, rows, map, shippedRank, components } of header.languages) {
    const entry: LanguageEntry = { tag, rows, mean: take(d) };
    if (map) entry.map = take(k * k);
    if (shippedRank !== null) {
      const length = 2 * shippedRank * d;
      entry.shipped = { rank: shippedRank, steps: take(2 * shippedRank), factors: factors.slice(factorsAt, factorsAt + length) };
      factorsAt += length;
    }
    if (components !== null) entry.removed = take(components * d);
    languages.set(tag, entry);
  }
  if (at !== values.length || (!header.projected && d !== k)) throw damaged(`${values.length} values instead of ${at}`);
  return {
    method: header.method,
    inputDimensions: d,
    dimensions: k,
    languages,
    unknownMean,
    grandMean,
    projection,
    hubness: { weight: header.hubness.weight, neighbours: header.hubness.neighbours, references },
    bridge,
    report: header.report,
  };
}

function partsOf(bytes: Uint8Array): { header: v.InferOutput<typeof Header>; values: Float32Array; factors: Int8Array } {
  if (bytes.byteLength < PREAMBLE_BYTES) throw damaged(`${bytes.byteLength} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw damaged('another file or version');
  const headLength = view.getUint32(4, true);
  const start = padded(PREAMBLE_BYTES + headLength);
  if (start > bytes.byteLength) throw damaged(`cut off at ${bytes.byteLength} bytes`);
  const parsed = v.safeParse(Header, jsonOf(bytes.subarray(PREAMBLE_BYTES, PREAMBLE_BYTES + headLength)));
  if (!parsed.success) throw damaged('its header has another form');
  const { languages, inputDimensions } = parsed.output;
  const factorBytes = languages.reduce((sum, { shippedRank }) => sum + 2 * (shippedRank ?? 0) * inputDimensions, 0);
  const end = bytes.byteLength - factorBytes;
  if (end < start || (end - start) % 4 !== 0) throw damaged(`cut off at ${bytes.byteLength} bytes`);
  const values = new Float32Array(bytes.slice(start, end).buffer);
  if (values.some((value) => !Number.isFinite(value))) throw damaged('NaN or infinity in it');
  return { header: parsed.output, values, factors: new Int8Array(bytes.slice(end).buffer) };
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

const padded = (bytes: number): number => Math.ceil(bytes / 4) * 4;

function damaged(what: string): RecommenderError {
  return new RecommenderError('bad-manifest', `The stored language correction cannot be used: ${what}. Fit it again from the stored vectors.`);
}
