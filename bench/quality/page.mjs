// The page of the quality benchmark, from the reports of `kindred evaluate`. What it says in words is computed from them too.
import { table } from '../lib.mjs';

export const MASKED = 'language-masked';
const ORDER = ['k-fold', 'few-ratings-1', 'few-ratings-2', 'few-ratings-5', 'few-ratings-10', 'cold-items'];
const DIRECTIONS = ['a-to-b', 'b-to-a'];
const METRIC = 'ndcg@10';
/** Systems that know who liked what and nothing of the texts. */
const COLLABORATIVE = ['popularity', 'item-knn', 'ease', 'bpr-mf'];

const intervalOf = (report, name) => report?.systems.find((system) => system.name === name)?.metrics[METRIC];
const cell = (interval) => (interval?.mean == null ? '–' : `${interval.mean.toFixed(3)} [${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}]`);
const titled = (reports, title) => reports.find((report) => report.title === title);
const maskedTitle = (which, direction) => `${MASKED}-${which}-${direction}`;

/** @returns {number | null | undefined} nDCG@10 of one system */
export function meanOf(report, name) {
  return intervalOf(report, name)?.mean;
}

/** Cross-language nDCG@10 over same-language nDCG@10, both directions together, users as weights. @returns {number | null} */
export function maskedRatio(reports, name) {
  const sumOf = (which) =>
    DIRECTIONS.reduce((sum, direction) => {
      const interval = intervalOf(titled(reports, maskedTitle(which, direction)), name);
      return sum + (interval?.mean ?? Number.NaN) * (interval?.users ?? 0);
    }, 0);
  const ratio = sumOf('cross') / sumOf('same');
  return Number.isFinite(ratio) ? ratio : null;
}

/** @returns {string} markdown */
export function qualityPage({ plain, masked, heads, runs, occurrences }) {
  const shown = [...plain].sort((a, b) => placeOf(a) - placeOf(b));
  const parts = [
    `nDCG@10 with its 95 % interval (bootstrap over users), over the full ranking of all candidates; a user is a metapackage, an item a package it pulls in. The shipped projection and its maps were learnt from texts of Debian packages, these among them; no basket was seen. Constants of the product were chosen on these baskets too.`,
  ];
  if (shown.length > 0) parts.push('## Every item in its own text, almost always English', table(rowsOf(shown)), shown.map(detailsOf).join('\n'));
  if (masked.length > 0) parts.push('## Language-masked: a history in languages A, candidates in languages B', ...maskedPart(masked, runs.masked));
  parts.push(...headsPart(heads));
  parts.push('## What it takes', timesOf(runs), '## What the tables say', readingOf(shown, masked, occurrences));
  parts.push(
    'Baselines are in [src/evaluation/baselines](../../src/evaluation/baselines), checked against numpy, scipy and scikit-learn; metrics against ranx (`scripts/fixtures`).',
  );
  return parts.filter(Boolean).join('\n\n');
}

function placeOf({ title }) {
  const place = ORDER.indexOf(title);
  return place < 0 ? ORDER.length : place;
}

function namesOf(reports) {
  return [...new Set(reports.flatMap((report) => report.systems.map(({ name }) => name)))];
}

function rowsOf(reports) {
  return namesOf(reports).map((name) => ({
    system: name,
    ...Object.fromEntries(reports.map((report) => [report.title, cell(intervalOf(report, name))])),
  }));
}

function detailsOf({ title, split, reference, comparisons, leftOut }) {
  const lines = comparisons
    .filter(({ metric }) => metric === METRIC)
    .map(
      ({ system, difference, adjustedP }) => `${system} ${difference.mean.toFixed(3)} (p ${adjustedP < 0.001 ? '< 0.001' : adjustedP.toFixed(3)})`,
    );
  const left = leftOut.length > 0 ? ` Left out: ${leftOut.map(({ system, reason }) => `${system} (${reason})`).join(', ')}` : '';
  return `- **${title}**: ${split.cases} cases of ${split.users} users, ${split.leftOutUsers} with too few items left out, ${split.trainInteractions} interactions to train on, ${split.candidates} candidates. Against ${reference}, Holm-corrected: ${lines.join(', ')}.${left}`;
}

