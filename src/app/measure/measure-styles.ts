// The look of the measures: paired bars, tables of numbers, dots with intervals.
import { css } from 'lit';

export const measureStyles = css`
  .row,
  form {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 0.7rem;
    margin-block-end: 0.8rem;
  }
  label {
    display: grid;
    gap: 0.2rem;
  }
  input[type='file'] {
    min-block-size: 44px;
    max-inline-size: 100%;
  }
  .key span::before {
    content: '';
    display: inline-block;
    inline-size: 0.9em;
    block-size: 0.9em;
    margin-inline-end: 0.4em;
    vertical-align: -0.1em;
  }
  .bar.share,
  .key .share::before {
    background: var(--_muted);
  }
  .bar.merit,
  .key .merit::before {
    background: var(--_surface);
    border: 2px solid var(--_muted);
  }
  .bar.before,
  .key .before::before {
    background: repeating-linear-gradient(45deg, var(--_danger) 0 3px, transparent 3px 6px);
    border: 1px solid var(--_danger);
  }
  .bar.after,
  .key .after::before {
    background: var(--_accent);
  }
  table {
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  .exposure {
    inline-size: 100%;
    margin-block-end: 1rem;
  }
  .exposure tr {
    border-block-end: 1px solid var(--_line);
  }
  .exposure tbody th {
    inline-size: 8rem;
    font-weight: 400;
    text-align: start;
    overflow-wrap: anywhere;
  }
  .exposure tbody td {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 3.6rem;
    align-items: center;
    padding: 0;
    font-size: 0.8rem;
  }
  .bar {
    display: block;
    box-sizing: border-box;
    block-size: 0.55rem;
    min-inline-size: 1px;
  }
  .value {
    text-align: end;
  }
  .ndcg .plot {
    min-inline-size: 8rem;
    inline-size: 40%;
  }
  .track {
    display: block;
    position: relative;
    margin-block: 2px;
  }
  .whisker {
    position: absolute;
    inset-block-start: 50%;
    border-block-start: 2px solid var(--_ink);
  }
  .measures th,
  .measures td {
    padding: 0.3rem 0.7rem;
    border-block-end: 1px solid var(--_line);
    text-align: end;
    white-space: nowrap;
  }
  .measures tbody th,
  .measures .text {
    text-align: start;
    white-space: normal;
  }
  figure {
    margin: 0 0 1rem;
    max-inline-size: 36rem;
  }
  .whiskers {
    inline-size: 100%;
    direction: ltr;
  }
  .whiskers text {
    font-size: 10px;
    fill: var(--_ink);
  }
  .whiskers line {
    stroke: var(--_muted);
    stroke-width: 2;
  }
  .whiskers circle {
    fill: var(--_accent);
  }
  @media (forced-colors: active) {
    .bar {
      border: 1px solid CanvasText;
    }
  }
`;
