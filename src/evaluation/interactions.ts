// Reads an owner's interaction log: who liked what, and when. The log never leaves the device. A fault of a row is a problem in
// the report; only a fault of the whole file is an error.
import { RecommenderError, throwIfAborted } from '../base/errors.ts';
import { createPacer, type Pace } from '../base/pacer.ts';
import type { ProgressCallback } from '../base/types.ts';
import type { CatalogueFormat } from '../catalogue/format.ts';
import { type Finding, ProblemList, type RowProblem, shorten } from '../catalogue/problems.ts';
import type { RawRow, RowBatches } from '../catalogue/rows.ts';
import { openTable, type TableFile } from '../catalogue/table.ts';
import {
  type InteractionColumns,
  type InteractionField,
  interactionColumns,
  isAbsent,
  ratingThreshold,
  readId,
  readNumber,
  readTimeMs,
} from './interaction-fields.ts';
import { buildLog, type Interaction } from './log.ts';
import type { InteractionLog } from './types.ts';

export interface ImportInteractionsOptions {
  signal?: AbortSignal;
  /** In bytes. */
  onProgress?: ProgressCallback;
  /** Default 256 MiB. */
  maxBytes?: number;
  /** Each row of an item that is not in the catalogue is a problem too. Default: only counted. */
  reportUnknownItems?: boolean;
}

export interface InteractionReport {
  log: InteractionLog;
  format: CatalogueFormat;
  rowCount: number;
  /** In order of rows, at most 1,000; `id` is the user. Rows of unknown items are among them only with `reportUnknownItems`. */
  problems: RowProblem[];
  problemCount: number;
  errorCount: number;
  /** Rows whose item is not in the catalogue; they were left out. */
  unknownItemRows: number;
  /** Rows that were replaced by another row of the same user and item. */
  duplicates: number;
}

const MAX_PROBLEMS = 1000;
const UNKNOWN_ITEM: Omit<Finding, 'value'> = {
  field: 'item',
  message: 'The catalogue has no such item; the row was left out.',
  remedy: 'Write the id that the catalogue has for the item.',
  severity: 'error',
};
const EXAMPLE = 'Write one interaction a row, with columns user and item, such as {"user": "u1", "item": "book-7"}.';

function formatError(name: string, what: string, remedy: string): RecommenderError {
  return new RecommenderError('interactions-format', `"${name}" ${what}. ${remedy}`, { name });
}

/** The readers' errors are about catalogues; this turns them into errors about a log. */
function asInteractionError(error: unknown, name: string): unknown {
  if (!(error instanceof RecommenderError) || !error.code.startsWith('catalogue-')) return error;
  return new RecommenderError('interactions-format', `The interaction log cannot be read: ${error.message}`, { name }, { cause: error });
}

function missingColumns(columns: InteractionColumns): InteractionField[] {
  return (['user', 'item'] as const).filter((field) => !columns.has(field));
}

/** A row whose rating is not yet turned into a weight: that needs all ratings. */
interface Draft extends Interaction {
  rated: boolean;
}

/** @returns the interaction, `{ unknown }` for an item that is not in the catalogue, or undefined after reporting why not */
function readRow(
  raw: RawRow,
  columns: InteractionColumns,
  rowOf: ReadonlyMap<string, number>,
  report: (finding: Finding) => void,
): Draft | { unknown: string } | undefined {
  const cellOf = (field: InteractionField): unknown => raw.values[columns.get(field) ?? -1];
  const fault = (field: InteractionField, message: string, remedy: string, severity: Finding['severity']): void =>
    report({ field, value: cellOf(field) ?? '', message, remedy, severity });
  const user = readId(cellOf('user'));
  const item = readId(cellOf('item'));
  if (user === undefined)
    fault('user', 'The row does not say whose interaction it is.', 'Write the id of the user, as text or as a number.', 'error');
  if (item === undefined) fault('item', 'The row does not say which item it is about.', 'Write the id that the catalogue has for the item.', 'error');
  const field = columns.has('rating') && !isAbsent(cellOf('rating')) ? 'rating' : 'weight';
  const stated = !isAbsent(cellOf(field));
  const value = stated ? readNumber(cellOf(field)) : 1;
  if (value === undefined) fault(field, 'The value is not a number.', 'Write a number with a point, such as 4.5.', 'error');
  if (user === undefined || item === undefined || value === undefined) return undefined;

  const timeMs = isAbsent(cellOf('time')) ? Number.NaN : readTimeMs(cellOf('time'));
  if (timeMs === undefined) {
    fault(
      'time',
      'The time cannot be read; the row is used without a time.',
      'Write 2024-05-31T10:20:30Z, or seconds or milliseconds since 1970.',
      'warning',
    );
  }
  const position = isAbsent(cellOf('position')) ? 0 : readNumber(cellOf('position'));
  const placed = position !== undefined && Number.isInteger(position) && position >= 0;
  if (!placed)
    fault('position', 'The position is not a whole number from 1; the row is used without it.', 'Count the places of a list from 1.', 'warning');
  const row = rowOf.get(item);
  if (row === undefined) return { unknown: item };
  return { user, item: row, weight: value, timeMs: timeMs ?? Number.NaN, position: placed ? position : 0, rated: field === 'rating' && stated };
}

