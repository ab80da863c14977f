// The setting "Speed": four choices with a line each. It only says what was chosen; the page does what follows from it.
import { css, html, LitElement, type TemplateResult } from 'lit';
import type { Speed } from '../protocol/engine-api.ts';
import { englishLocalizer, type Localizer, type MessageKey } from '../ui/messages/localize.ts';
import { SPEEDS } from '../ui/speeds.ts';
import { controls, panel, tokens } from '../ui/theme.ts';

const TEXTS: Readonly<Record<Speed, { name: MessageKey; hint: MessageKey }>> = {
  auto: { name: 'speedAuto', hint: 'speedAutoHint' },
  quick: { name: 'quickOnly', hint: 'speedQuickHint' },
  'quick-then-refined': { name: 'speedBoth', hint: 'speedBothHint' },
  refined: { name: 'speedRefined', hint: 'speedRefinedHint' },
};

/** Fires `kindred-speed` with the chosen Speed. */
export class SpeedChoice extends LitElement {
  static override properties = {
    speed: { attribute: false },
    localizer: { attribute: false },
  };
  static override styles = [
    tokens,
    controls,
    panel,
    css`
      fieldset {
        margin: 0;
        padding: 0;
        border: 0;
        min-inline-size: 0;
      }
      legend {
        padding: 0;
      }
      .choice {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 0 0.6rem;
        padding-block: 0.45rem;
      }
      label {
        cursor: pointer;
      }
      input {
        margin: 0.15rem 0 0;
      }
      .muted {
        grid-column: 2;
        margin: 0;
      }
    `,
  ];

  declare speed: Speed;
  declare localizer: Localizer;

  constructor() {
    super();
    this.speed = 'auto';
    this.localizer = englishLocalizer;
  }

  #choose(speed: Speed): void {
    this.speed = speed;
    this.dispatchEvent(new CustomEvent('kindred-speed', { detail: speed, bubbles: true, composed: true }));
  }

  protected override render(): TemplateResult {
    return html`
      <section>
        <fieldset>
          <legend><h2>${this.localizer.text('speedTitle')}</h2></legend>
          ${SPEEDS.map((speed) => this.#choice(speed))}
        </fieldset>
      </section>
    `;
  }

  #choice(speed: Speed): TemplateResult {
    const { name, hint } = TEXTS[speed];
    return html`
      <div class="choice">
        <input
          type="radio"
          name="speed"
          id=${speed}
          value=${speed}
          aria-describedby="${speed}-hint"
          .checked=${this.speed === speed}
          @change=${() => this.#choose(speed)}
        />
        <label for=${speed}>${this.localizer.text(name)}</label>
        <p class="muted" id="${speed}-hint">${this.localizer.text(hint)}</p>
      </div>
    `;
  }
}

if (!customElements.get('kindred-speed')) customElements.define('kindred-speed', SpeedChoice);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-speed': SpeedChoice;
  }
}
