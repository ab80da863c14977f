// Fits a language correction to a catalogue on the device: means, basis, maps, the choice between methods, references for the hubness bias.
// Deterministic: the same rows give the same correction. The event loop runs between the stages.
import { RecommenderError, throwIfAborted } from '../../base/errors.ts';
import { groupBy } from '../../base/group-by.ts';
import { knownLanguage } from '../../base/language-tag.ts';
import { nextTask } from '../../base/pacer.ts';
import { seededRandom, shuffle } from '../../base/random.ts';
import { requireFinite } from '../../compute/quantize.ts';
import { bridgeTo, buildCorrection, centreItems, type Discriminant, leadingColumns, type Material, shippedFor, withHubness } from './build.ts';
import { addSums, type Basis, type CovarianceSums, covariancesOf, discriminantBasis, sumCovariances, type Translations } from './covariances.ts';
import { FITTED_PRIOR_STRENGTH, fitMeans, isZeroRow, languageJudge } from './means.ts';
import { choose, drawTrial, LEAST_HELD_OUT_ITEMS, neighbourhoods, type Trial, tryCandidate } from './select.ts';
import type { Candidate, CorrectionMethod, FitInput, FitOptions, FitReport, LanguageCorrection } from './types.ts';

const DEFAULT_MAX_ROWS = 12_000;
/** 256 are as good as 352 at showing languages fairly and find the same item a little less (0.867 against 0.872 on apps). */
const DEFAULT_DIMENSIONS = [128, 352] as const;
/** With fewer rows, or one language, neighbourhoods tell nothing. */
const LEAST_ROWS_TO_CHOOSE = 40;
const SEED = 8;
/** Rows whose language is judged between two turns of the event loop. */
const JUDGED_AT_ONCE = 500;
/** Items whose products are summed between two turns. */
const SUMMED_AT_ONCE = 100;
const STAGES = 14;

/**
 * Fits the correction. With translations of 40 items or more, held-out items choose the method: statistics come from one half of the
 * items, and in the other half the same item is searched for in other languages. With fewer, neighbourhoods choose (select.ts). The final
 * fit uses all items, `maxRows` rows at most. Measured on one shared core: 3 s for 3,000 translated rows of 384 dimensions, 9 s for
 * 12,000. With `method` given nothing is tried, which takes two thirds of that.
 * @throws bad-argument, bad-vector, aborted
 */
export async function fitCorrection(input: FitInput, options: FitOptions = {}): Promise<LanguageCorrection> {
  check(input, options);
  const next = stagesOf(input.languages.length, options);
  await next();
  const { material, relabelledRows, items } = await prepare(input, options);
  await next();
  // The trial uses the sums of the first half alone, the final fit both.
  const middle = Math.ceil(items.length / 2);
  const halves = [items.slice(0, middle), items.slice(middle)] as const;
  const sums = [await sumInTurns(material, halves[0], options), await sumInTurns(material, halves[1], options)] as const;
  await next();
  const all = addSums(sums[0], sums[1]);
  const byTranslations = halves[1].length >= LEAST_HELD_OUT_ITEMS;
  const final: LazyDiscriminant = lazily(all, items, options);
  const trialFit = byTranslations ? lazily(sums[0], halves[0], options) : final;
  const chosen = options.method
    ? { criterion: 'fixed' as const, candidates: [], best: fixedChoice(options.method, material, options, final) }
    : await select(material, byTranslations ? halves[1] : [], trialFit, options, next);
  const { method, dimensions } = chosen.best;
  await next();
  const discriminant = method === 'lda' ? final() : undefined;
  await next();
  let correction = buildCorrection(material, method, dimensions, discriminant);
  correction = withHubness(correction, material, options.hubness);
  const covariances = options.shared ? covariancesOf(all, options.prior) : undefined;
  await next();
  return {
    ...correction,
    bridge: options.shared && covariances ? bridgeTo(correction, covariances, options.shared) : sharedColumns(correction, items, options),
    report: {
      criterion: chosen.criterion,
      candidates: chosen.candidates,
      rows: material.present.length,
      translatedItems: items.length,
      relabelledRows,
    },
  };
}

/** The event loop runs, and an abort is seen. */
async function turn({ signal }: FitOptions): Promise<void> {
  await nextTask();
  throwIfAborted(signal, 'Fitting the language correction');
}

/** To be awaited before each stage: a turn of the event loop, and progress is told. No stage takes longer than about a second. */
type NextStage = () => Promise<void>;

