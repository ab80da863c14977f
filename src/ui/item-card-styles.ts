// The look of a card.
import { css } from 'lit';

export const cardStyles = css`
  :host {
    display: block;
    block-size: 100%;
  }
  article {
    display: flex;
    flex-direction: column;
    block-size: 100%;
    overflow: hidden;
    background: var(--_surface);
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
  }
  .cover {
    position: relative;
    aspect-ratio: 16 / 9;
    color: #fff;
    forced-color-adjust: none;
  }
  .cover svg {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
  }
  .cover-title {
    position: absolute;
    inset-block-end: 0.7rem;
    inset-inline: 1rem;
    max-block-size: 2.5em;
    font: 600 1.25rem/1.25 var(--_serif);
    overflow: hidden;
    overflow-wrap: anywhere;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .body {
    flex: 1;
    padding: 0.8rem 1rem 0.4rem;
    overflow-wrap: anywhere;
  }
  h3 {
    margin: 0;
    font: 600 1.05rem/1.35 var(--_serif);
  }
  h3 a {
    color: inherit;
    text-decoration-thickness: 1px;
    text-underline-offset: 0.18em;
    text-decoration-color: var(--_control-line);
  }
  h3 a:hover {
    color: var(--_accent);
  }
  p {
    margin: 0.2rem 0 0;
  }
  .own-title {
    font-style: italic;
    color: var(--_muted);
  }
  .facts,
  .credit {
    color: var(--_muted);
    font-size: 0.85rem;
  }
  .language {
    color: var(--_accent);
    font-weight: 600;
  }
  .description {
    margin-block-start: 0.5rem;
    font-size: 0.94rem;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 4;
    overflow: hidden;
  }
  .reasons {
    margin-block-start: 0.6rem;
    padding-inline-start: 0.7rem;
    border-inline-start: 3px solid var(--_accent);
    font-size: 0.88rem;
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 0.3rem;
    list-style: none;
    margin: 0.6rem 0 0;
    padding: 0;
  }
  .chips li {
    background: var(--_sunken);
    border-radius: 999px;
    padding: 0.1rem 0.6rem;
    font-size: 0.8rem;
  }
  .actions {
    display: flex;
    gap: 0.4rem;
    padding: 0.5rem 1rem 0.9rem;
  }
  .actions .like {
    flex: 1;
    min-inline-size: 0;
  }
  .actions button:not(.like) {
    padding: 0;
  }
  .action {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .icon {
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.6;
    stroke-linejoin: round;
  }
  [aria-pressed='true'] {
    background: var(--_accent);
    border-color: var(--_accent);
    color: var(--_on-accent);
  }
  [aria-pressed='true']:hover {
    background: var(--_accent);
    filter: brightness(1.12);
  }
  [aria-pressed='true']:not(.hide) .icon {
    fill: currentColor;
  }
  @media (forced-colors: active) {
    [aria-pressed='true'] {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
  }
`;