/** Turns ratings of a scale into 1 and −1, in place. */
function signRatings(drafts: readonly Draft[]): void {
  const rated = drafts.filter((draft) => draft.rated);
  const threshold = ratingThreshold(rated.map(({ weight }) => weight));
  if (threshold === undefined) return;
  for (const draft of rated) draft.weight = draft.weight >= threshold ? 1 : -1;
}

/**
 * Reads an interaction log: CSV, TSV, NDJSON or a JSON array, with columns `user` or `user_id`, `item` or `item_id`, and
 * where there are any `rating`, `weight` or `value`, `timestamp`, `time` or `date` (see `readTimeMs`), and `position`.
 * A row without rating and weight has weight 1. Ratings of a scale become 1 (at or above `ratingThreshold`) and −1;
 * weights stay as they are and are positive above 0.
 *
 * @param itemIds ids of the catalogue, in the order of its rows
 * @returns the log, and what is wrong with the rows that are not in it
 * @throws interactions-format (not such a file, or no usable row), evaluation-empty (all rows are about unknown items), aborted
 */
export async function importInteractions(
  source: TableFile,
  itemIds: readonly string[],
  options: ImportInteractionsOptions = {},
): Promise<InteractionReport> {
  const { name } = source;
  const { signal, onProgress } = options;
  throwIfAborted(signal, `Reading "${name}"`);
  try {
    const table = await openTable(source, { maxBytes: options.maxBytes, emptyError: () => formatError(name, 'is empty', EXAMPLE) });
    const { format, bytes } = table;
    let bytesRead = 0;
    const pace = createPacer({
      signal,
      what: `Reading "${name}"`,
      onPause: () => onProgress?.({ done: bytesRead, total: bytes, unit: 'bytes' }),
    });
    const rows = table.rows({
      onBytes: async (read) => {
        bytesRead = read;
        await pace();
      },
      onHeader: (names) => checkHeader(names, name),
    });
    const report = await collect(rows, format, name, itemIds, options, pace);
    throwIfAborted(signal, `Reading "${name}"`);
    onProgress?.({ done: bytes, total: bytes, unit: 'bytes' });
    return report;
  } catch (error) {
    throw asInteractionError(error, name);
  }
}

function checkHeader(names: readonly string[], file: string): void {
  const missing = missingColumns(interactionColumns(names));
  if (missing.length === 0) return;
  const shown = names
    .slice(0, 20)
    .map((name) => name.slice(0, 80))
    .join(', ');
  throw formatError(
    file,
    `has no column ${missing.join(' and no column ')}; its first row reads: ${shown}`,
    'Name the columns user and item in the first row.',
  );
}

async function collect(
  rows: RowBatches,
  format: CatalogueFormat,
  name: string,
  itemIds: readonly string[],
  options: ImportInteractionsOptions,
  pace: Pace,
): Promise<InteractionReport> {
  const rowOf = new Map(itemIds.map((id, row) => [id, row]));
  const problems = new ProblemList(MAX_PROBLEMS);
  const drafts: Draft[] = [];
  const unknown = new Set<string>();
  let rowCount = 0;
  let unknownItemRows = 0;
  let header: { keys: readonly string[]; columns: InteractionColumns } | undefined;
  for await (const batch of rows) {
    for (const raw of batch) {
      const pause = pace();
      if (pause) await pause;
      rowCount += 1;
      if (header?.keys !== raw.keys) header = { keys: raw.keys, columns: interactionColumns(raw.keys) };
      const { columns } = header;
      const user = readId(raw.values[columns.get('user') ?? -1]);
      for (const finding of raw.findings)
        problems.add(raw.row, user, raw.keys.length === 0 && format !== 'csv' && format !== 'tsv' ? { ...finding, remedy: EXAMPLE } : finding);
      if (raw.findings.some(({ severity }) => severity === 'error')) continue;
      const draft = readRow(raw, columns, rowOf, (finding) => problems.add(raw.row, user, finding));
      if (draft === undefined) continue;
      if ('unknown' in draft) {
        unknownItemRows += 1;
        unknown.add(draft.unknown);
        if (options.reportUnknownItems) problems.add(raw.row, user, { ...UNKNOWN_ITEM, value: draft.unknown });
      } else drafts.push(draft);
    }
  }
  if (drafts.length === 0) {
    const [firstUnknown] = unknown;
    if (firstUnknown !== undefined) {
      throw new RecommenderError(
        'evaluation-empty',
        `"${name}" has ${rowCount} rows and none is about an item of the catalogue; the first names "${shorten(firstUnknown)}". Write the ids of the catalogue in the column item, or open the catalogue that the log belongs to.`,
        { name, unknownItemCount: unknown.size },
      );
    }
    const first = problems.list()[0];
    throw formatError(
      name,
      `has ${rowCount} rows and none is usable`,
      first ? `Row ${first.row}: ${first.message} ${first.remedy} ${EXAMPLE}` : EXAMPLE,
    );
  }
  signRatings(drafts);
  const { log, duplicates } = buildLog(drafts, itemIds.length);
  return {
    log,
    format,
    rowCount,
    problems: problems.list(),
    problemCount: problems.count,
    errorCount: problems.errorCount,
    unknownItemRows,
    duplicates,
  };
}
