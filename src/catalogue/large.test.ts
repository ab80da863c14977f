import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { dataFile, leaveOut, missingData } from '../base/testing/left-out.ts';
import { parseCatalogue } from './parse.ts';

const MEBIBYTE = 2 ** 20;
const LIMIT_MS = 60_000;

/** About 1 MiB of rows; repeated parts of a Blob share their memory. */
function chunkOf(row: (at: number) => string): { text: string; rows: number } {
  const rows: string[] = [];
  let length = 0;
  for (let at = 0; length < MEBIBYTE; at++) {
    const text = row(at);
    rows.push(text);
    length += text.length;
  }
  return { text: rows.join(''), rows: rows.length };
}

const description = 'A man who was too tall for his house went to live in the forest. '.repeat(10);

async function readLarge(name: string, header: string, row: (at: number) => string): Promise<void> {
  const chunk = chunkOf(row);
  const part = new Blob([chunk.text]);
  const data = new Blob([header, ...Array.from({ length: 100 }, () => part)]);
  let pauses = 0;
  let longestMs = 0;
  let lastMs = performance.now();
  const startMs = lastMs;
  const report = await parseCatalogue(
    { name, data },
    {
      onProgress: ({ total }) => {
        expect(total).toBe(data.size);
        pauses += 1;
        const nowMs = performance.now();
        longestMs = Math.max(longestMs, nowMs - lastMs);
        lastMs = nowMs;
      },
    },
  );
  const tookMs = performance.now() - startMs;
  console.log(
    `${name}: ${(data.size / MEBIBYTE).toFixed(0)} MiB, ${report.rowCount} rows in ${tookMs.toFixed(0)} ms, longest without a pause ${longestMs.toFixed(0)} ms`,
  );
  expect(report.rowCount).toBe(100 * chunk.rows);
  expect(report.items).toHaveLength(chunk.rows);
  // All but the first copy of each row have an id that exists.
  expect(report.errorCount).toBe(99 * chunk.rows);
  expect(report.problems).toHaveLength(1000);
  expect(tookMs).toBeLessThan(LIMIT_MS);
  expect(pauses).toBeGreaterThan(20);
  expect(longestMs).toBeLessThan(1000);
}

test(
  '100 MiB of NDJSON',
  async () => {
    await readLarge(
      'large.ndjson',
      '',
      (at) =>
        `${JSON.stringify({ id: `item-${at}`, language: 'en', title: `Title ${at}`, description, translations: { de: { title: `Titel ${at}`, description } }, categories: ['a'] })}\n`,
    );
  },
  LIMIT_MS + 10_000,
);

test(
  '100 MiB of CSV',
  async () => {
    await readLarge('large.csv', 'id,title,description,lang\n', (at) => `item-${at},Title ${at},"${description}, ""quoted""",en\n`);
  },
  LIMIT_MS + 10_000,
);

for (const name of ['stories', 'apps']) {
  test(`the catalogue "${name}" is read without an error`, async (context) => {
    const file = `${name}/items.ndjson`;
    leaveOut(context, missingData(file));
    const bytes = readFileSync(dataFile(file));
    const report = await parseCatalogue({ name: 'items.ndjson', data: bytes });
    const lines = bytes.toString('utf8').trim().split('\n').length;
    expect(report.errorCount).toBe(0);
    expect(report.rowCount).toBe(lines);
    // What is kept out is a duplicate, and nothing else is wrong.
    expect(report.items.length + report.problemCount).toBe(lines);
    expect(report.problems.every(({ message }) => message.includes('duplicate of'))).toBe(true);
  });
}
