// A file of rows in any of the formats: its format is found once, then its rows are read in batches. Does not know what the rows mean,
// so it reads catalogues and interaction logs alike.
import type { RecommenderError } from '../base/errors.ts';
import { csvRows } from './csv-rows.ts';
import { type CatalogueFormat, detectFormat } from './format.ts';
import { jsonRows, ndjsonRows } from './json-rows.ts';
import type { RowBatches } from './rows.ts';
import { refuseBroken, refuseForeign } from './sniff.ts';
import { type CatalogueData, decodeHead, encodingOf, openSource, textBlocks } from './source.ts';

const DEFAULT_MAX_BYTES = 256 * 2 ** 20;
const HEAD_BYTES = 64 * 1024;

export interface TableFile {
  /** The file's name; its extension decides only where the content leaves the format open. */
  name: string;
  data: CatalogueData;
}

interface OpenTableOptions {
  /** Default 256 MiB. */
  maxBytes?: number | undefined;
  /** Makes the error for a file without any content. */
  emptyError: () => RecommenderError;
}

interface ReadTableOptions {
  /** Called with the bytes read so far, before each block; awaited. */
  onBytes: (bytesRead: number) => Promise<void>;
  /** Called with the column names of a CSV or TSV file; may throw. */
  onHeader: (columns: readonly string[]) => void;
  /** Called with the number of rows of a JSON array, before the first row. */
  onRowCount?: (rows: number) => void;
}

export interface Table {
  format: CatalogueFormat;
  /** Of the file. */
  bytes: number;
  rows(options: ReadTableOptions): RowBatches;
}

/** @throws catalogue-format, catalogue-too-large, what `emptyError` makes */
export async function openTable({ name, data }: TableFile, { maxBytes = DEFAULT_MAX_BYTES, emptyError }: OpenTableOptions): Promise<Table> {
  const source = openSource(name, data, maxBytes);
  const head = await source.head(HEAD_BYTES);
  refuseForeign(head, name);
  const encoding = encodingOf(head);
  const headText = decodeHead(head, encoding);
  const complete = source.bytes <= HEAD_BYTES;
  if (complete && headText.trim() === '') throw emptyError();
  refuseBroken(headText, name);
  const { format, delimiter, skip } = detectFormat(headText, complete, name);
  return {
    format,
    bytes: source.bytes,
    rows({ onBytes, onHeader, onRowCount = () => undefined }) {
      const blocks = textBlocks(source, encoding, onBytes);
      switch (format) {
        case 'ndjson':
          return ndjsonRows(blocks);
        case 'json':
          return jsonRows(blocks, name, onRowCount);
        case 'csv':
        case 'tsv':
          return csvRows(blocks, delimiter, skip, name, onHeader);
      }
    },
  };
}