/** @param rows the total of the progress: each stage counts as an equal part of them */
function stagesOf(rows: number, options: FitOptions): NextStage {
  let stage = 0;
  return async () => {
    throwIfAborted(options.signal, 'Fitting the language correction');
    options.onProgress?.({ done: Math.round((rows * Math.min(stage, STAGES)) / STAGES), total: rows, unit: 'rows' });
    stage++;
    await turn(options);
  };
}

async function sumInTurns({ centred, dimensions }: Material, items: Translations, options: FitOptions): Promise<CovarianceSums> {
  let sums = sumCovariances(centred, dimensions, items.slice(0, SUMMED_AT_ONCE));
  for (let from = SUMMED_AT_ONCE; from < items.length; from += SUMMED_AT_ONCE) {
    await turn(options);
    sums = addSums(sums, sumCovariances(centred, dimensions, items.slice(from, from + SUMMED_AT_ONCE)));
  }
  return sums;
}

/** Columns of the basis are uncorrelated over texts: dimensions that the shared space lacks have the expectation 0. */
function sharedColumns(
  { method, dimensions: k }: LanguageCorrection,
  items: Translations,
  { shared, prior }: FitOptions,
): LanguageCorrection['bridge'] {
  if (!shared || method !== 'lda' || items.length > 0 || prior?.basis?.projection !== shared.projection) return undefined;
  return leadingColumns(shared.width, k);
}

type LazyDiscriminant = () => Discriminant | undefined;

/** The eigenvectors cost most of a fit: they are computed once, when first needed. */
function lazily(sums: CovarianceSums, items: Translations, { prior }: FitOptions): LazyDiscriminant {
  let basis: Basis | undefined;
  let tried = false;
  return () => {
    if (!tried && items.length === 0 && prior?.basis && !prior.covariances) {
      basis = { dimensions: prior.dimensions, width: prior.basis.width, columns: prior.basis.projection };
      tried = true;
    }
    if (!tried) {
      const covariances = covariancesOf(sums, prior);
      basis = covariances && discriminantBasis(covariances);
      tried = true;
    }
    return basis && { basis, items, mapped: prior?.covariances !== undefined };
  };
}

async function prepare({ raw, dimensions: d, languages: tagged, groups }: FitInput, options: FitOptions) {
  const { prior, maxRows = DEFAULT_MAX_ROWS } = options;
  const languages = tagged.map(knownLanguage);
  const present: number[] = [];
  languages.forEach((_, row) => {
    if (!isZeroRow(raw, row, d)) present.push(row);
  });
  const stated = fitMeans(raw, d, languages, prior, FITTED_PRIOR_STRENGTH);
  const judge = languageJudge(stated);
  const tags: (string | undefined)[] = new Array<string | undefined>(languages.length).fill(undefined);
  let relabelledRows = 0;
  for (const [i, row] of present.entries()) {
    if (i % JUDGED_AT_ONCE === JUDGED_AT_ONCE - 1) await turn(options);
    tags[row] = judge(raw.subarray(row * d, (row + 1) * d), languages[row]);
    if (tags[row] !== languages[row]) relabelledRows++;
  }
  const means = relabelledRows > 0 ? fitMeans(raw, d, tags, prior, FITTED_PRIOR_STRENGTH) : stated;
  const byItem = translatedItems(present, groups, maxRows);
  const itemRows = byItem.flat();
  let place = 0;
  const items: Translations = byItem.map((rows) => rows.map(() => place++));
  // Maps need covariances of mapped rows. Without these the basis is for rows that are only centred.
  const about = { raw, dimensions: d, tags, present, means, shipped: shippedFor(means, prior?.covariances && prior.maps) };
  const material: Material = { ...about, itemRows, centred: centreItems(about, itemRows) };
  return { material, relabelledRows, items };
}

/** Row numbers of items with two rows or more, in a random order; `maxRows` rows at most. */
function translatedItems(present: readonly number[], groups: FitInput['groups'], maxRows: number): number[][] {
  const byGroup = groupBy(
    present.filter((row) => groups?.[row] !== undefined),
    (row) => groups?.[row],
  );
  const items = shuffle(
    [...byGroup.values()].filter((rows) => rows.length >= 2),
    seededRandom(SEED),
  );
  let taken = 0;
  return items.filter((rows) => {
    if (taken + rows.length > maxRows) return false;
    taken += rows.length;
    return true;
  });
}

interface Choice {
  criterion: FitReport['criterion'];
  candidates: readonly Candidate[];
  best: { method: CorrectionMethod; dimensions: number };
}

