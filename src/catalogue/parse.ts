// Reads a catalogue file into items in one pass that can be stopped. A fault of a row becomes a problem in the report; only a fault of
// the file is an error.
import { RecommenderError, throwIfAborted } from '../base/errors.ts';
import { createPacer } from '../base/pacer.ts';
import type { Item, ProgressCallback } from '../base/types.ts';
import { createCollector } from './collector.ts';
import type { CatalogueFormat } from './format.ts';
import { type ColumnPlan, checkExplicitMapping, type HeaderMapping, planColumns } from './header-mapping.ts';
import { type Finding, ProblemList, type RowProblem } from './problems.ts';
import type { RawRow } from './rows.ts';
import { formatError } from './sniff.ts';
import { openTable, type TableFile } from './table.ts';
import { brokenField, statedId, validateRow } from './validate.ts';

export interface ParseOptions {
  signal?: AbortSignal;
  /** In bytes for NDJSON, CSV and TSV; in rows for JSON. */
  onProgress?: ProgressCallback;
  /** Returns a BCP-47 tag, or undefined when unsure. Called with title and description of items without a language. */
  detectLanguage?: (text: string) => string | undefined;
  /** Field → column (or key of a JSON object), where the guess would be wrong. */
  headerMapping?: HeaderMapping;
  /** Default 256 MiB. */
  maxBytes?: number;
  /** Longest list of problems; errors are preferred to warnings, and `problemCount` counts all. Default 1000. */
  maxProblems?: number;
}

export interface CatalogueReport {
  items: Item[];
  format: CatalogueFormat;
  /** Column → field: `title`, `title.de`, `attributes.pages`. */
  headerMapping: Record<string, string>;
  unmappedColumns: string[];
  /** In order of rows, at most `maxProblems`. */
  problems: RowProblem[];
  problemCount: number;
  /** How many of them are errors. */
  errorCount: number;
  rowCount: number;
  /** Items whose language was detected. */
  detectedLanguages: number;
}

const DEFAULT_MAX_PROBLEMS = 1000;
const MAX_PLANS = 1000;
const MAX_UNMAPPED = 200;

function emptyError(name: string, why: string, details: Record<string, number> = {}): RecommenderError {
  return new RecommenderError('catalogue-empty', `"${name}" ${why}`, { name, ...details });
}

/** Makes one column plan per set of column names, and gathers what the report says about them. */
function createPlanner(explicit: HeaderMapping) {
  const plans = new Map<string, ColumnPlan>();
  const mapping = new Map<string, string>();
  const unmapped = new Set<string>();
  let latest: { keys: readonly string[]; plan: ColumnPlan } | undefined;
  const planFor = (keys: readonly string[]): ColumnPlan => {
    if (latest?.keys === keys) return latest.plan;
    const signature = keys.join('\u0000');
    let plan = plans.get(signature);
    if (!plan) {
      plan = planColumns(keys, explicit);
      if (plans.size < MAX_PLANS) plans.set(signature, plan);
      for (const [column, field] of Object.entries(plan.mapping)) mapping.set(column, field);
      for (const column of plan.unmapped) if (unmapped.size < MAX_UNMAPPED) unmapped.add(column);
    }
    latest = { keys, plan };
    return plan;
  };
  return {
    planFor,
    summary: () => ({
      headerMapping: Object.fromEntries(mapping),
      unmappedColumns: [...unmapped].filter((column) => !mapping.has(column)),
    }),
  };
}

function checkHeader(columns: readonly string[], plan: ColumnPlan, explicit: HeaderMapping, name: string): void {
  checkExplicitMapping(columns, explicit);
  if (Object.values(plan.mapping).includes('title')) return;
  const shown = columns
    .slice(0, 20)
    .map((column) => column.slice(0, 80))
    .join(', ');
  throw formatError(
    name,
    `has no column for the title; its first row reads: ${shown}`,
    'Name the columns in the first row, one of them "title", or state a headerMapping.',
  );
}

