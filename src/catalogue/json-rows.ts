// Reads JSON and NDJSON. NDJSON is read line by line, and a damaged line costs only itself. A JSON array is one value: it is read whole,
// and one error in it ends the reading.
import * as v from 'valibot';
import { messageOf } from '../base/errors.ts';
import { jsonRow, type RawRow, type RowBatches, unusableRow } from './rows.ts';
import { formatError } from './sniff.ts';

const REPLACEMENT = '\uFFFD';
const BATCH_ROWS = 256;

function lineRow(line: string, row: number, broken: boolean): RawRow {
  try {
    return jsonRow(row, JSON.parse(line), broken);
  } catch (error) {
    const remedy = 'Write one complete JSON object a line, with all quotation marks and braces closed.';
    return unusableRow(row, line, `The line is not JSON: ${messageOf(error)}.`, remedy, broken);
  }
}

/** `row` is the line of the file; blank lines are passed over. */
export async function* ndjsonRows(blocks: AsyncIterable<string>): RowBatches {
  let line = 0;
  // The start of a line whose end has not been read. It is joined once, so that a very long line takes linear time.
  let pending: string[] = [];
  const read = (text: string): RawRow[] => {
    const batch: RawRow[] = [];
    const mayBeBroken = text.includes(REPLACEMENT);
    for (const source of text.split('\n')) {
      line += 1;
      if (source.trim() !== '') batch.push(lineRow(source, line, mayBeBroken && source.includes(REPLACEMENT)));
    }
    return batch;
  };
  for await (const block of blocks) {
    const end = block.lastIndexOf('\n');
    if (end < 0) {
      pending.push(block);
      continue;
    }
    const text = pending.join('') + block.slice(0, end);
    pending = [block.slice(end + 1)];
    yield read(text);
  }
  const rest = pending.join('');
  if (rest) yield read(rest);
}

const documentSchema = v.union([
  v.array(v.unknown()),
  v.pipe(
    v.looseObject({ items: v.array(v.unknown()) }),
    v.transform(({ items }) => items),
  ),
]);

/**
 * `row` counts the entries of the array from 1.
 *
 * @param onTotal gets the number of rows before the first one
 * @throws catalogue-format
 */
export async function* jsonRows(blocks: AsyncIterable<string>, name: string, onTotal: (rows: number) => void): RowBatches {
  const parts: string[] = [];
  for await (const block of blocks) parts.push(block);
  const text = parts.join('');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw formatError(
      name,
      `is damaged JSON: ${messageOf(error)}`,
      'Mend it, or write one object a line (NDJSON), where one damaged row does not spoil the others.',
    );
  }
  const parsed = v.safeParse(documentSchema, value);
  if (!parsed.success)
    throw formatError(name, 'is JSON, but neither an array nor an object with "items"', 'Write [{…}, {…}] or {"items": [{…}, {…}]}.');
  const rows = parsed.output;
  onTotal(rows.length);
  const mayBeBroken = text.includes(REPLACEMENT);
  for (let start = 0; start < rows.length; start += BATCH_ROWS) {
    yield rows.slice(start, start + BATCH_ROWS).map((row, at) => {
      const broken = mayBeBroken && JSON.stringify(row).includes(REPLACEMENT);
      return jsonRow(start + at + 1, row, broken);
    });
  }
}
