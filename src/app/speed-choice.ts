// The setting "Speed": four choices with a line each. It only says what was chosen; the page does what follows from it.
import { css, html, type TemplateResult } from 'lit';
import type { Speed } from '../protocol/engine-api.ts';
import { SPEEDS } from '../ui/speeds.ts';
import { controls, panel, tokens } from '../ui/theme.ts';
import { PageElement } from './page-element.ts';
import { type Choice, choicesStyles, choicesView } from './settings/choices.ts';

const TEXTS: Readonly<Record<Speed, Omit<Choice<Speed>, 'value'>>> = {
  auto: { name: 'speedAuto', hint: 'speedAutoHint' },
  quick: { name: 'quickOnly', hint: 'speedQuickHint' },
  'quick-then-refined': { name: 'speedBoth', hint: 'speedBothHint' },
  refined: { name: 'speedRefined', hint: 'speedRefinedHint' },
};
const CHOICES: readonly Choice<Speed>[] = SPEEDS.map((value) => ({ value, ...TEXTS[value] }));

/** Fires `kindred-speed` with the chosen Speed. */
export class SpeedChoice extends PageElement {
  static override properties = {
    speed: { attribute: false },
  };
  static override styles = [
    tokens,
    controls,
    panel,
    choicesStyles,
    css`
      h3 {
        margin: 0 0 0.4rem;
        font: 600 1.1rem/1.3 var(--_serif);
      }
    `,
  ];

  declare speed: Speed;

  constructor() {
    super();
    this.speed = 'auto';
  }

  #choose(speed: Speed): void {
    this.speed = speed;
    this.dispatchEvent(new CustomEvent('kindred-speed', { detail: speed, bubbles: true, composed: true }));
  }

  protected override render(): TemplateResult {
    const { localizer, speed } = this;
    return html`<section>${choicesView('speedTitle', CHOICES, speed, localizer, (choice) => this.#choose(choice))}</section>`;
  }
}

if (!customElements.get('kindred-speed')) customElements.define('kindred-speed', SpeedChoice);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-speed': SpeedChoice;
  }
}
