// Design tokens and shared controls. Colours are custom properties, so that an embedding site can set them.
import { css } from 'lit';

/** Light and dark; every text colour has a contrast of at least 4.5 : 1 on its background (WCAG 2.2 AA). */
export const tokens = css`
  :host {
    --_ground: var(--kindred-ground, light-dark(#f7f4ee, #171715));
    --_surface: var(--kindred-surface, light-dark(#fffefb, #21211e));
    --_sunken: var(--kindred-sunken, light-dark(#ece7dd, #2c2c28));
    --_ink: var(--kindred-ink, light-dark(#23211d, #efebe3));
    --_muted: var(--kindred-muted, light-dark(#5d584e, #b3ada1));
    --_line: var(--kindred-line, light-dark(#d8d1c3, #3d3c37));
    --_control-line: var(--kindred-control-line, light-dark(#857d6f, #8b8579));
    --_accent: var(--kindred-accent, light-dark(#14594a, #86d3bb));
    --_on-accent: var(--kindred-on-accent, light-dark(#ffffff, #10261f));
    --_accent-soft: var(--kindred-accent-soft, light-dark(#d8ebe3, #22403a));
    --_danger: var(--kindred-danger, light-dark(#9c2f1f, #ffab9a));
    --_danger-soft: var(--kindred-danger-soft, light-dark(#fbe6e1, #43231d));
    --_radius: var(--kindred-radius, 14px);
    --_sans: var(--kindred-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif);
    --_serif: var(
      --kindred-title-font,
      'Iowan Old Style',
      'Palatino Linotype',
      Palatino,
      'Noto Serif',
      Georgia,
      'Liberation Serif',
      serif
    );
    color-scheme: var(--kindred-color-scheme, light dark);
    color: var(--_ink);
    font-family: var(--_sans);
    line-height: 1.5;
  }
`;

export const controls = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  button,
  select,
  input,
  summary {
    font: inherit;
    color: inherit;
  }
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.4em;
    min-block-size: 44px;
    min-inline-size: 44px;
    padding: 0.3em 0.9em;
    border: 1px solid var(--_control-line);
    border-radius: 999px;
    background: var(--_surface);
    cursor: pointer;
    transition: background-color 120ms;
  }
  button:hover,
  .button:hover {
    background: var(--_accent-soft);
  }
  button.primary {
    background: var(--_accent);
    border-color: var(--_accent);
    color: var(--_on-accent);
    font-weight: 600;
  }
  button.primary:hover {
    filter: brightness(1.12);
  }
  button.danger {
    border-color: var(--_danger);
    color: var(--_danger);
  }
  button.danger:hover {
    background: var(--_danger-soft);
  }
  button:disabled {
    opacity: 0.6;
    cursor: default;
  }
  select,
  input[type='search'] {
    min-block-size: 44px;
    padding: 0.3em 0.9em;
    border: 1px solid var(--_control-line);
    border-radius: 999px;
    background: var(--_surface);
    max-inline-size: 100%;
  }
  input[type='checkbox'],
  input[type='radio'] {
    inline-size: 1.2em;
    block-size: 1.2em;
    accent-color: var(--_accent);
    flex: none;
  }
  a {
    color: var(--_accent);
  }
  :focus-visible {
    outline: 3px solid var(--_accent);
    outline-offset: 2px;
  }
  summary {
    cursor: pointer;
    min-block-size: 40px;
    padding-block: 0.5em;
  }
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
    min-inline-size: 0;
  }
  legend {
    padding: 0;
  }
  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (forced-colors: active) {
    button.primary {
      color: ButtonText;
      background: ButtonFace;
      border: 2px solid ButtonText;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      transition: none !important;
      animation: none !important;
      scroll-behavior: auto !important;
    }
  }
`;

/** An element that is a box with a title. */
export const boxStyles = [
  tokens,
  controls,
  css`
    :host {
      display: block;
    }
    section {
      background: var(--_surface);
      border: 1px solid var(--_line);
      border-radius: var(--_radius);
      padding: 1rem 1.1rem;
    }
    h2 {
      margin: 0 0 0.4rem;
      font: 600 1.1rem/1.3 var(--_serif);
    }
    p {
      margin: 0 0 0.7rem;
    }
    .muted {
      color: var(--_muted);
      font-size: 0.92rem;
    }
  `,
];
