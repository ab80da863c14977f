// The look of the element around its cards; apart from the class so that each file stays readable.
import { css } from 'lit';

export const widgetStyles = css`
  :host {
    display: block;
  }
  :host([hidden]) {
    display: none;
  }
  /* Cards inherit the property, so that they change with the element. */
  :host([theme='light']) {
    --kindred-color-scheme: light;
  }
  :host([theme='dark']) {
    --kindred-color-scheme: dark;
  }
  .skeleton {
    min-block-size: 20rem;
    border-radius: var(--_radius);
    border: 1px solid var(--_line);
    background: linear-gradient(var(--_sunken) 0 45%, var(--_surface) 45%);
  }
  .loading .skeleton {
    animation: breathe 1.6s ease-in-out infinite alternate;
  }
  @keyframes breathe {
    to {
      opacity: 0.55;
    }
  }
  .error {
    margin: 0;
    padding: 1rem;
    border: 1px solid var(--_danger);
    border-radius: var(--_radius);
    background: var(--_danger-soft);
  }
`;