function reportRow(raw: RawRow, plan: ColumnPlan, report: (finding: Finding) => void): void {
  for (const finding of raw.findings) report(finding);
  if (!raw.broken) return;
  const message = 'The row holds U+FFFD, which stands for bytes that are not valid in the encoding of the file.';
  report({
    ...brokenField(raw, plan),
    message,
    remedy: 'Save the file as UTF-8 from the program that wrote it.',
    severity: 'warning',
  });
}

/**
 * Reads a catalogue: NDJSON, JSON (an array or {"items": […]}), CSV or TSV, in UTF-8 or in UTF-16 with a byte order mark.
 * Gives the event loop a turn every few milliseconds, except while a JSON file (not NDJSON) is parsed, which is one step.
 *
 * @returns the good rows as items, in the order of the file, and what is wrong with the others
 * @throws catalogue-empty (no usable item), catalogue-format, catalogue-too-large, bad-argument, aborted
 */
export async function parseCatalogue(input: TableFile, options: ParseOptions = {}): Promise<CatalogueReport> {
  const { name } = input;
  const { signal, onProgress, detectLanguage, headerMapping: explicit = {} } = options;
  const what = `Reading "${name}"`;
  throwIfAborted(signal, what);
  const table = await openTable(input, {
    maxBytes: options.maxBytes,
    emptyError: () => emptyError(name, 'is empty. Choose a file with one item a row.'),
  });
  const { format } = table;

  const planner = createPlanner(explicit);
  const problems = new ProblemList(options.maxProblems ?? DEFAULT_MAX_PROBLEMS);
  const collector = createCollector(problems);
  let bytesRead = 0;
  let rowsExpected = 0;
  let rowCount = 0;
  let brokenRows = 0;
  const progress = (): void =>
    onProgress?.(format === 'json' ? { done: rowCount, total: rowsExpected, unit: 'rows' } : { done: bytesRead, total: table.bytes, unit: 'bytes' });
  const pace = createPacer({ signal, what, onPause: progress });
  const rows = table.rows({
    onBytes: async (bytes) => {
      bytesRead = bytes;
      await pace();
    },
    onHeader: (columns) => checkHeader(columns, planner.planFor(columns), explicit, name),
    onRowCount: (count) => {
      rowsExpected = count;
    },
  });

  for await (const batch of rows) {
    for (const raw of batch) {
      const pause = pace();
      if (pause) await pause;
      rowCount += 1;
      if (raw.broken) brokenRows += 1;
      const plan = planner.planFor(raw.keys);
      let id: string | undefined;
      const report = (finding: Finding): void => {
        id ??= statedId(raw, plan);
        problems.add(raw.row, id, finding);
      };
      reportRow(raw, plan, report);
      if (raw.findings.some(({ severity }) => severity === 'error')) continue;
      const draft = validateRow(raw, plan, { detectLanguage, report });
      if (draft) await collector.take(draft, raw.row);
    }
  }
  throwIfAborted(signal, what);

  if (brokenRows * 2 > rowCount) {
    throw formatError(
      name,
      `is not UTF-8, or is damaged: ${brokenRows} of its ${rowCount} rows hold bytes that cannot be read`,
      'Save it as UTF-8 from the program that wrote it.',
    );
  }
  const { items } = collector;
  if (items.length === 0) {
    const [first] = problems.list();
    const why = first
      ? `has ${rowCount} rows and none is usable. Row ${first.row}: ${first.message} ${first.remedy}`
      : 'has no rows. Choose a file with one item a row.';
    throw emptyError(name, why, { rowCount, problemCount: problems.count });
  }
  progress();
  return {
    items,
    format,
    ...planner.summary(),
    problems: problems.list(),
    problemCount: problems.count,
    errorCount: problems.errorCount,
    rowCount,
    detectedLanguages: items.reduce((count, { languageDetected }) => count + (languageDetected ? 1 : 0), 0),
  };
}
