// An evaluation report as one HTML file that can be mailed or kept: styles and plots are inside, it has no script and fetches
// nothing. Every text is escaped, because names of systems and items come from outside.
import type { EvaluationReport, ReportedInterval, ReportedSystem } from './report.ts';

/** For text and for attributes in double quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const PAGE_STYLE = `
:root{color-scheme:light dark;--ink:#1b1e23;--paper:#fff;--quiet:#59616b;--line:#d5d9de;--mark:#1559b3}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--paper:#16181c;--quiet:#a3abb5;--line:#3a4048;--mark:#8ab8ff}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;max-width:60rem;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.2rem;margin-top:2rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;min-width:100%}
caption{text-align:start;color:var(--quiet);padding:.25rem 0}
th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:end}
th:first-child,td:first-child{text-align:start}
small{display:block;color:var(--quiet);font-weight:normal}
figure{margin:1rem 0}figcaption{color:var(--quiet)}
svg{display:block;width:100%;height:auto}
svg text{font:13px system-ui,sans-serif;fill:var(--ink)}svg .axis{stroke:var(--line)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}dt{color:var(--quiet)}dd{margin:0}
`;

/** Of this report alone. */
const STYLE = `th,td{white-space:nowrap}
svg{max-width:30rem}svg .tick{fill:var(--quiet)}svg .bar{stroke:var(--mark);stroke-width:2}svg .dot{fill:var(--mark)}
`;

/**
 * A complete page in English that opens with a heading and a list of facts.
 * @param style CSS beside the common one; @param body HTML
 */
export function htmlPage(
  { title, heading = title, style, facts }: { title: string; heading?: string; style: string; facts: readonly [string, string | number][] },
  body: readonly string[],
): string {
  const list = facts.map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(String(value))}</dd>`).join('');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)}</title><style>${PAGE_STYLE}${style}</style></head>
<body><main><h1>${escapeHtml(heading)}</h1>
<dl>${list}</dl>
${body.filter(Boolean).join('\n')}</main></body></html>
`;
}

/** Fixed decimals; an en dash where a value does not apply. */
function shown(value: number | null, digits = 3): string {
  return value === null ? '–' : value.toFixed(digits);
}

function intervalCell({ mean, low, high }: ReportedInterval): string {
  const range = low === null || high === null ? '' : `<small>${shown(low)} to ${shown(high)}</small>`;
  return `<td>${shown(mean)}${range}</td>`;
}

/** @param rows HTML of each row */
export function htmlTable(caption: string, heads: readonly string[], rows: readonly string[]): string {
  const head = heads.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('');
  // tabindex: it scrolls on a narrow screen and must be reachable by keyboard.
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(caption)}"><table><caption>${escapeHtml(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

const rowHead = (text: string): string => `<th scope="row">${escapeHtml(text)}</th>`;

function metricTable(caption: string, metrics: readonly string[], systems: readonly ReportedSystem[]): string {
  const rows = systems.map(({ title, metrics: values }) => {
    const cells = metrics.map((name) => intervalCell(values[name] ?? { mean: null, low: null, high: null, users: 0 }));
    return `<tr>${rowHead(title)}${cells.join('')}</tr>`;
  });
  return htmlTable(caption, ['System', ...metrics], rows);
}

function listTable({ systems }: EvaluationReport): string {
  const names = Object.keys(systems[0]?.listMetrics ?? {});
  const rows = systems.map(
    ({ title, listMetrics, fitMs, scoreMedianMs, scoreP95Ms }) =>
      `<tr>${rowHead(title)}${names.map((name) => `<td>${shown(listMetrics[name] ?? null)}</td>`).join('')}<td>${shown(fitMs, 0)}</td><td>${shown(scoreMedianMs, 2)}</td><td>${shown(scoreP95Ms, 2)}</td></tr>`,
  );
  return htmlTable(
    'All lists together, and times in milliseconds: fitting, scoring one case (median, 95th percentile).',
    ['System', ...names, 'fit', 'score', 'score p95'],
    rows,
  );
}

function comparisonTable({ comparisons, systems, reference }: EvaluationReport): string {
  const titleOf = new Map(systems.map(({ name, title }) => [name, title]));
  const rows = comparisons.map(
    (one) =>
      `<tr>${rowHead(titleOf.get(one.system) ?? one.system)}<td>${escapeHtml(one.metric)}</td>${intervalCell(one.difference)}<td>${shown(one.p, 4)}</td><td>${shown(one.adjustedP, 4)}</td><td>${one.wins} / ${one.ties} / ${one.losses}</td></tr>`,
  );
  const caption = `Difference from ${titleOf.get(reference) ?? reference} on the same users; p by sign flips, adjusted for the number of systems (Holm); users higher / equal / lower.`;
  return htmlTable(caption, ['System', 'metric', 'difference', 'p', 'adjusted p', 'users'], rows);
}

function languageSection(system: ReportedSystem, k: number): string {
  const rows = system.languages.map(
    (row) =>
      `<tr>${rowHead(row.language)}<td>${row.candidates}</td><td>${row.relevant}</td><td>${row.shown}</td><td>${shown(row.exposureRatio, 2)}</td><td>${shown(row.recall)}</td><td>${shown(row.meanRankShare)}</td></tr>`,
  );
  const caption = `${system.title}: candidates, held-out items and places in the first ${k} by language. Exposure 1: shown as often as its share of the candidates. Mean rank 0: first, 1: last.`;
  return htmlTable(caption, ['Language', 'candidates', 'held out', 'shown', 'exposure', `recall@${k}`, 'mean rank'], rows);
}

