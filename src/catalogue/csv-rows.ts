// Reads CSV and TSV block by block through Papa Parse. Goes on after a quotation mark that is never closed, which would otherwise
// swallow the rest of the file.
import Papa, { type ParseResult } from 'papaparse';
import { withoutBlankLines } from './format.ts';
import type { Finding } from './problems.ts';
import { type RawRow, type RowBatches, unusableRow } from './rows.ts';
import { formatError } from './sniff.ts';

/** A record that is longer has a quotation mark that is never closed. */
const MAX_RECORD_LENGTH = 2 ** 20;
/** Each recovery parses up to MAX_RECORD_LENGTH characters again. */
const MAX_RECOVERIES = 25;
const REPLACEMENT = '\uFFFD';
const QUOTE_REMEDY = 'Close the quotation mark; write a quotation mark inside a quoted field twice.';

interface Records {
  records: readonly string[][];
  /** Indices of records with misplaced quotation marks. */
  misquoted: ReadonlySet<number>;
  /** Where the first incomplete record starts. */
  cursor: number;
  unclosed: boolean;
}

function parseRecords(text: string, delimiter: string, last: boolean): Records {
  const parser = new Papa.Parser({ delimiter, newline: '\n' });
  const { data, errors, meta }: ParseResult<string[]> = parser.parse(text, 0, !last);
  const misquoted = new Set<number>();
  for (const { row } of errors) if (row !== undefined) misquoted.add(row);
  return { records: data, misquoted, cursor: meta.cursor, unclosed: errors.some(({ code }) => code === 'MissingQuotes') };
}

const isBlank = (record: readonly string[]): boolean => record.every((cell) => cell.trim() === '');

function findingsOf(record: readonly string[], columns: number, misquoted: boolean): Finding[] {
  const findings: Finding[] = [];
  if (misquoted) {
    findings.push({
      field: 'row',
      value: record.join(' '),
      message: 'A quotation mark stands in the middle of a quoted field.',
      remedy: QUOTE_REMEDY,
      severity: 'warning',
    });
  }
  if (record.length > columns && !isBlank(record.slice(columns))) {
    const message = `The row has ${record.length} fields, the header ${columns}, so its values may stand in the wrong columns.`;
    findings.push({
      field: 'row',
      value: record.join(' '),
      message,
      remedy: 'Put fields that hold the separator in quotation marks.',
      severity: 'error',
    });
  } else if (record.length < columns) {
    const message = `The row has ${record.length} fields, the header ${columns}; the others count as empty.`;
    findings.push({
      field: 'row',
      value: record.join(' '),
      message,
      remedy: 'Write a separator for each empty field.',
      severity: 'warning',
    });
  }
  return findings;
}

/**
 * `row` counts data records from 1, without the header and blank lines. `keys` is the header, the same array in all rows.
 *
 * @param onHeader gets the column names before the first row; may throw
 * @throws catalogue-format when the header cannot be read
 */
export async function* csvRows(
  blocks: AsyncIterable<string>,
  delimiter: string,
  skip: number,
  name: string,
  onHeader: (columns: readonly string[]) => void,
): RowBatches {
  let header: readonly string[] | undefined;
  let row = 0;
  let recoveries = 0;
  let rest = '';
  let started = false;

  const toRows = ({ records, misquoted }: Records): RawRow[] => {
    const batch: RawRow[] = [];
    records.forEach((record, at) => {
      if (isBlank(record)) return;
      if (!header) {
        header = record.map((name) => name.trim());
        onHeader(header);
        return;
      }
      row += 1;
      const broken = record.some((cell) => cell.includes(REPLACEMENT));
      batch.push({ row, keys: header, values: record, broken, findings: findingsOf(record, header.length, misquoted.has(at)) });
    });
    return batch;
  };

  /** Skips the first line of `rest`, in which a quotation mark is never closed. */
  const dropLine = (): RawRow => {
    if (!header) throw formatError(name, 'has a header in which a quotation mark is never closed', QUOTE_REMEDY);
    recoveries += 1;
    row += 1;
    const end = rest.indexOf('\n');
    const line = end < 0 ? rest : rest.slice(0, end);
    rest = end < 0 || recoveries > MAX_RECOVERIES ? '' : rest.slice(end + 1);
    const message = `A quotation mark of this row is never closed.${recoveries > MAX_RECOVERIES ? ' This happened too often: the rows after it were not read.' : ''}`;
    return unusableRow(row, line, message, QUOTE_REMEDY, line.includes(REPLACEMENT));
  };

  for await (const block of blocks) {
    if (recoveries > MAX_RECOVERIES) return;
    rest += started ? block : withoutBlankLines(block).slice(skip);
    started = true;
    for (;;) {
      const records = parseRecords(rest, delimiter, false);
      rest = rest.slice(records.cursor);
      yield toRows(records);
      if (rest.length <= MAX_RECORD_LENGTH) break;
      yield [dropLine()];
    }
  }
  while (rest) {
    const complete = parseRecords(rest, delimiter, false);
    rest = rest.slice(complete.cursor);
    yield toRows(complete);
    if (!rest) return;
    const tail = parseRecords(rest, delimiter, true);
    if (tail.unclosed) yield [dropLine()];
    else {
      yield toRows(tail);
      return;
    }
  }
}
