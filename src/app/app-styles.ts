// Layout and look of the page around its panels.
import { css } from 'lit';

export const appStyles = css`
  :host {
    display: block;
    min-block-size: 100vh;
    background: var(--_ground);
  }
  .skip {
    position: absolute;
    inset-inline-start: 1rem;
    inset-block-start: -10rem;
    z-index: 10;
    background: var(--_surface);
  }
  .skip:focus {
    inset-block-start: 1rem;
  }
  header,
  main {
    max-inline-size: 84rem;
    margin-inline: auto;
    padding-inline: clamp(1rem, 3vw, 2.5rem);
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.4rem 1.5rem;
    padding-block: 1.2rem 0.8rem;
  }
  h1 {
    display: flex;
    align-items: center;
    gap: 0.45em;
    margin: 0;
    font: 600 clamp(1.7rem, 4vw, 2.3rem)/1.2 var(--_serif);
    letter-spacing: -0.01em;
  }
  h1 svg {
    inline-size: 1.3em;
    block-size: 1em;
    flex: none;
  }
  h1 .one {
    fill: var(--_accent);
  }
  h1 .two {
    fill: light-dark(#d9822b, #f0a458);
    opacity: 0.85;
  }
  .tagline {
    flex: 1 1 100%;
    margin: 0;
    max-inline-size: 90ch;
    color: var(--_muted);
  }
  main {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1.4rem;
    padding-block: 1.2rem 3rem;
  }
  [data-part='discover'] {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1.4rem;
  }
  .content,
  aside {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    gap: 1.4rem;
  }
  @media (min-width: 64rem) {
    [data-part='discover'] {
      grid-template-columns: minmax(0, 1fr) 20rem;
    }
  }
  form {
    display: flex;
    gap: 0.5rem;
  }
  form input {
    flex: 1;
    min-inline-size: 0;
  }
  .heading {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.4rem 1rem;
    margin-block-end: 0.8rem;
  }
  .heading > div {
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .heading p {
    margin: 0.1rem 0 0;
  }
  .muted {
    color: var(--_muted);
  }
  .list-choices {
    display: flex;
    flex-wrap: wrap;
    align-items: start;
    gap: 0.4rem 1.2rem;
  }
  @media (max-width: 40rem) {
    .list-choices,
    .list-choices > * {
      flex: 1 1 100%;
    }
  }
  [role='alert']:empty,
  main > [role='status']:empty {
    position: absolute; /* stays in the document, so that its first message is announced, but takes no place in the grid */
  }
  .alert {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-start;
    gap: 0.5rem 1rem;
    padding: 0.9rem 1.1rem;
    border: 1px solid var(--_danger);
    border-radius: var(--_radius);
    background: var(--_danger-soft);
  }
  .alert div {
    flex: 1 1 16rem;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .alert p {
    margin: 0.2rem 0 0;
  }
`;
