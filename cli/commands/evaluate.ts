// `kindred evaluate`: how good recommendations are on the owner's log, against real baselines, with intervals.
import { RecommenderError } from '../../src/base/errors.ts';
import { groupBy } from '../../src/base/group-by.ts';
import { deriveSeed, seededRandom } from '../../src/base/random.ts';
import { poolFolds, type SystemResult } from '../../src/evaluation/aggregate.ts';
import { systemByName } from '../../src/evaluation/baselines/systems.ts';
import { buildReport, type EvaluationReport } from '../../src/evaluation/report.ts';
import { reportHtml } from '../../src/evaluation/report-html.ts';
import { evaluateSystems, type LeftOutSystem } from '../../src/evaluation/run.ts';
import type { RecommenderSystem } from '../../src/evaluation/types.ts';
import { type Command, problemLine, type Terminal, UsageError } from '../lib/command.ts';
import { readEvaluationData, shownCatalogues } from '../lib/evaluation-data.ts';
import { SPLIT_NAMES, type SplitGroup, splitGroups } from '../lib/evaluation-splits.ts';
import { measuredSystems, namedSystems } from '../lib/evaluation-systems.ts';
import { writeWholeFile } from '../lib/files.ts';
import { EMBED_OPTIONS, embedOptions, type Options, readSeed, seedOption } from '../lib/options.ts';
import { progressLine } from '../lib/progress-line.ts';

export const evaluate: Command = {
  operands: '',
  options: {
    catalogue: { value: 'FILE', summary: 'CSV, TSV, JSON or NDJSON', required: true },
    interactions: { value: 'FILE', summary: 'user,item,rating|weight,timestamp as CSV or NDJSON', required: true },
    split: { value: 'NAMES', summary: `comma-separated, of ${SPLIT_NAMES}; default k-fold` },
    systems: { value: 'NAMES', summary: 'comma-separated; default all but kindred, which trains for minutes on each split' },
    out: { value: 'FILE', summary: 'report as HTML; its data go beside it as JSON', required: true },
    seed: seedOption('of splits, systems and intervals'),
    reference: { value: 'NAME', summary: 'system that the others are compared with; default the best' },
    ...EMBED_OPTIONS,
  },
  details: `Systems: ${namedSystems()
    .map(({ name }) => name)
    .join(', ')}.\nCan be stopped and started again: vectors are kept.`,
  run: async (options, terminal) => {
    const { out, err, signal } = terminal;
    const { items, interactions } = await readEvaluationData(options.required('catalogue'), options.required('interactions'), signal);
    const { log, problemCount, problems } = interactions;
    for (const problem of problems.slice(0, 10)) err(problemLine(problem));
    if (problemCount > 0) err(`${problemCount} problems in the interactions; good rows are used.`);
    out(`${log.users.length} users, ${log.item.length} interactions, ${items.length} items`);
    const seed = readSeed(options);
    const groups = namesIn(options.text('split') ?? 'k-fold').flatMap((name) => splitGroups(name, log, items, seed));
    const names = options.text('systems');
    const systems = names === undefined ? measuredSystems() : namesIn(names).map((name) => systemByName(name, namedSystems()));
    const reference = options.text('reference');
    if (reference !== undefined && !systems.some(({ name }) => name === reference)) {
      throw new UsageError(`--reference ${reference} is none of the systems that are measured: ${systems.map(({ name }) => name).join(', ')}.`);
    }
    const catalogueOf = shownCatalogues(
      items,
      systems.some(({ needsVectors }) => needsVectors),
    );
    const reports: EvaluationReport[] = [];
    for (const group of groups) {
      const report = await measureGroup(group, systems, catalogueOf, seed, options, terminal);
      reports.push(report);
      out(`\n${group.name}: ${report.split.cases} cases of ${report.split.users} users`);
      for (const { name, metrics } of report.systems) {
        const { mean, low, high } = metrics['ndcg@10'] ?? { mean: null, low: null, high: null };
        out(`  ${name.padEnd(20)} nDCG@10 ${mean?.toFixed(4) ?? '–'} [${low?.toFixed(4) ?? '–'}, ${high?.toFixed(4) ?? '–'}]`);
      }
      for (const { system, reason } of report.leftOut) out(`  ${system.padEnd(20)} left out: ${reason}`);
    }
    writeReports(options.required('out'), reports, out);
    return problemCount > 0 ? 1 : 0;
  },
};

/** The names of a comma-separated list, each once: a system that is measured twice would count as another fold. */
function namesIn(list: string): string[] {
  return [...new Set(list.split(',').map((name) => name.trim()))];
}

async function measureGroup(
  group: SplitGroup,
  systems: readonly RecommenderSystem[],
  catalogueOf: ReturnType<typeof shownCatalogues>,
  seed: number,
  options: Options,
  { err, signal, nowMs, progress }: Terminal,
): Promise<EvaluationReport> {
  const allResults: SystemResult[] = [];
  const left = new Map<string, LeftOutSystem>();
  for (const split of group.splits) {
    const encoding = progressLine('Encoding', progress, nowMs);
    const catalogue = await catalogueOf(split, {
      ...embedOptions(options),
      signal,
      nowMs,
      onProgress: (report) => encoding.update(report),
    }).finally(() => encoding.end());
    const line = progressLine(group.name, progress, nowMs);
    const { results, leftOut } = await evaluateSystems(split, systems, catalogue, { signal, onProgress: (report) => line.update(report) });
    line.end();
    for (const one of leftOut) left.set(one.system, one);
    allResults.push(...results);
  }
  // Systems are compared on the same users: one that is left out of a fold is left out of all.
  const folds = groupBy(
    allResults.filter(({ system }) => !left.has(system)),
    ({ system }) => system,
  );
  if (folds.size === 0) throw noneMeasured(group.name, [...left.values()]);
  const pooled = [...folds.values()]
    .map((results) => (results.length > 1 ? poolFolds(results, group.name, { random: seededRandom(deriveSeed(seed, 'resample')) }) : results[0]))
    .filter((result) => result !== undefined);
  const wanted = options.text('reference');
  const reference = wanted !== undefined && folds.has(wanted) ? wanted : undefined;
  if (wanted !== reference) err(`${wanted} is left out of ${group.name}: the others are compared with the best.`);
  const about = { title: group.name, timeMs: nowMs(), random: seededRandom(deriveSeed(seed, 'compare')), leftOut: [...left.values()] };
  return buildReport(group.splits, pooled, { ...about, ...(reference === undefined ? {} : { reference }) });
}

function noneMeasured(split: string, left: readonly LeftOutSystem[]): RecommenderError {
  const reasons = left.map(({ system, reason }) => `${system}: ${reason}`).join(' ');
  return new RecommenderError('evaluation-empty', `No system can be measured on ${split}. ${reasons}`, { split });
}

/** Writes one report as FILE, several as FILE-SPLIT. */
function writeReports(file: string, reports: readonly EvaluationReport[], out: (line: string) => void): void {
  const stem = file.replace(/\.html?$/, '');
  reports.forEach((report, i) => {
    const name =
      reports.length === 1
        ? stem
        : `${stem}-${report.title.replace(/[^a-z0-9-]+/gi, '-')}${reports.findIndex(({ title }) => title === report.title) === i ? '' : `-${i}`}`;
    writeWholeFile(`${name}.html`, reportHtml(report));
    writeWholeFile(`${name}.json`, `${JSON.stringify(report, null, 1)}\n`);
    out(`written: ${name}.html and .json`);
  });
}
