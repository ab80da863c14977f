// How much the language of an item decides whether it is shown, before and after the correction. Items stand for profiles and
// searches; what only translations can tell is measured where the caller has vectors of them.
import { RecommenderError, throwIfAborted } from '../../base/errors.ts';
import { nextTask } from '../../base/next-task.ts';
import { shuffle } from '../../base/random.ts';
import { dot } from '../../compute/cpu/linear.ts';
import { ndcgByLanguage } from './language-ndcg.ts';
import { type AskedNdcg, add, countBy, MEASURES, measureQuery, noParts, type Pool, poolOf } from './query-bias.ts';
import type { FairnessInput, FairnessReport, FairnessVectors, LanguageBias } from './types.ts';

const MOST_QUERIES = 300;
/** Candidates that ranks are taken over, at most: a sample keeps the cost of large catalogues bounded. */
const MOST_CANDIDATES = 5000;
/** Queries between two turns of the event loop. */
const QUERIES_AT_ONCE = 8;

/**
 * Measures with at most 300 items as queries, and translations of items, among at most 5,000 candidates drawn by `random`.
 * Exposure is compared with the share of the catalogue and with merit, as in Singh and Joachims 2018, "Fairness of exposure in
 * rankings" (arXiv:1802.07281): merit is binary relevance, each query counts the same. Two items fit each other when they share a
 * category. Cost: 2 × (queries + translations) × candidates dot products.
 * @throws bad-vector when sizes do not fit, not-ready with fewer than two vectors, aborted
 */
export async function measureFairness(input: FairnessInput): Promise<FairnessReport> {
  check(input);
  const { languages, after } = input;
  const present = languages.flatMap((_, item) => (isPresent(input, item) ? item : []));
  if (present.length < 2) throw new RecommenderError('not-ready', `Only ${present.length} items have vectors. Wait until more are encoded.`);
  const asked = drawAsked(input, present);
  const steps = stepper(2 * asked.asking.length, input);
  const first = await measureState(input, 'before', asked, steps);
  const second = await measureState(input, 'after', asked, steps);
  const tags = [...countBy(present.map((item) => languages[item] as string))].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return {
    languages: tags.map(([tag, items]) => ({
      tag,
      items,
      catalogueShare: items / present.length,
      exposureBefore: first.exposure.get(tag) ?? 0,
      exposureAfter: second.exposure.get(tag) ?? 0,
      meritShare: first.merit && (first.merit.get(tag) ?? 0),
    })),
    before: first.bias,
    after: second.bias,
    ndcg: ndcgByLanguage(first.ndcg, second.ndcg, input.random),
    method: input.method,
    dimensions: after.dimensions,
    queries: asked.own.size,
    translations: first.ndcg.filter(({ relevance }) => relevance === 'translation').length,
  };
}

interface Asked {
  pool: Pool;
  /** Items of which something is asked: by their own text, by their translations, or both. */
  asking: readonly number[];
  /** Those that are queries themselves. */
  own: ReadonlySet<number>;
  /** Places in `FairnessInput.translations`. */
  translationsOf: ReadonlyMap<number, number[]>;
}

/** What asks comes first among the candidates, so that a sample never loses one. */
function drawAsked(input: FairnessInput, present: readonly number[]): Asked {
  const { queries, random, languages } = input;
  const among = new Set(present);
  const given = queries && [...new Set(queries)].filter((item) => among.has(item));
  if (given?.length === 0) throw new RecommenderError('not-ready', `None of the ${queries?.length} queries has a vector. Encode them first.`);
  const mixed = shuffle([...present], random);
  const own = new Set((given ?? mixed.slice(0, MOST_QUERIES)).slice(0, MOST_CANDIDATES));
  const translationsOf = groupTranslations(input, among);
  const asking = [...new Set([...own, ...translationsOf.keys()])];
  const rows = [...new Set([...asking, ...mixed])].slice(0, Math.max(MOST_CANDIDATES, asking.length));
  return { pool: poolOf(rows, languages), asking, own, translationsOf };
}

type Step = () => Promise<void>;

