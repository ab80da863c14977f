// `kindred fairness`: whether each language of a catalogue is shown as often as its share, before and after the correction that the
// page would fit on it.
import { deriveSeed, seededRandom } from '../../src/base/random.ts';
import type { Item } from '../../src/base/types.ts';
import { measureFairness } from '../../src/evaluation/fairness/measure-fairness.ts';
import type { QueryBias } from '../../src/evaluation/fairness/types.ts';
import type { Command, Terminal } from '../lib/command.ts';
import { DEFAULT_TRANSLATED, embedForFairness, fairnessInput, planFairness, readAdapterFiles } from '../lib/fairness-data.ts';
import { fairnessHtml } from '../lib/fairness-html.ts';
import { type BiasInterval, type FairnessSummary, RELEVANCE_TITLES, summarise } from '../lib/fairness-report.ts';
import { writeWholeFile } from '../lib/files.ts';
import { EMBED_OPTIONS, embedOptions, type Options, readSeed, seedOption } from '../lib/options.ts';
import { progressLine } from '../lib/progress-line.ts';
import { readCatalogue } from '../lib/read-catalogue.ts';

export const fairness: Command = {
  operands: '',
  options: {
    catalogue: { value: 'FILE', summary: 'CSV, TSV, JSON or NDJSON', required: true },
    out: { value: 'FILE', summary: 'report as HTML with its data beside it as JSON; a name that ends in .json: the data alone' },
    seed: seedOption('of queries, candidates and intervals'),
    translated: { value: 'N', summary: `items that are also asked for by their translations, at most 4 each; default ${DEFAULT_TRANSLATED}` },
    ...EMBED_OPTIONS,
  },
  details:
    '300 items serve as queries, and some are asked for by their translations, where the catalogue has any. Items that share a\ncategory count as relevant to each other.\nCan be stopped and started again: vectors are kept.',
  run: async (options, terminal) => {
    const { out, err, signal, nowMs } = terminal;
    const { report: catalogue, title } = await readCatalogue(options.required('catalogue'), signal);
    if (catalogue.problemCount > 0) err(`${catalogue.problemCount} problems in the catalogue; good rows are used (kindred check names them).`);
    const seed = readSeed(options);
    const summary = await measure(catalogue.items, { seed, title, createdAt: new Date(nowMs()).toISOString() }, options, terminal);
    for (const line of linesOf(summary)) out(line);
    const file = options.text('out');
    if (file !== undefined) writeReport(file, summary, out);
    return 0;
  },
};

async function measure(
  items: readonly Item[],
  about: { seed: number; title: string; createdAt: string },
  options: Options,
  { out, signal, nowMs, progress }: Terminal,
): Promise<FairnessSummary> {
  const { seed } = about;
  const plan = planFairness(items, seed, options.number('translated', { least: 0, most: 1_000_000, whole: true }));
  const model = options.text('model');
  const encoding = progressLine('Encoding', progress, nowMs);
  const vectors = await embedForFairness(items, plan, {
    ...embedOptions(options),
    signal,
    nowMs,
    onProgress: (report) => encoding.update(report),
  }).finally(() => encoding.end());
  out(
    `${items.length} items, ${plan.translations.length} translations; ${vectors.fromCache} texts were in the cache, ${vectors.encoded} were encoded`,
  );
  const line = progressLine('Measuring', progress, nowMs);
  try {
    const watch = { signal, onProgress: (report: Parameters<typeof line.update>[0]) => line.update(report) };
    const { input } = await fairnessInput(items, plan, vectors, { ...(await readAdapterFiles(model)), seed, ...watch });
    const parts = { before: [] as QueryBias[], after: [] as QueryBias[] };
    const report = await measureFairness({ ...input, onQuery: (state, part) => parts[state].push(part) });
    return summarise(report, parts, { ...about, items: items.length }, seededRandom(deriveSeed(seed, 'intervals')));
  } finally {
    line.end();
  }
}

/** The report as text for a terminal. */
function linesOf({ languages, measures, ndcg, method, dimensions, queries, translations }: FairnessSummary): string[] {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`.padStart(8);
  const tagWidth = Math.max(8, ...languages.map(({ tag }) => tag.length));
  const titleWidth = Math.max(...measures.map(({ title }) => title.length));
  return [
    `Correction: ${method}, ${dimensions} dimensions; ${queries} queries, ${translations} by translation`,
    '',
    `${'language'.padEnd(tagWidth)}  ${'items'.padStart(7)}  ${'share'.padStart(8)}  ${'merit'.padStart(8)}  ${'before'.padStart(8)}  ${'after'.padStart(8)}`,
    ...languages.map(
      (row) =>
        `${row.tag.padEnd(tagWidth)}  ${String(row.items).padStart(7)}  ${percent(row.catalogueShare)}  ${row.meritShare === null ? '–'.padStart(8) : percent(row.meritShare)}  ${percent(row.exposureBefore)}  ${percent(row.exposureAfter)}`,
    ),
    '',
    `${''.padEnd(titleWidth)}  ${'before'.padEnd(22)}  after`,
    ...measures.map(({ title, best, before, after }) => `${title.padEnd(titleWidth)}  ${shown(before).padEnd(22)}  ${shown(after)}  (${best})`),
    ...ndcg.flatMap(({ relevance, languages: askedIn }) => [
      '',
      RELEVANCE_TITLES[relevance],
      `${'asked in'.padEnd(tagWidth)}  ${'queries'.padStart(7)}  ${'before'.padEnd(22)}  ${'after'.padEnd(22)}  change`,
      ...askedIn.map(
        (row) =>
          `${row.tag.padEnd(tagWidth)}  ${String(row.queries).padStart(7)}  ${shown(row.before).padEnd(22)}  ${shown(row.after).padEnd(22)}  ${shown(row.change)}`,
      ),
    ]),
  ];
}

function shown({ mean, low, high }: BiasInterval): string {
  if (mean === null) return '–';
  return low === null || high === null ? mean.toFixed(3) : `${mean.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}

function writeReport(file: string, summary: FairnessSummary, out: (line: string) => void): void {
  const stem = file.replace(/\.(html?|json)$/i, '');
  writeWholeFile(`${stem}.json`, `${JSON.stringify(summary, null, 1)}\n`);
  const dataAlone = /\.json$/i.test(file);
  if (!dataAlone) writeWholeFile(`${stem}.html`, fairnessHtml(summary));
  out(`written: ${stem}${dataAlone ? '.json' : '.html and .json'}`);
}
