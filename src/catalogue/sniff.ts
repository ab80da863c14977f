// Says what a file seems to be when it is not a catalogue, because "could not parse line 1" does not help someone who renamed a
// spreadsheet. Looks at the first bytes only, never at the name.
import { RecommenderError } from '../base/errors.ts';

interface Signature {
  what: string;
  remedy: string;
  matches: (head: Uint8Array, latin1: string) => boolean;
}

const EXPORT_CSV = 'Open it in the spreadsheet program and save it as "CSV UTF-8".';
const UNPACK = 'Unpack it and choose the file inside.';
const CHOOSE_OTHER = 'Choose the catalogue itself: NDJSON, JSON, CSV or TSV.';

const starts =
  (...bytes: number[]) =>
  (head: Uint8Array): boolean =>
    bytes.every((byte, at) => head[at] === byte);
const startsText =
  (text: string) =>
  (_head: Uint8Array, latin1: string): boolean =>
    latin1.startsWith(text);
const zip = starts(0x50, 0x4b, 0x03, 0x04);
const zipWith =
  (pattern: RegExp) =>
  (head: Uint8Array, latin1: string): boolean =>
    zip(head) && pattern.test(latin1);

/** The first that matches counts. Magic numbers as in the `file` program and in each format's specification. */
const SIGNATURES: readonly Signature[] = [
  { what: 'a Word document', remedy: CHOOSE_OTHER, matches: zipWith(/word\//) },
  { what: 'an Excel workbook (xlsx)', remedy: EXPORT_CSV, matches: zipWith(/xl\/|\[Content_Types\]\.xml/) },
  {
    what: 'an OpenDocument spreadsheet',
    remedy: EXPORT_CSV,
    matches: zipWith(/mimetypeapplication\/vnd\.oasis\.opendocument\.spreadsheet/),
  },
  { what: 'a ZIP archive', remedy: UNPACK, matches: (head) => zip(head) || starts(0x50, 0x4b, 0x05, 0x06)(head) },
  { what: 'an old Microsoft Office file (xls, doc)', remedy: EXPORT_CSV, matches: starts(0xd0, 0xcf, 0x11, 0xe0) },
  { what: 'a PDF document', remedy: 'A PDF holds pages, not rows. Ask for the data as CSV or JSON.', matches: startsText('%PDF-') },
  { what: 'a gzip archive', remedy: UNPACK, matches: starts(0x1f, 0x8b) },
  { what: 'a bzip2 archive', remedy: UNPACK, matches: (_head, latin1) => /^BZh[1-9]1AY&SY/.test(latin1) },
  { what: 'an xz archive', remedy: UNPACK, matches: starts(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00) },
  { what: 'a Zstandard archive', remedy: UNPACK, matches: starts(0x28, 0xb5, 0x2f, 0xfd) },
  { what: 'a 7-Zip archive', remedy: UNPACK, matches: starts(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c) },
  { what: 'a RAR archive', remedy: UNPACK, matches: startsText('Rar!\u001A\u0007') },
  { what: 'a PNG image', remedy: CHOOSE_OTHER, matches: starts(0x89, 0x50, 0x4e, 0x47) },
  { what: 'a JPEG image', remedy: CHOOSE_OTHER, matches: starts(0xff, 0xd8, 0xff) },
  { what: 'a GIF image', remedy: CHOOSE_OTHER, matches: (_head, latin1) => /^GIF8[79]a/.test(latin1) },
  { what: 'a WebP image', remedy: CHOOSE_OTHER, matches: (_head, latin1) => /^RIFF[\s\S]{4}WEBP/.test(latin1) },
  {
    what: 'a TIFF image',
    remedy: CHOOSE_OTHER,
    matches: (head) => starts(0x49, 0x49, 0x2a, 0x00)(head) || starts(0x4d, 0x4d, 0x00, 0x2a)(head),
  },
  {
    what: 'a video or an AVIF or HEIC image',
    remedy: CHOOSE_OTHER,
    matches: (_head, latin1) => latin1.slice(4, 8) === 'ftyp' && latin1.startsWith('\u0000'),
  },
  { what: 'an SQLite database', remedy: 'Export the table as CSV.', matches: startsText('SQLite format 3\u0000') },
  {
    what: 'a Parquet file',
    remedy: 'Export it as NDJSON or CSV.',
    matches: (_head, latin1) => latin1.startsWith('PAR1') && latin1.includes('\u0000'),
  },
  {
    what: 'UTF-32 text',
    remedy: 'Save it as UTF-8.',
    matches: (head) => starts(0xff, 0xfe, 0, 0)(head) || starts(0, 0, 0xfe, 0xff)(head),
  },
  {
    what: 'a web page',
    remedy: 'The address may have answered with an error page. Download the data file itself.',
    matches: (_head, latin1) => /^(?:\u00EF\u00BB\u00BF)?\s*<(?:!doctype html|html|head|body)\b/i.test(latin1),
  },
  {
    what: 'an XML file',
    remedy: 'Convert it to NDJSON, JSON or CSV.',
    matches: (_head, latin1) => /^(?:\u00EF\u00BB\u00BF)?\s*<(?:\?xml|rss|feed|[a-z][\w:-]*\s+xmlns)/i.test(latin1),
  },
];

function latin1Of(head: Uint8Array): string {
  let text = '';
  for (const byte of head) text += String.fromCharCode(byte);
  return text;
}

/** UTF-16 without a byte order mark: every other byte of Latin text is 0. */
function looksLikeUtf16(head: Uint8Array): boolean {
  let even = 0;
  let odd = 0;
  for (let at = 0; at < head.length; at++) {
    if (head[at] !== 0) continue;
    if (at % 2 === 0) even += 1;
    else odd += 1;
  }
  return Math.max(even, odd) > head.length / 4 && Math.min(even, odd) < head.length / 64;
}

export function formatError(name: string, what: string, remedy: string): RecommenderError {
  return new RecommenderError('catalogue-format', `"${name}" ${what}. ${remedy}`, { name });
}

/** Refuses files that are not text. @throws catalogue-format */
export function refuseForeign(head: Uint8Array, name: string): void {
  const latin1 = latin1Of(head);
  const signature = SIGNATURES.find(({ matches }) => matches(head, latin1));
  if (signature) throw formatError(name, `seems to be ${signature.what}, not a catalogue`, signature.remedy);
  const marked = starts(0xff, 0xfe)(head) || starts(0xfe, 0xff)(head);
  if (marked || !latin1.includes('\u0000')) return;
  if (looksLikeUtf16(head)) throw formatError(name, 'seems to be UTF-16 text without a byte order mark', 'Save it as UTF-8.');
  throw formatError(name, 'holds zero bytes, so it is a binary file', CHOOSE_OTHER);
}

/** A text with a larger share of U+FFFD is refused at once. (A file with one broken row in two is refused at the end.) */
const MAX_BROKEN_SHARE = 0.1;

/** Refuses text with too many bytes that are not valid in its encoding. @throws catalogue-format */
export function refuseBroken(headText: string, name: string): void {
  const broken = headText.length - headText.replaceAll('\uFFFD', '').length;
  if (broken > headText.length * MAX_BROKEN_SHARE && broken > 8) {
    throw formatError(name, 'is not UTF-8 text, or is damaged: most of it cannot be read', 'Save it as UTF-8, or download it again.');
  }
}
