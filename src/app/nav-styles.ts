// The look of the bar with the links to the panels: below the header, in narrow windows at the foot, where it scrolls sideways.
import { css } from 'lit';

export const navStyles = css`
  .parts {
    position: sticky;
    inset-block-start: 0;
    z-index: 6;
    background: var(--_ground);
    border-block-end: 1px solid var(--_line);
  }
  .parts ul {
    display: flex;
    gap: 0.2rem;
    max-inline-size: 84rem;
    margin: 0 auto;
    padding-block: 0.2rem;
    padding-inline: clamp(0.4rem, 2.4vw, 1.9rem);
    list-style: none;
    overflow-x: auto;
    scrollbar-width: thin;
  }
  .parts li {
    flex: none;
  }
  .parts a {
    display: flex;
    align-items: center;
    gap: 0.45em;
    min-block-size: 44px;
    padding: 0.2rem 0.7rem;
    border-radius: 10px;
    color: var(--_muted);
    text-decoration: none;
    white-space: nowrap;
  }
  .parts a:hover {
    background: var(--_accent-soft);
    color: var(--_ink);
  }
  .parts a:focus-visible {
    outline-offset: -3px;
  }
  .parts a[aria-current] {
    color: var(--_accent);
    font-weight: 600;
    box-shadow: inset 0 -3px var(--_accent);
    border-end-start-radius: 0;
    border-end-end-radius: 0;
  }
  .parts svg {
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.6;
    stroke-linejoin: round;
    stroke-linecap: round;
  }
  .views {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4rem;
  }
  .views a[aria-current] {
    background: var(--_accent);
    border-color: var(--_accent);
    color: var(--_on-accent);
    font-weight: 600;
  }
  .offline {
    margin: 0;
    padding: 0.7rem 1rem;
    border-inline-start: 4px solid var(--_accent);
    border-radius: 6px;
    background: var(--_accent-soft);
  }
  .unloaded {
    padding: 2.5rem 1rem;
    text-align: center;
  }
  .empty .choices {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 0.6rem;
  }
  .button {
    color: inherit;
    text-decoration: none;
  }
  .dragging main {
    outline: 3px dashed var(--_accent);
    outline-offset: -6px;
  }
  @media (max-width: 40rem) and (min-height: 30rem) {
    .parts {
      position: fixed;
      inset: auto 0 0;
      border-block: 1px solid var(--_line);
      border-block-end: 0;
      background: var(--_surface);
    }
    .parts a {
      flex-direction: column;
      justify-content: center;
      gap: 0.1rem;
      min-inline-size: 4.2rem;
      padding: 0.3rem 0.5rem;
      font-size: 0.78rem;
    }
    .parts a[aria-current] {
      box-shadow: inset 0 3px var(--_accent);
      border-radius: 0 0 10px 10px;
    }
    main {
      padding-block-end: 6.5rem;
    }
  }
  @media (max-width: 40rem) and (max-height: 30rem) {
    .parts {
      position: static;
    }
  }
  @media (forced-colors: active) {
    .parts a[aria-current],
    .views a[aria-current] {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
  }
`;
