// Means with intervals as an inline SVG: one line a system, one axis, readable without colour and on a narrow screen.

export interface PlottedInterval {
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

/** Numbers at the edges are set inwards, or they would be cut off. */
function anchorOf(x: number): 'start' | 'middle' | 'end' {
  if (x < 2 * MARGIN) return 'start';
  return x > WIDTH - 2 * MARGIN ? 'end' : 'middle';
}

/** @param escapeText makes text safe inside HTML */
export function intervalPlot(metric: string, rows: readonly PlottedInterval[], escapeText: (text: string) => string): string {
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
    const text = `<text x="${MARGIN}" y="${y - 12}">${escapeText(label)}</text>`;
    if (mean === null) return text;
    const bar = low === null || high === null ? '' : `<line class="bar" x1="${x(low)}" x2="${x(high)}" y1="${y}" y2="${y}"/>`;
    return `${text}${bar}<circle class="dot" cx="${x(mean)}" cy="${y}" r="4"/>`;
  });
  const said = rows
    .map(
      ({ label, mean, low, high }) =>
        `${label}: ${mean?.toFixed(3) ?? 'none'}${low === null || high === null ? '' : `, ${low.toFixed(3)} to ${high.toFixed(3)}`}`,
    )
    .join('; ');
  return `<figure><svg viewBox="0 0 ${WIDTH} ${bottom + 20}" role="img" aria-label="${escapeText(`${metric}. ${said}`)}">${axis.join('')}${lines.join('')}</svg><figcaption>${escapeText(metric)}: mean and 95 % interval over users.</figcaption></figure>`;
}
