// Fits systems on a split, asks them every case and measures the full ranking. A system sees only the split's training matrix and
// the histories. A long run can be stopped: the event loop gets a turn between cases.
import { RecommenderError, throwIfAborted } from '../base/errors.ts';
import { createPacer } from '../base/pacer.ts';
import { deriveSeed, type RandomSource, seededRandom } from '../base/random.ts';
import { aggregateLists, aggregateMetrics, type SystemResult } from './aggregate.ts';
import { candidatesOfCase, caseMetrics, rankCase } from './case-ranking.ts';
import { createLanguageTable } from './language-table.ts';
import { listRows, selfInformation } from './metrics/beyond-accuracy.ts';
import type { EvaluationCatalogue, FittedSystem, RecommenderSystem, Split } from './types.ts';

export interface EvaluateOptions {
  /** Cut-offs. Default 10 and 50. */
  ks?: readonly number[];
  /** Resamples of users for each interval. Default 2000. */
  resamples?: number;
  signal?: AbortSignal;
  onProgress?: (progress: { done: number; total: number; unit: 'cases' }) => void;
  /** Milliseconds, monotonic; also decides when the event loop gets a turn. Default `performance.now`. */
  clock?: () => number;
}

function checkInput(split: Split, system: RecommenderSystem, catalogue: EvaluationCatalogue, ks: readonly number[]): void {
  const itemCount = catalogue.items.length;
  if (split.train.itemCount !== itemCount || catalogue.languages.length !== itemCount) {
    throw new RecommenderError(
      'bad-argument',
      `The split has ${split.train.itemCount} items, the catalogue ${itemCount} and ${catalogue.languages.length} languages. Give those of the same catalogue.`,
      { split: split.name, itemCount },
    );
  }
  if (split.cases.length === 0)
    throw new RecommenderError('evaluation-empty', `The split ${split.name} has no case. Choose another split.`, {
      split: split.name,
    });
  if (ks.length === 0 || ks.some((k) => !Number.isInteger(k) || k < 1)) {
    throw new RecommenderError('bad-argument', `The cut-offs are ${ks.join(', ')}. Give whole numbers from 1.`, {
      ks: ks.join(' '),
    });
  }
  if (system.needsVectors && !catalogue.vectors) {
    throw new RecommenderError('bad-argument', `${system.name} needs vectors and the catalogue has none. Encode it first, or leave the system out.`, {
      system: system.name,
    });
  }
}

/**
 * @param catalogue rows in the order of the split's items; languages as the split shows them
 * @throws bad-argument, evaluation-empty, bad-vector (a score is NaN), aborted; whatever the system throws
 */
export async function evaluateSystem(
  split: Split,
  system: RecommenderSystem,
  catalogue: EvaluationCatalogue,
  options: EvaluateOptions = {},
): Promise<SystemResult> {
  const { signal, onProgress, clock = () => performance.now() } = options;
  const ks = [...(options.ks ?? [10, 50])].sort((a, b) => a - b);
  checkInput(split, system, catalogue, ks);
  const randomFor = (purpose: string): RandomSource => seededRandom(deriveSeed(split.seed, purpose));
  const what = `Evaluating ${system.name}`;
  throwIfAborted(signal, what);
  const fitStartMs = clock();
  const fitted = await system.fit({
    catalogue,
    train: split.train,
    random: randomFor(`fit ${system.name}`),
    ...(signal ? { signal } : {}),
  });
  const fitMs = clock() - fitStartMs;
  try {
    throwIfAborted(signal, what);
    return await measure(split, system, fitted, catalogue, {
      ks,
      random: randomFor('resample'),
      signal,
      clock,
      onProgress,
      resamples: options.resamples ?? 2000,
      fitMs,
    });
  } finally {
    fitted.dispose?.();
  }
}

interface MeasureContext {
  ks: readonly number[];
  random: RandomSource;
  signal: AbortSignal | undefined;
  clock: () => number;
  onProgress: EvaluateOptions['onProgress'];
  resamples: number;
  fitMs: number;
}

