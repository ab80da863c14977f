// A slider for the variety of the list.
import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { LocalizedElement } from '../../ui/localized-element.ts';
import { inputs, states } from '../../ui/properties.ts';
import { controls, tokens } from '../../ui/theme.ts';
import { MOST_DIVERSITY } from '../saved.ts';

const STEP_PERCENT = 10;

/** Fires `kindred-diversity` with a λ from 0 to MOST_DIVERSITY when the slider is let go. */
export class VarietySlider extends LocalizedElement {
  static override properties = { ...inputs('diversity'), ...states('percent') };
  static override styles = [
    tokens,
    controls,
    css`
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
    `,
  ];

  /** λ in use. */
  declare diversity: number;
  /** What the slider shows, 0 to 100. It follows every move. */
  declare percent: number;

  constructor() {
    super();
    this.diversity = 0;
    this.percent = 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('diversity')) this.percent = Math.round((100 * this.diversity) / MOST_DIVERSITY);
  }

  #move(event: Event, done: boolean): void {
    if (!(event.currentTarget instanceof HTMLInputElement)) return;
    this.percent = Number(event.currentTarget.value);
    if (!done) return;
    this.diversity = (this.percent / 100) * MOST_DIVERSITY;
    this.emit('kindred-diversity', this.diversity);
  }

  protected override render(): TemplateResult {
    const { localizer, percent } = this;
    return html`
      <label>
        ${localizer.text('variety')}
        <input
          type="range"
          min="0"
          max="100"
          step=${STEP_PERCENT}
          dir=${localizer.direction}
          aria-valuetext=${localizer.percent(percent / 100)}
          .value=${String(percent)}
          @input=${(event: Event) => this.#move(event, false)}
          @change=${(event: Event) => this.#move(event, true)}
        />
        <output>${localizer.percent(percent / 100)}</output>
      </label>
    `;
  }
}

if (!customElements.get('kindred-variety')) customElements.define('kindred-variety', VarietySlider);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-variety': VarietySlider;
  }
}