async function select(
  material: Material,
  heldOut: Translations,
  discriminant: LazyDiscriminant,
  options: FitOptions,
  next: NextStage,
): Promise<Choice> {
  const { present, tags, dimensions: d } = material;
  const languages = new Set(present.map((row) => tags[row]));
  if (present.length < LEAST_ROWS_TO_CHOOSE || languages.size < 2) {
    const lda = discriminant();
    return {
      criterion: 'default',
      candidates: [],
      best: lda ? { method: 'lda', dimensions: mostDimensions(lda.basis.width, options) } : { method: 'centre', dimensions: d },
    };
  }
  await next();
  const trial = drawTrial(material, heldOut, seededRandom(SEED));
  const candidates = await tryAll(material, trial, discriminant(), options, next);
  const criterion = trial.items ? 'translations' : 'neighbours';
  return { criterion, candidates, best: choose(candidates, criterion) ?? { method: 'centre', dimensions: d } };
}

async function tryAll(
  material: Material,
  trial: Trial,
  discriminant: Discriminant | undefined,
  options: FitOptions,
  next: NextStage,
): Promise<Candidate[]> {
  const d = material.dimensions;
  const centred = buildCorrection(material, 'centre', d);
  const candidates: Candidate[] = [];
  const pause = (): Promise<void> => turn(options);
  const kept = await neighbourhoods(centred, material, trial, pause);
  const compare = async (correction: LanguageCorrection): Promise<void> => {
    await next();
    candidates.push(await tryCandidate(correction, kept, material, trial, pause));
  };
  for (const method of ['none', 'centre', 'shift', 'lir'] as const)
    await compare(method === 'centre' ? centred : buildCorrection(material, method, d));
  if (discriminant) for (const k of dimensionsOf(discriminant.basis.width, options)) await compare(buildCorrection(material, 'lda', k, discriminant));
  await next();
  return candidates;
}

function fixedChoice(method: CorrectionMethod, { dimensions: d }: Material, options: FitOptions, discriminant: LazyDiscriminant): Choice['best'] {
  if (method !== 'lda') return { method, dimensions: d };
  const lda = discriminant();
  if (!lda) {
    throw new RecommenderError(
      'bad-argument',
      'The method "lda" needs translations in the catalogue or the covariances of the adapter. Give `prior.covariances`, or take "centre".',
    );
  }
  return { method, dimensions: mostDimensions(lda.basis.width, options) };
}

function dimensionsOf(d: number, { dimensions = DEFAULT_DIMENSIONS }: FitOptions): number[] {
  return [...new Set(dimensions.map((k) => Math.min(k, d)))];
}

function mostDimensions(d: number, options: FitOptions): number {
  return Math.max(...dimensionsOf(d, options));
}

function check({ raw, dimensions: d, languages, groups }: FitInput, { prior, dimensions, hubness, maxRows, shared }: FitOptions): void {
  requireFinite(raw, d);
  const wrong = (what: string, value: number, todo: string): never => {
    throw new RecommenderError('bad-argument', `${what} is ${value}. ${todo}`, { value });
  };
  if (raw.length !== languages.length * d)
    wrong('The number of values', raw.length, `Give ${languages.length} rows of ${d} dimensions, one a language.`);
  if (groups && groups.length !== languages.length) wrong('The number of groups', groups.length, `Give one a row, ${languages.length}.`);
  if (prior && (prior.dimensions !== d || prior.means.length !== prior.languages.length * d))
    wrong('The dimension of the prior', prior.dimensions, `Give the adapter of this encoder: ${d}.`);
  const square = prior?.covariances;
  if (square && (square.withinItem.length !== d * d || square.betweenItem.length !== d * d))
    wrong('The size of a covariance', square.withinItem.length, `Give ${d} × ${d} values.`);
  for (const k of dimensions ?? []) if (!(Number.isInteger(k) && k >= 1)) wrong('A number of dimensions', k, 'Give whole numbers from 1.');
  if (hubness !== undefined && !(hubness >= 0 && hubness <= 2)) wrong('The weight of the hubness correction', hubness, 'Give 0 to 2.');
  if (maxRows !== undefined && !(maxRows >= 2)) wrong('maxRows', maxRows, 'Give 2 or more.');
  if (shared && (shared.width > shared.projectedDimensions || shared.projection.length !== d * shared.projectedDimensions))
    wrong('The width of the shared space', shared.width, `Give a projection of ${d} × projectedDimensions values.`);
}
