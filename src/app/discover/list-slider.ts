// The look of a slider that changes the list: its name, the range, and the value in words. The elements around it keep the value.
import { css, html, type TemplateResult } from 'lit';

export const listSliderStyles = css`
  label {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 0.6rem;
    min-block-size: 44px;
  }
  input {
    flex: 1 1 7rem;
    inline-size: 7rem;
    min-block-size: 24px;
    accent-color: var(--_accent);
  }
  output {
    min-inline-size: 3.5em;
    color: var(--_muted);
  }
`;

export interface ListSlider {
  label: string;
  min: number;
  max: number;
  step: number;
  value: number;
  /** The value as it is read aloud and shown. */
  valueText: string;
  direction: 'ltr' | 'rtl';
  /** @param done false while the slider moves, true when it is let go */
  onMove: (value: number, done: boolean) => void;
}

export function listSlider({ label, min, max, step, value, valueText, direction, onMove }: ListSlider): TemplateResult {
  const moved =
    (done: boolean) =>
    ({ currentTarget }: Event): void => {
      if (currentTarget instanceof HTMLInputElement) onMove(Number(currentTarget.value), done);
    };
  return html`
    <label>
      ${label}
      <input
        type="range"
        min=${min}
        max=${max}
        step=${step}
        dir=${direction}
        aria-valuetext=${valueText}
        .value=${String(value)}
        @input=${moved(false)}
        @change=${moved(true)}
      />
      <output>${valueText}</output>
    </label>
  `;
}