function maskedPart(reports, run) {
  const rows = namesOf(reports).map((name) => {
    const ratio = maskedRatio(reports, name);
    return {
      system: name,
      ...Object.fromEntries(
        DIRECTIONS.flatMap((direction) =>
          ['same', 'cross'].map((which) => [
            `${which}, ${direction.replaceAll('-', ' ')}`,
            cell(intervalOf(titled(reports, maskedTitle(which, direction)), name)),
          ]),
        ),
      ),
      'cross / same': ratio === null ? '–' : `${(100 * ratio).toFixed(0)} %`,
    };
  });
  const cases = DIRECTIONS.map(
    (direction) => `${titled(reports, maskedTitle('cross', direction))?.split.cases ?? 0} ${direction.replaceAll('-', ' ')}`,
  );
  const part = run
    ? `${run.baskets} whole baskets of ${run.ofBaskets} (of those with 12 to 40 items, drawn by the hash of their names), ${run.items} items of ${run.ofItems}: what could be encoded in minutes.`
    : '';
  return [
    `${part} Each item is shown in one language drawn from its own and its translations, each language lies on one side. A user's history is 5 items, the candidates are all items of side B, the relevant ones the same in both columns: *same* has a history from B, *cross* from A. Cases: ${cases.join(', ')}, pooled over five folds of users. Fewer candidates make all values higher than in the first table; compare columns, not tables.`,
    table(rows),
  ];
}

/** @param figures of the benchmark of heads, by name */
function headsPart(figures) {
  const PREFIX = 'heads.mean_embedding_ndcg10_';
  const keys = Object.keys(figures)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length));
  if (keys.length === 0) return [];
  const rows = keys.map((key) => ({
    split: key.replaceAll('_', '-'),
    'mean embedding': figures[`${PREFIX}${key}`].toFixed(3),
    'trained head': figures[`heads.bilinear_ndcg10_${key}`].toFixed(3),
    'p, paired': figures[`heads.bilinear_p_${key}`] < 0.001 ? '< 0.001' : figures[`heads.bilinear_p_${key}`].toFixed(3),
    'head, prior and table blended': figures[`heads.blend_ndcg10_${key}`].toFixed(3),
    'trained head with categories': figures[`heads.categories_ndcg10_${key}`].toFixed(3),
  }));
  return [
    '## Trained heads',
    `Heads trained on each split's training users, as \`kindred train\` makes them; nDCG@10. Language-masked: all 384 baskets, histories of 5 items. Intervals, all systems and how to read them: [heads](heads.md).\n\n${table(rows)}`,
  ];
}

function timesOf(runs) {
  const rows = Object.values(runs)
    .filter(Boolean)
    .map(({ splits, seconds, cpuSeconds, peakMb, load }) => ({
      'kindred evaluate --split': splits,
      'seconds on the clock': seconds,
      'seconds of work': cpuSeconds ?? '–',
      'peak memory of a process, MB': peakMb ?? '–',
      'load of the machine': load.toFixed(1),
    }));
  return rows.length > 0
    ? `${table(rows)}\n\nAll baselines; vectors of a text that is in .cache/vectors are read from there, others are encoded.`
    : '';
}

const percent = (value) => `${(100 * value).toFixed(0)} %`;

function readingOf(shown, masked, { once, items }) {
  const firsts = shown.flatMap((report) => {
    const means = report.systems.map(({ name }) => ({ name, mean: meanOf(report, name) })).filter(({ mean }) => mean != null);
    const best = (systems) => systems.reduce((a, b) => (b.mean > a.mean ? b : a));
    const collaborative = means.filter(({ name }) => COLLABORATIVE.includes(name));
    if (collaborative.length === 0) return [];
    const [all, log] = [best(means), best(collaborative)];
    return `${report.title}: ${all.name} is first with ${all.mean.toFixed(3)}; of the systems that learn from interactions alone ${log.name} is, with ${log.mean.toFixed(3)}`;
  });
  const log = `${once.toLocaleString('en')} of the ${items.toLocaleString('en')} packages with an interaction are in one basket only, of which a system that learns from interactions alone learns little. A shop whose items have hundreds of ratings each is another case; measure your own log (\`kindred evaluate\`).`;
  return [firsts.length > 0 ? `${firsts.join('. ')}.` : '', log, maskedReading(masked)].filter(Boolean).join('\n\n');
}

function maskedReading(masked) {
  const [ratio, words] = ['mean-embedding', 'tfidf-knn'].map((name) => maskedRatio(masked, name));
  if (ratio === null || words === null) return '';
  const above = masked.filter((report) => meanOf(report, 'mean-embedding') > meanOf(report, 'tfidf-knn')).length;
  return `With languages masked, mean embedding keeps ${percent(ratio)} of the value that it has with a history from the candidates' own side, TF-IDF ${percent(words)}. A side holds many languages, so the history of *same* is mixed too and TF-IDF lacks shared words in both columns, but for names. Therefore compare heights as well: mean embedding is above TF-IDF in ${above} of the ${masked.length} columns. A loss smaller than the intervals is not seen here.`;
}
