// The fairness report as one HTML file that can be mailed or kept: styles and plots are inside, it has no script and fetches
// nothing. Tags and titles come from outside and are escaped.
import { escapeHtml, htmlPage, htmlTable } from '../../src/evaluation/report-html.ts';
import { type BiasInterval, type FairnessSummary, RELEVANCE_TITLES } from './fairness-report.ts';

const STYLE = `:root{--before:#a35a00}
@media(prefers-color-scheme:dark){:root{--before:#ffb566}}
svg{max-width:36rem}svg .quiet{fill:var(--quiet)}
svg .share{fill:var(--line)}svg .after{fill:var(--mark)}svg .whisker{stroke-width:2}svg .whisker.after{stroke:var(--mark)}svg .before{fill:none;stroke:var(--before);stroke-width:2}
`;
const WIDTH = 460;
const LEFT = 70;
const LINE = 26;
/** Languages in a plot at most; the tables have all. */
const MOST_DRAWN = 30;

/** @returns a complete HTML document, in English */
export function fairnessHtml(summary: FairnessSummary): string {
  const { title, languages, measures } = summary;
  const facts: [string, string | number][] = [
    ['Items', summary.items],
    ['Languages', languages.length],
    ['Queries', summary.queries],
    ['Queries by translation', summary.translations],
    ['Correction', `${summary.method}, ${summary.dimensions} dimensions`],
    ['Seed', summary.seed],
    ['Made', summary.createdAt],
  ];
  const biasRows = measures.map(
    ({ title: name, best, before, after, change, queries }) =>
      `<tr><th scope="row">${escapeHtml(name)}<small>${escapeHtml(best)}</small></th>${[before, after, change].map(cell).join('')}<td>${queries}</td></tr>`,
  );
  const exposureRows = languages.map(
    ({ tag, items, catalogueShare, meritShare, exposureBefore, exposureAfter }) =>
      `<tr><th scope="row">${escapeHtml(tag)}</th><td>${items}</td>${[catalogueShare, meritShare, exposureBefore, exposureAfter].map((value) => `<td>${value === null ? '–' : percent(value)}</td>`).join('')}</tr>`,
  );
  const body = [
    `<h2>Bias</h2>${htmlTable('Before and after the correction, with 95 % intervals (bootstrap over queries). The change is on the same queries.', ['Measure', 'before', 'after', 'change', 'queries'], biasRows)}`,
    `<h2>Exposure</h2>${exposurePlot(summary)}`,
    htmlTable(
      'Share of places in the top 10 of all queries, weighted by 1 / log2(1 + rank), against the share of the catalogue and of the items that are relevant to the queries (merit).',
      ['Language', 'items', 'of catalogue', 'merit', 'exposure before', 'exposure after'],
      exposureRows,
    ),
    ...summary.ndcg.map(ndcgSection),
  ];
  return htmlPage({ title, heading: `Fairness of languages: ${title}`, style: STYLE, facts }, body);
}

