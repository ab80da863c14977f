// Horizontal bars with their numbers: a chart that is also a table to a screen reader.
import { css, html, type TemplateResult } from 'lit';

export interface Bar {
  label: string;
  /** 0 to 1 of the full width. */
  share: number;
  /** As it is written. */
  value: string;
}

export const barStyles = css`
  .bars {
    display: grid;
    gap: 0.35rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .bars li {
    display: grid;
    grid-template-columns: minmax(6rem, 11rem) 1fr auto;
    gap: 0.6rem;
    align-items: center;
  }
  .bars .label {
    overflow-wrap: anywhere;
  }
  .bars .track {
    block-size: 0.8rem;
    border-radius: 999px;
    background: var(--_sunken);
    overflow: hidden;
  }
  .bars .fill {
    display: block;
    block-size: 100%;
    background: var(--_accent);
  }
  .bars .value {
    font-variant-numeric: tabular-nums;
    text-align: end;
  }
  @media (forced-colors: active) {
    .bars .fill {
      background: CanvasText;
    }
  }
`;

export function barChart(bars: readonly Bar[]): TemplateResult {
  return html`
    <ul class="bars" role="list">
      ${bars.map(
        ({ label, share, value }) => html`
          <li>
            <span class="label" dir="auto">${label}</span>
            <span class="track" aria-hidden="true"><span class="fill" .style=${`inline-size:${Math.max(0, Math.min(1, share)) * 100}%`}></span></span>
            <span class="value">${value}</span>
          </li>
        `,
      )}
    </ul>
  `;
}
