// The look of the privacy panel.
import { css } from 'lit';

export const privacyStyles = css`
  .figures {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
    gap: 0.7rem;
    margin: 0;
  }
  .figures div {
    padding: 0.6rem 0.8rem;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
  }
  .figures .good {
    background: var(--_accent-soft);
  }
  .bad {
    background: var(--_danger-soft);
  }
  dt {
    font-size: 0.85rem;
  }
  dd {
    margin: 0;
    font-size: 1.7rem;
    font-variant-numeric: tabular-nums;
  }
  .scroll {
    max-block-size: 26rem;
  }
  table {
    inline-size: 100%;
    border-collapse: collapse;
    font-size: 0.88rem;
  }
  th,
  td {
    padding: 0.3rem 0.5rem;
    border-block-end: 1px solid var(--_line);
    text-align: start;
  }
  tbody th {
    font-weight: 400;
    overflow-wrap: anywhere;
    min-inline-size: 11rem;
  }
  .number {
    text-align: end;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .bars {
    display: grid;
    gap: 0.5rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .bars li {
    display: grid;
    grid-template-columns: minmax(8rem, 1fr) minmax(4rem, 2fr) auto;
    gap: 0.7rem;
    align-items: center;
  }
  meter {
    inline-size: 100%;
  }
  @media (width < 30rem) {
    .bars li {
      grid-template-columns: 1fr auto;
    }
    .bars meter {
      grid-row: 2;
      grid-column: 1 / -1;
    }
  }
`;
