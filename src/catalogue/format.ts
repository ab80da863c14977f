// Finds the format from the text itself, because file names are often wrong. The name decides only where the text does not.
import { formatError } from './sniff.ts';

export type CatalogueFormat = 'ndjson' | 'json' | 'csv' | 'tsv';

interface DetectedFormat {
  format: CatalogueFormat;
  /** Between the fields of CSV and TSV; empty for the others. */
  delimiter: string;
  /** Characters to skip at the start: Excel's line `sep=;`. */
  skip: number;
}

const DELIMITERS = ['\t', ',', ';', '|'] as const;

/** Removes blank lines at the start; a tab before the first name of a header stays. */
export function withoutBlankLines(text: string): string {
  return text.replace(/^(?:[ \t]*\n)+/, '');
}

/** The first record without its quoted parts. A quoted field may hold line ends. */
function firstRecordOutsideQuotes(text: string): string {
  let outside = '';
  let quoted = false;
  for (const c of text) {
    if (c === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (c === '\n') {
      if (outside.trim() !== '') break;
      outside = '';
    } else outside += c;
  }
  return outside;
}

function detectSeparated(text: string, extension: string): DetectedFormat {
  const declared = /^sep=(.)\n/i.exec(text);
  if (declared?.[1] !== undefined) return { format: declared[1] === '\t' ? 'tsv' : 'csv', delimiter: declared[1], skip: 6 };
  const record = firstRecordOutsideQuotes(text);
  const favourite = extension === 'tsv' || extension === 'tab' ? '\t' : ',';
  let best: string = favourite;
  let most = record.split(favourite).length;
  for (const delimiter of DELIMITERS) {
    const count = record.split(delimiter).length;
    if (count > most) [best, most] = [delimiter, count];
  }
  return { format: best === '\t' ? 'tsv' : 'csv', delimiter: best, skip: 0 };
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a text that starts with `{` or `[` is one JSON value, or one value per line. */
function detectJson(text: string, complete: boolean, extension: string): 'json' | 'ndjson' {
  const lineEnd = text.indexOf('\n');
  const first = (lineEnd < 0 ? text : text.slice(0, lineEnd)).trim();
  const rest = lineEnd < 0 ? '' : text.slice(lineEnd).trimStart();
  const firstIsWhole = (complete || lineEnd >= 0) && parses(first);
  if (firstIsWhole && rest) return 'ndjson';
  if (first.startsWith('[')) return first.length > 1 && first.endsWith(']') && rest.startsWith('{') ? 'ndjson' : 'json';
  if (firstIsWhole) return /^\{\s*"items"\s*:\s*\[/.test(first) ? 'json' : 'ndjson';
  if (first.endsWith('[') || /^\{\s*"items"\s*:/.test(text)) return 'json';
  // A damaged first line of NDJSON is followed by another object; pretty-printed JSON goes on with a name.
  if (first.length > 1 && rest.startsWith('{')) return 'ndjson';
  if (first === '{' || (lineEnd >= 0 && rest.startsWith('"'))) return 'json';
  return extension === 'json' ? 'json' : 'ndjson';
}

/** A damaged first line must not turn NDJSON into CSV. */
function mostLinesAreObjects(text: string): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 1 && lines.filter((line) => line.trimStart().startsWith('{"')).length > lines.length / 2;
}

/**
 * @param headText the first part of the file, "\n" line ends, no byte order mark
 * @param complete whether that is the whole file
 * @throws catalogue-format
 */
export function detectFormat(headText: string, complete: boolean, name: string): DetectedFormat {
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  const text = headText.trimStart();
  if (text.startsWith('{') || text.startsWith('[')) return { format: detectJson(text, complete, extension), delimiter: '', skip: 0 };
  if (mostLinesAreObjects(text)) return { format: 'ndjson', delimiter: '', skip: 0 };
  if (/^["\d]|^(?:true|false|null)\b/.test(text) && complete && parses(text)) {
    throw formatError(name, 'is a single JSON value', 'A catalogue is an array of objects, or {"items": [...]}.');
  }
  return detectSeparated(withoutBlankLines(headText), extension);
}