async function measure(
  split: Split,
  { name, title }: RecommenderSystem,
  fitted: FittedSystem,
  catalogue: EvaluationCatalogue,
  { ks, random, signal, clock, onProgress, resamples, fitMs }: MeasureContext,
): Promise<SystemResult> {
  const { cases, candidates } = split;
  const itemCount = catalogue.items.length;
  const listLength = ks[ks.length - 1] as number;
  const languages = split.shownLanguages ?? catalogue.languages;
  const metrics = caseMetrics(ks, catalogue, languages, selfInformation(split.train));
  const values = new Map(Array.from(metrics.keys(), (metric) => [metric, new Float64Array(cases.length)]));
  const table = createLanguageTable(languages, ks[0] as number);
  const topLists = new Int32Array(cases.length * listLength);
  const scoreMsPerCase = new Float64Array(cases.length);
  const scores = new Float32Array(itemCount);
  const open = new Uint8Array(itemCount);
  let done = 0;
  const progress = (): void => onProgress?.({ done, total: cases.length, unit: 'cases' });
  const pace = createPacer({ signal, what: `Evaluating ${name}`, onPause: progress, clock });
  for (const [at, one] of cases.entries()) {
    const pause = pace();
    if (pause) await pause;
    scores.fill(Number.NEGATIVE_INFINITY);
    const startMs = clock();
    fitted.score(one.history, one.historyWeights, scores);
    scoreMsPerCase[at] = clock() - startMs;
    const ranked = rankCase(one, scores, candidatesOfCase(split, one, open), listLength);
    topLists.set(ranked.list, at * listLength);
    for (const [metric, measureCase] of metrics) (values.get(metric) as Float64Array)[at] = measureCase(ranked);
    table.take(open, one.relevant, ranked.places, ranked.standing.candidates, listRows(ranked.list, ks[0]));
    done = at + 1;
  }
  throwIfAborted(signal, `Evaluating ${name}`);
  progress();
  const users = Int32Array.from(cases, ({ user }) => user);
  const lists = { topLists, listLength, ks, itemCount, ...(candidates ? { candidates } : {}) };
  return {
    system: name,
    title,
    split: split.name,
    seed: split.seed,
    users,
    metrics: aggregateMetrics(values, users, { random, resamples }),
    listMetrics: aggregateLists(lists),
    ...lists,
    languages: table.rows(),
    fitMs,
    scoreMs: scoreMsPerCase.reduce((sum, ms) => sum + ms, 0),
    scoreMsPerCase,
  };
}

export interface LeftOutSystem {
  system: string;
  reason: string;
}

/** @returns why a system cannot be measured on a split; undefined when it can */
function refusalOf(system: RecommenderSystem, split: Split, catalogue: EvaluationCatalogue): string | undefined {
  if (system.needsVectors && !catalogue.vectors) return 'It needs the vectors of the items, and there are none.';
  return system.refuses?.(split.train);
}

/**
 * Evaluates one system after the other. Systems that lack vectors or refuse the split are left out with the reason. Any failure is
 * thrown.
 *
 * @throws as evaluateSystem
 */
export async function evaluateSystems(
  split: Split,
  systems: readonly RecommenderSystem[],
  catalogue: EvaluationCatalogue,
  options: EvaluateOptions = {},
): Promise<{ results: SystemResult[]; leftOut: LeftOutSystem[] }> {
  const usable: RecommenderSystem[] = [];
  const leftOut: LeftOutSystem[] = [];
  for (const system of systems) {
    const reason = refusalOf(system, split, catalogue);
    if (reason === undefined) usable.push(system);
    else leftOut.push({ system: system.name, reason });
  }
  const results: SystemResult[] = [];
  const total = usable.length * split.cases.length;
  for (const [at, system] of usable.entries()) {
    const onProgress = options.onProgress;
    results.push(
      await evaluateSystem(split, system, catalogue, {
        ...options,
        ...(onProgress ? { onProgress: ({ done }) => onProgress({ done: at * split.cases.length + done, total, unit: 'cases' }) } : {}),
      }),
    );
  }
  return { results, leftOut };
}
