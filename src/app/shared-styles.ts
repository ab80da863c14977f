// Styles that several elements of the page share.
import { css } from 'lit';
import { boxStyles } from '../ui/theme.ts';

/** A panel: boxes under one large heading. */
export const panelStyles = [
  boxStyles,
  css`
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 1.2rem;
    }
    h2.page {
      margin: 0;
      font-size: clamp(1.35rem, 3vw, 1.7rem);
    }
    h3 {
      margin-block: 0 0.4rem;
    }
    .row {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0.6rem;
    }
    .scroll {
      overflow-x: auto;
    }
  `,
];

/** Titles within a box, in the typeface of its first title. */
export const titleStyles = css`
  h3,
  h4 {
    margin: 0 0 0.4rem;
    font: 600 1.1rem/1.3 var(--_serif);
    overflow-wrap: anywhere;
  }
`;

/** The heading of a list of cards. */
export const listHeadingStyles = css`
  h2 {
    margin: 0;
    font: 600 clamp(1.35rem, 3vw, 1.7rem)/1.25 var(--_serif);
  }
`;

/** A list of rows: what it is, and buttons at the end. */
export const rowListStyles = css`
  ul {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.4rem 0.6rem;
    padding-block: 0.5rem;
    border-block-start: 1px solid var(--_line);
  }
  li:first-child {
    border: 0;
  }
  .what {
    flex: 1 1 0;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .what bdi {
    display: block;
    font-weight: 500;
  }
`;

/** Stands where a list would be. */
export const emptyStyles = css`
  .empty {
    padding: 2.5rem 1rem;
    text-align: center;
    border: 1px dashed var(--_line);
    border-radius: var(--_radius);
    color: var(--_muted);
  }
`;

/** A question that is asked before something is lost. */
export const dialogStyles = css`
  dialog {
    max-inline-size: min(28rem, calc(100vw - 2rem));
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_ink);
    padding: 1.2rem 1.4rem;
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 0.5);
  }
  dialog .row {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 0.6rem;
  }
`;
