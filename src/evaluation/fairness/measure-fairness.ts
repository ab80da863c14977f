// How much the language of an item decides whether it is shown, before and after the correction. Items stand in for profiles and
// searches. Measures that need translations are taken where the caller has vectors of them.
import { RecommenderError, throwIfAborted } from '../../base/errors.ts';
import { countBy, groupBy } from '../../base/group-by.ts';
import { createPacer, type Pace } from '../../base/pacer.ts';
import { shuffle } from '../../base/random.ts';
import { dot } from '../../compute/cpu/linear.ts';
import { ndcgByLanguage } from './language-ndcg.ts';
import { addTo, emptyParts, MEASURES, measureQuery, type Pool, poolOf, type QueryNdcg } from './query-bias.ts';
import type { FairnessInput, FairnessReport, FairnessVectors, LanguageBias } from './types.ts';

const MOST_QUERIES = 300;
/** Candidates that are ranked, at most: large catalogues are sampled. */
const MOST_CANDIDATES = 5000;

/**
 * Measures with at most 300 items as queries, and translations of items, among at most 5,000 candidates drawn by `random`.
 * Exposure is compared with the share of the catalogue and with merit, as in Singh and Joachims 2018, "Fairness of exposure in
 * rankings" (arXiv:1802.07281): merit is binary relevance, each query counts the same. Two items are relevant to each other when they share a
 * category. Cost: 2 × (queries + translations) × candidates dot products.
 * @throws bad-vector when sizes do not fit, not-ready with fewer than two vectors, aborted
 */
export async function measureFairness(input: FairnessInput): Promise<FairnessReport> {
  check(input);
  const { languages, after } = input;
  const present = languages.flatMap((_, item) => (isPresent(input, item) ? item : []));
  if (present.length < 2) throw new RecommenderError('not-ready', `Only ${present.length} items have vectors. Wait until more are encoded.`);
  const querySet = drawQueries(input, present);
  const what = 'Measuring fairness';
  throwIfAborted(input.signal, what);
  const total = 2 * querySet.items.length;
  let done = 0;
  const report = (): void => input.onProgress?.({ done, total, unit: 'items' });
  const pace = createPacer({ signal: input.signal, what, onPause: report });
  const step: Pace = () => {
    done++;
    return pace();
  };
  report();
  const first = await measureState(input, 'before', querySet, step);
  const second = await measureState(input, 'after', querySet, step);
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
    queries: querySet.ownText.size,
    translations: first.ndcg.filter(({ relevance }) => relevance === 'translation').length,
  };
}

interface QuerySet {
  pool: Pool;
  /** Items whose own text, translations or both are queries. */
  items: readonly number[];
  /** Items whose own text is a query. */
  ownText: ReadonlySet<number>;
  /** Item → places of its translations in `FairnessInput.translations`. */
  translationsOf: ReadonlyMap<number, number[]>;
}

/** Draws queries and candidates. The queries are always among the candidates. */
function drawQueries(input: FairnessInput, present: readonly number[]): QuerySet {
  const { queries, random, languages } = input;
  const presentSet = new Set(present);
  const chosen = queries && [...new Set(queries)].filter((item) => presentSet.has(item));
  if (chosen?.length === 0) throw new RecommenderError('not-ready', `None of the ${queries?.length} queries has a vector. Encode them first.`);
  const shuffled = shuffle([...present], random);
  const ownText = new Set((chosen ?? shuffled.slice(0, MOST_QUERIES)).slice(0, MOST_CANDIDATES));
  const translationsOf = groupTranslations(input, presentSet);
  const items = [...new Set([...ownText, ...translationsOf.keys()])];
  const rows = [...new Set([...items, ...shuffled])].slice(0, Math.max(MOST_CANDIDATES, items.length));
  return { pool: poolOf(rows, languages), items, ownText, translationsOf };
}

interface MeasuredState {
  bias: LanguageBias;
  /** Language → share; they sum to 1. */
  exposure: Map<string, number>;
  /** Language → share of merit; null where no query has a relevant item. */
  merit: Map<string, number> | null;
  ndcg: QueryNdcg[];
}

async function measureState(
  input: FairnessInput,
  name: 'before' | 'after',
  { pool, items, ownText, translationsOf }: QuerySet,
  step: Pace,
): Promise<MeasuredState> {
  const exposure = new Map<string, number>();
  const merit = new Map<string, number>();
  const totals = emptyParts();
  const ndcg: QueryNdcg[] = [];
  for (const item of items) {
    const texts = { own: ownText.has(item), translations: translationsOf.get(item) ?? [] };
    const { parts, list, relevant, ndcg: measured } = measureQuery(input, input[name], pool, item, texts);
    list.forEach((tag, rank) => {
      increase(exposure, tag, 1 / Math.log2(2 + rank));
    });
    for (const tag of relevant) increase(merit, tag, 1 / relevant.length);
    for (const measure of MEASURES) addTo(totals[measure], parts[measure].sum, parts[measure].weight);
    ndcg.push(...measured);
    input.onQuery?.(name, parts);
    await step();
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

/** Item → places of its translations. Items and translations without vectors are left out. */
function groupTranslations({ translations = [], before, after }: FairnessInput, present: ReadonlySet<number>): Map<number, number[]> {
  const { translations: first } = before;
  const { translations: second } = after;
  if (!first || !second) return new Map();
  const usable = [...translations.keys()].filter(
    (place) =>
      present.has(translations[place]?.item ?? -1) && hasVector(first, before.dimensions, place) && hasVector(second, after.dimensions, place),
  );
  return groupBy(usable, (place) => translations[place]?.item ?? -1);
}

const hasVector = (rows: Float32Array, d: number, row: number): boolean => dot(rows, row * d, rows, row * d, d) > 0;
const isPresent = ({ before, after }: FairnessInput, item: number): boolean =>
  hasVector(before.vectors, before.dimensions, item) && hasVector(after.vectors, after.dimensions, item);

function check({ languages, categories, translations, before, after }: FairnessInput): void {
  const fits = ({ vectors, dimensions: d, bias, translations: rows }: FairnessVectors): boolean =>
    vectors.length === languages.length * d &&
    (!bias || bias.length === languages.length) &&
    (!rows || rows.length === (translations?.length ?? 0) * d);
  if (fits(before) && fits(after) && categories.length === languages.length) return;
  throw new RecommenderError(
    'bad-vector',
    `Vectors before (${before.vectors.length} values) and after (${after.vectors.length}) do not fit ${languages.length} items. Give one row an item in both.`,
  );
}
