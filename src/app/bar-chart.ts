// Counts as horizontal bars: a list of text with a bar in each row. A view without state.
import { css, html, nothing, svg, type TemplateResult } from 'lit';
import type { Localizer } from '../ui/messages/localize.ts';

export interface Bar {
  name: string;
  count: number;
}

/** Rows of a chart. How many more there are is said below it. */
export const BARS_SHOWN = 12;

export const barChartStyles = css`
  .bars {
    display: grid;
    grid-template-columns: fit-content(45%) minmax(3rem, 1fr) max-content;
    align-items: center;
    gap: 0.25rem 0.7rem;
    margin: 0 0 0.6rem;
    padding: 0;
    list-style: none;
    font-size: 0.92rem;
  }
  .bars li {
    display: grid;
    grid-column: 1 / -1;
    grid-template-columns: subgrid;
    align-items: center;
  }
  .bars .name {
    overflow-wrap: anywhere;
  }
  .bars .count {
    color: var(--_muted);
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  .bars svg {
    inline-size: 100%;
    block-size: 0.8rem;
    border-radius: 3px;
    background: var(--_sunken);
  }
  :host(:dir(rtl)) .bars svg {
    transform: scaleX(-1);
  }
  .bars rect {
    fill: var(--_accent);
  }
  @media (forced-colors: active) {
    .bars rect {
      fill: CanvasText;
    }
  }
`;

/** @param bars largest first */
export function barChart(title: string, bars: readonly Bar[], localizer: Localizer): TemplateResult {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const rest = bars.length - BARS_SHOWN;
  return html`
    <ul class="bars" role="list" aria-label=${title}>
      ${bars.slice(0, BARS_SHOWN).map(
        ({ name, count }) => html`
          <li>
            <bdi class="name">${name}</bdi>
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">
              ${svg`<rect width=${(100 * count) / most} height="10" />`}
            </svg>
            <span class="count">${localizer.number(count)}</span>
          </li>
        `,
      )}
    </ul>
    ${rest > 0 ? html`<p class="muted">${localizer.text('barsMore', { count: rest })}</p>` : nothing}
  `;
}