/** Bar: share of the catalogue. Ring: exposure before. Dot: exposure after. */
function exposurePlot({ languages }: FairnessSummary): string {
  const drawn = languages.slice(0, MOST_DRAWN);
  const most = Math.max(
    1e-9,
    ...drawn.flatMap(({ catalogueShare, exposureBefore, exposureAfter }) => [catalogueShare, exposureBefore, exposureAfter]),
  );
  const x = (share: number): number => LEFT + (share / most) * (WIDTH - LEFT - 12);
  const bottom = drawn.length * LINE + 4;
  const lines = drawn.map(({ tag, catalogueShare, exposureBefore, exposureAfter }, at) => {
    const y = at * LINE + 16;
    return `<text x="4" y="${y + 4}">${escapeHtml(tag)}</text><rect class="share" x="${LEFT}" y="${y - 8}" width="${(x(catalogueShare) - LEFT).toFixed(1)}" height="16"/><circle class="before" cx="${x(exposureBefore).toFixed(1)}" cy="${y}" r="5"/><circle class="after" cx="${x(exposureAfter).toFixed(1)}" cy="${y}" r="4"/>`;
  });
  const axis = `<line class="axis" x1="${LEFT}" x2="${WIDTH - 12}" y1="${bottom}" y2="${bottom}"/><text class="quiet" x="${LEFT}" y="${bottom + 16}">0</text><text class="quiet" x="${WIDTH - 12}" y="${bottom + 16}" text-anchor="end">${percent(most)}</text>`;
  const description = drawn
    .map(
      ({ tag, catalogueShare, exposureBefore, exposureAfter }) =>
        `${tag}: ${percent(catalogueShare)} of the catalogue, ${percent(exposureBefore)} before, ${percent(exposureAfter)} after`,
    )
    .join('; ');
  const note = drawn.length < languages.length ? ` The ${MOST_DRAWN} languages with most items.` : '';
  return `<figure><svg viewBox="0 0 ${WIDTH} ${bottom + 22}" role="img" aria-label="${escapeHtml(`Exposure. ${description}`)}">${lines.join('')}${axis}</svg><figcaption>Bar: share of the catalogue. Ring: exposure before the correction. Dot: after.${note}</figcaption></figure>`;
}

/** Upper line and ring: before. Lower line and dot: after. */
function ndcgSection({ relevance, languages }: FairnessSummary['ndcg'][number]): string {
  const title = RELEVANCE_TITLES[relevance];
  const drawn = languages.slice(0, MOST_DRAWN);
  const x = (value: number): string => (LEFT + Math.min(1, Math.max(0, value)) * (WIDTH - LEFT - 12)).toFixed(1);
  const whisker = ({ mean, low, high }: BiasInterval, y: number, name: string): string => {
    const line = low === null || high === null ? '' : `<line class="whisker ${name}" x1="${x(low)}" x2="${x(high)}" y1="${y}" y2="${y}"/>`;
    return mean === null ? '' : `${line}<circle class="${name}" cx="${x(mean)}" cy="${y}" r="4"/>`;
  };
  const bottom = drawn.length * LINE + 4;
  const lines = drawn.map(({ tag, before, after }, at) => {
    const y = at * LINE + 16;
    return `<text x="4" y="${y + 4}">${escapeHtml(tag)}</text>${whisker(before, y - 5, 'before')}${whisker(after, y + 5, 'after')}`;
  });
  const axis = `<line class="axis" x1="${LEFT}" x2="${WIDTH - 12}" y1="${bottom}" y2="${bottom}"/><text class="quiet" x="${LEFT}" y="${bottom + 16}">0</text><text class="quiet" x="${WIDTH - 12}" y="${bottom + 16}" text-anchor="end">1</text>`;
  const description = drawn.map(({ tag, before, after }) => `${tag}: ${before.mean.toFixed(2)} before, ${after.mean.toFixed(2)} after`).join('; ');
  const rows = languages.map(
    ({ tag, queries, before, after, change }) =>
      `<tr><th scope="row">${escapeHtml(tag)}</th><td>${queries}</td>${[before, after, change].map(cell).join('')}</tr>`,
  );
  return `<h2>${escapeHtml(title)}</h2><figure><svg viewBox="0 0 ${WIDTH} ${bottom + 22}" role="img" aria-label="${escapeHtml(`${title}. ${description}`)}">${lines.join('')}${axis}</svg><figcaption>Ring: before the correction. Dot: after. Lines: 95 % intervals.</figcaption></figure>${htmlTable('With 95 % intervals (bootstrap over queries). The change is on the same queries.', ['Asked in', 'queries', 'before', 'after', 'change'], rows)}`;
}

function cell({ mean, low, high }: BiasInterval): string {
  const range = low === null || high === null ? '' : `<small>${low.toFixed(3)} to ${high.toFixed(3)}</small>`;
  return `<td>${mean?.toFixed(3) ?? '–'}${range}</td>`;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