const LANGUAGE_METRIC = /^(?:peer|language-|calibration-languages)/;
const LIST_METRIC = /^(?:novelty|similarity|calibration-categories)/;

/** @returns a complete HTML document */
export function reportHtml(report: EvaluationReport): string {
  const { split, systems, metricOrder, title } = report;
  const groups: [string, string, string[]][] = [
    [
      'Accuracy',
      'Mean over users with its 95 % interval. Ranked among all candidates; equal scores count as the mean over all their orders.',
      metricOrder.filter((name) => !LANGUAGE_METRIC.test(name) && !LIST_METRIC.test(name)),
    ],
    [
      'Lists',
      'Novelty in bits, similarity as mean cosine, calibration error in nats (0: the proportions of the history).',
      metricOrder.filter((name) => LIST_METRIC.test(name)),
    ],
    [
      'Languages',
      'PEER 1: relevant items of all languages rank equally high. Language preference ½: none.',
      metricOrder.filter((name) => LANGUAGE_METRIC.test(name)),
    ],
  ];
  const [best, ...others] = systems;
  const plotted = metricOrder.slice(0, 2);
  const facts: [string, string | number][] = [
    ['Split', split.name],
    ['Seed', split.seed],
    ['Users', split.users],
    ['Cases', split.cases],
    ['Users left out', split.leftOutUsers],
    ['Training interactions', split.trainInteractions],
    ['Candidates', split.candidates],
    ['Made', report.createdAt],
  ];
  const body = [
    ...plotted.map((metric) =>
      intervalPlot(
        metric,
        systems.map(({ title: label, metrics }) => ({ label, ...(metrics[metric] ?? { mean: null, low: null, high: null }) })),
      ),
    ),
    ...groups.filter(([, , names]) => names.length > 0).map(([name, caption, names]) => `<h2>${name}</h2>${metricTable(caption, names, systems)}`),
    `<h2>Coverage and times</h2>${listTable(report)}`,
    report.comparisons.length > 0 ? `<h2>Comparisons</h2>${comparisonTable(report)}` : '',
    '<h2>By language</h2>',
    best ? languageSection(best, report.ks[0] ?? 0) : '',
    ...others.map((system) => `<details><summary>${escapeHtml(system.title)}</summary>${languageSection(system, report.ks[0] ?? 0)}</details>`),
    report.leftOut.length > 0
      ? `<h2>Left out</h2><ul>${report.leftOut.map(({ system, reason }) => `<li>${escapeHtml(system)}: ${escapeHtml(reason)}</li>`).join('')}</ul>`
      : '',
  ];
  return htmlPage({ title, style: STYLE, facts }, body);
}

interface PlottedInterval {
  label: string;
  mean: number | null;
  low: number | null;
  high: number | null;
}

const WIDTH = 390;
const LINE = 44;
const MARGIN = 12;

/** A step of 1, 2 or 5 times a power of ten, for about four ticks over `span`. */
export function tickStep(span: number): number {
  const raw = span / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 5].find((one) => one * power >= raw) ?? 10;
  return factor * power;
}

/** Numbers at the edges are aligned inwards, or they would be cut off. */
function anchorOf(x: number): 'start' | 'middle' | 'end' {
  if (x < 2 * MARGIN) return 'start';
  return x > WIDTH - 2 * MARGIN ? 'end' : 'middle';
}

/** Means with intervals as an inline SVG: one line a system, readable without colour and on a narrow screen. */
export function intervalPlot(metric: string, rows: readonly PlottedInterval[]): string {
  const values = rows.flatMap(({ mean, low, high }) => [mean, low, high]).filter((value) => value !== null);
  const least = Math.min(0, ...values);
  const most = Math.max(least + 1e-9, ...values);
  const step = tickStep(most - least);
  const x = (value: number): string => (MARGIN + ((value - least) / (most - least)) * (WIDTH - 2 * MARGIN)).toFixed(1);
  const ticks: number[] = [];
  for (let at = Math.ceil(least / step); at * step <= most * (1 + 1e-9); at++) ticks.push(at * step);
  const bottom = rows.length * LINE + 8;
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  const axis = ticks.map(
    (value) =>
      `<line class="axis" x1="${x(value)}" x2="${x(value)}" y1="4" y2="${bottom}"/><text class="tick" x="${x(value)}" y="${bottom + 15}" text-anchor="${anchorOf(Number(x(value)))}">${value.toFixed(digits)}</text>`,
  );
  const lines = rows.map(({ label, mean, low, high }, at) => {
    const y = at * LINE + 32;
    const text = `<text x="${MARGIN}" y="${y - 12}">${escapeHtml(label)}</text>`;
    if (mean === null) return text;
    const bar = low === null || high === null ? '' : `<line class="bar" x1="${x(low)}" x2="${x(high)}" y1="${y}" y2="${y}"/>`;
    return `${text}${bar}<circle class="dot" cx="${x(mean)}" cy="${y}" r="4"/>`;
  });
  const description = rows
    .map(
      ({ label, mean, low, high }) =>
        `${label}: ${mean?.toFixed(3) ?? 'none'}${low === null || high === null ? '' : `, ${low.toFixed(3)} to ${high.toFixed(3)}`}`,
    )
    .join('; ');
  return `<figure><svg viewBox="0 0 ${WIDTH} ${bottom + 20}" role="img" aria-label="${escapeHtml(`${metric}. ${description}`)}">${axis.join('')}${lines.join('')}</svg><figcaption>${escapeHtml(metric)}: mean and 95 % interval over users.</figcaption></figure>`;
}