function stepper(total: number, { signal, onProgress }: FairnessInput): Step {
  let done = 0;
  return async () => {
    if (done % QUERIES_AT_ONCE === 0) {
      throwIfAborted(signal, 'Measuring fairness');
      onProgress?.({ done, total, unit: 'items' });
      await nextTask();
      throwIfAborted(signal, 'Measuring fairness');
    }
    done++;
  };
}

interface MeasuredState {
  bias: LanguageBias;
  /** Share of each language; they sum to one. */
  exposure: Map<string, number>;
  /** The same of merit; null where nothing fits any query. */
  merit: Map<string, number> | null;
  ndcg: AskedNdcg[];
}

async function measureState(
  input: FairnessInput,
  name: 'before' | 'after',
  { pool, asking, own, translationsOf }: Asked,
  step: Step,
): Promise<MeasuredState> {
  const exposure = new Map<string, number>();
  const merit = new Map<string, number>();
  const totals = noParts();
  const ndcg: AskedNdcg[] = [];
  for (const query of asking) {
    await step();
    const asks = { own: own.has(query), translations: translationsOf.get(query) ?? [] };
    const { parts, list, relevant, ndcg: measured } = measureQuery(input, input[name], pool, query, asks);
    list.forEach((tag, rank) => {
      increase(exposure, tag, 1 / Math.log2(2 + rank));
    });
    for (const tag of relevant) increase(merit, tag, 1 / relevant.length);
    for (const measure of MEASURES) add(totals[measure], parts[measure].sum, parts[measure].weight);
    ndcg.push(...measured);
    input.onQuery?.(name, parts);
  }
  const meanOf = (measure: keyof LanguageBias): number | null => {
    const { sum, weight } = totals[measure];
    return weight > 0 ? sum / weight : null;
  };
  const bias: LanguageBias = {
    sameLanguageOverFair: meanOf('sameLanguageOverFair') ?? 1,
    selfMrr: meanOf('selfMrr'),
    rankCorrelation: meanOf('rankCorrelation'),
    peer: meanOf('peer'),
    preferenceRate: meanOf('preferenceRate'),
    languageNdcg: meanOf('languageNdcg'),
  };
  return { bias, exposure: shares(exposure), merit: merit.size > 0 ? shares(merit) : null, ndcg };
}

function increase(values: Map<string, number>, tag: string, by: number): void {
  values.set(tag, (values.get(tag) ?? 0) + by);
}

function shares(values: ReadonlyMap<string, number>): Map<string, number> {
  const total = [...values.values()].reduce((sum, value) => sum + value, 0);
  return new Map([...values].map(([tag, value]) => [tag, value / total]));
}

/** Of items that have a vector; a translation without one is left out, and so are all where either state has none of them. */
function groupTranslations({ translations = [], before, after }: FairnessInput, present: ReadonlySet<number>): Map<number, number[]> {
  const of = new Map<number, number[]>();
  const { translations: first } = before;
  const { translations: second } = after;
  if (!first || !second) return of;
  translations.forEach(({ item }, place) => {
    if (!present.has(item) || !isUnit(first, before.dimensions, place) || !isUnit(second, after.dimensions, place)) return;
    const list = of.get(item);
    if (list) list.push(place);
    else of.set(item, [place]);
  });
  return of;
}

const isUnit = (rows: Float32Array, d: number, row: number): boolean => dot(rows, row * d, rows, row * d, d) > 0;
const isPresent = ({ before, after }: FairnessInput, item: number): boolean =>
  isUnit(before.vectors, before.dimensions, item) && isUnit(after.vectors, after.dimensions, item);

function check({ languages, categories, translations, before, after }: FairnessInput): void {
  const sound = ({ vectors, dimensions: d, bias, translations: rows }: FairnessVectors): boolean =>
    vectors.length === languages.length * d &&
    (!bias || bias.length === languages.length) &&
    (!rows || rows.length === (translations?.length ?? 0) * d);
  if (sound(before) && sound(after) && categories.length === languages.length) return;
  throw new RecommenderError(
    'bad-vector',
    `Vectors before (${before.vectors.length} values) and after (${after.vectors.length}) do not fit ${languages.length} items. Give one row an item in both.`,
  );
}
