// The look of the import's forms and of the preview.
import { css } from 'lit';

export const importStyles = css`
  .drop {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.6rem 1rem;
    padding: 1rem;
    border: 2px dashed var(--_control-line);
    border-radius: var(--_radius);
  }
  .drop p {
    flex: 1 1 14rem;
    margin: 0;
  }
  form {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.4rem;
    margin-block-start: 1rem;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem 0.7rem;
  }
  textarea,
  input[type='text'] {
    font: inherit;
    color: inherit;
    padding: 0.5em 0.8em;
    border: 1px solid var(--_control-line);
    border-radius: 10px;
    background: var(--_surface);
    min-inline-size: 0;
    max-inline-size: 100%;
  }
  input[type='text'] {
    flex: 1 1 12rem;
    min-block-size: 44px;
  }
  textarea {
    font-family: ui-monospace, monospace;
    font-size: 0.9rem;
    resize: vertical;
  }
  [aria-invalid='true'] {
    border-color: var(--_danger);
  }
  #address-error {
    margin: 0;
    color: var(--_danger);
  }
  .preview {
    margin-block-start: 1.2rem;
    padding: 1rem;
    border: 1px solid var(--_accent);
    border-radius: var(--_radius);
  }
  #cancel {
    margin-block-start: 0.5rem;
    animation: appear 0s 1s both;
  }
  @keyframes appear {
    from {
      visibility: hidden;
    }
  }
  progress {
    display: block;
    inline-size: 100%;
    accent-color: var(--_accent);
  }
`;
