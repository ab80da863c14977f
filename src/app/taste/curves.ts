// Training curves: loss, learning rate and held-out nDCG over the steps, drawn by uPlot, with the same numbers as a table.
import { css, html, type PropertyValues, type TemplateResult, unsafeCSS } from 'lit';
import uPlot from 'uplot';
import uPlotCss from 'uplot/dist/uPlot.min.css?inline';
import type { TrainingPoint } from '../../protocol/engine-api.ts';
import { LocalizedElement } from '../../ui/localized-element.ts';
import { inputs } from '../../ui/properties.ts';
import { controls, tokens } from '../../ui/theme.ts';
import { download } from '../download.ts';
import { headRow } from '../table-head.ts';
import { pointsAsCsv, pointsAsJson } from './points.ts';

const HEIGHT = 220;
/** Rows of the table: only every n-th step is shown. */
const TABLE_ROWS = 20;

export class TrainingCurves extends LocalizedElement {
  static override properties = inputs('points');
  static override styles = [
    unsafeCSS(uPlotCss),
    tokens,
    controls,
    css`
      :host {
        display: block;
      }
      #plot {
        min-block-size: ${HEIGHT}px;
        direction: ltr;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 0.6rem;
        margin-block: 0.6rem;
      }
      .key::before {
        content: '';
        display: inline-block;
        inline-size: 1.4em;
        block-size: 0;
        margin-inline-end: 0.4em;
        vertical-align: middle;
        border-block-start: 3px solid var(--_accent);
      }
      .key.ndcg::before {
        border-block-start: 3px dashed var(--_ink);
      }
      .key.rate::before {
        border-block-start: 2px dotted var(--_muted);
      }
      table {
        border-collapse: collapse;
        font-size: 0.9rem;
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        padding: 0.2rem 0.7rem;
        border-block-end: 1px solid var(--_line);
        text-align: end;
      }
    `,
  ];

  declare points: readonly TrainingPoint[];
  #plot: uPlot | undefined;
  #sizes: ResizeObserver | undefined;

  constructor() {
    super();
    this.points = [];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes?.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const box = this.renderRoot.querySelector<HTMLElement>('#plot');
    if (!box || this.points.length === 0) return;
    // The box is a new element after a time without points.
    if (this.#plot?.root.parentElement !== box || changed.has('localizer')) this.#draw(box);
    else this.#plot.setData(this.#data());
  }

  #data(): uPlot.AlignedData {
    const { points } = this;
    return [
      points.map(({ step }) => step),
      points.map(({ loss }) => loss),
      points.map(({ heldOutNdcg }) => heldOutNdcg),
      points.map(({ learningRate }) => learningRate),
    ];
  }

  #draw(box: HTMLElement): void {
    this.#plot?.destroy();
    const { localizer } = this;
    const style = getComputedStyle(this);
    const colour = (name: string): string => style.getPropertyValue(name).trim() || style.color;
    const probe = (property: string): string => this.#resolved(box, property) || colour(property);
    const [ink, muted, line, accent] = ['--_ink', '--_muted', '--_line', '--_accent'].map(probe) as [string, string, string, string];
    const axis = (label: string, scale: string, more: Partial<uPlot.Axis> = {}): uPlot.Axis => ({
      label,
      scale,
      stroke: muted,
      grid: { stroke: line },
      ticks: { stroke: line },
      ...more,
    });
    this.#plot = new uPlot(
      {
        width: Math.max(240, box.clientWidth),
        height: HEIGHT,
        legend: { show: false },
        scales: { x: { time: false } },
        axes: [
          axis(localizer.text('curveStep'), 'x'),
          axis(localizer.text('curveLoss'), 'y'),
          axis(localizer.text('curveNdcg'), 'ndcg', { side: 1, grid: { show: false } }),
        ],
        series: [
          {},
          { label: localizer.text('curveLoss'), scale: 'y', stroke: accent, width: 2 },
          {
            label: localizer.text('curveNdcg'),
            scale: 'ndcg',
            stroke: ink,
            width: 2,
            dash: [6, 4],
            spanGaps: true,
            points: { show: true, size: 6, fill: ink },
          },
          { label: localizer.text('curveRate'), scale: 'rate', stroke: muted, width: 1, dash: [2, 3] },
        ],
      },
      this.#data(),
      box,
    );
    this.#sizes?.disconnect();
    this.#sizes = new ResizeObserver(() => this.#plot?.setSize({ width: Math.max(240, box.clientWidth), height: HEIGHT }));
    this.#sizes.observe(box);
  }

  /** The computed colour: a canvas does not understand `light-dark(…)`. */
  #resolved(box: HTMLElement, property: string): string {
    const probe = document.createElement('span');
    probe.style.color = `var(${property})`;
    box.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  }

  protected override render(): TemplateResult {
    const { localizer, points } = this;
    if (points.length === 0) return html`<p class="muted">${localizer.text('curvesNone')}</p>`;
    const every = Math.ceil(points.length / TABLE_ROWS);
    const rows = points.filter((point, at) => at % every === 0 || at === points.length - 1 || point.heldOutNdcg !== null).slice(-3 * TABLE_ROWS);
    const number = (value: number | null): string => (value === null ? '–' : localizer.number(value, { maximumSignificantDigits: 4 }));
    return html`
      <div id="plot" role="img" aria-label=${localizer.text('curvesTitle')}></div>
      <div class="row" aria-hidden="true">
        <span class="key">${localizer.text('curveLoss')}</span>
        <span class="key ndcg">${localizer.text('curveNdcg')}</span>
        <span class="key rate">${localizer.text('curveRate')}</span>
      </div>
      <div class="row">
        <button type="button" @click=${() => download('training.csv', pointsAsCsv(points), 'text/csv')}>${localizer.text('curveCsv')}</button>
        <button type="button" @click=${() => download('training.json', pointsAsJson(points), 'application/json')}>${localizer.text('curveJson')}</button>
      </div>
      <details>
        <summary>${localizer.text('curveTable')}</summary>
        <table>
          <thead>${headRow(['curveStep', 'curveLoss', 'curveNdcg', 'curveRate'], localizer)}</thead>
          <tbody>
            ${rows.map(
              ({ step, loss, heldOutNdcg, learningRate }) => html`
                <tr>
                  <th scope="row">${localizer.number(step)}</th>
                  <td>${number(loss)}</td>
                  <td>${number(heldOutNdcg)}</td>
                  <td>${number(learningRate)}</td>
                </tr>
              `,
            )}
          </tbody>
        </table>
      </details>
    `;
  }
}

if (!customElements.get('kindred-curves')) customElements.define('kindred-curves', TrainingCurves);
