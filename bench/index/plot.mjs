// The plot of the page: two panels of bars, time to first answer and time of a query, both on a logarithmic axis.
import { median } from '../lib.mjs';

const COLOURS = { own: '#2563eb', scalar: '#9ca3af', approximate: '#d97706', exact: '#a78bfa' };
const LABELS = { own: 'this project', scalar: 'scalar JavaScript', approximate: 'approximate libraries', exact: 'exact libraries' };
const [WIDTH, NAMES, BAR, GAP, TOP] = [960, 270, 18, 8, 70];
const PANEL = (WIDTH - NAMES - 60) / 2;

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const inWords = (ms) => (ms >= 1000 ? `${(ms / 1000).toPrecision(3)} s` : `${ms.toPrecision(3)} ms`);

/** @returns {string} an SVG of one size's rows */
export function drawPlot({ size, rows }) {
  const bars = rows.map((row) => ({ ...row, queryMs: median(row.ms) }));
  const height = TOP + bars.length * (BAR + GAP) + 20;
  const title = `${size.rows.toLocaleString('en')} × ${size.dimensions}: shorter is better, logarithmic`;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12" role="img" aria-label="${escaped(title)}">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="10" y="20" font-size="14" font-weight="bold">${escaped(title)}</text>`,
    ...legend(bars),
    ...panel(bars, NAMES, 'first answer (build + 100 queries)', ({ firstAnswerMs }) => firstAnswerMs),
    ...panel(bars, NAMES + PANEL + 30, 'one query (median)', ({ queryMs }) => queryMs),
    ...bars.map(({ name }, i) => `<text x="${NAMES - 8}" y="${TOP + i * (BAR + GAP) + 13}" text-anchor="end">${escaped(name)}</text>`),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

function legend(bars) {
  const kinds = Object.keys(COLOURS).filter((kind) => bars.some((bar) => bar.kind === kind));
  return kinds.map((kind, i) => {
    const x = 10 + i * 160;
    return `<rect x="${x}" y="30" width="10" height="10" fill="${COLOURS[kind]}"/><text x="${x + 15}" y="39">${LABELS[kind]}</text>`;
  });
}

/** The axis begins below the shortest bar, at a power of ten, so that this bar is visible too. */
function panel(bars, x, title, msOf) {
  const logs = bars.map((bar) => Math.log10(msOf(bar)));
  const from = Math.floor(Math.min(...logs));
  const perDecade = (PANEL - 60) / (Math.max(...logs) - from);
  return [
    `<text x="${x}" y="${TOP - 8}" font-weight="bold">${title}</text>`,
    ...bars.flatMap((bar, i) => {
      const y = TOP + i * (BAR + GAP);
      const width = Math.max(2, (logs[i] - from) * perDecade);
      return [
        `<rect x="${x}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" fill="${COLOURS[bar.kind]}"/>`,
        `<text x="${(x + width + 4).toFixed(1)}" y="${y + 13}">${inWords(msOf(bar))}</text>`,
      ];
    }),
  ];
}
