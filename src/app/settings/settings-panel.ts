// Settings: each choice with its cost. The panel only says what was chosen; the page acts on it.
import { css, html, type TemplateResult } from 'lit';
import type { EncoderChoice, Speed } from '../../protocol/engine-api.ts';
import { LocalizedElement } from '../../ui/localized-element.ts';
import { SPEEDS } from '../../ui/speeds.ts';
import '../../ui/interface-language-menu.ts';
import '../data-panel.ts';
import { inputs, states } from '../../ui/properties.ts';
import type { ThemeChoice } from '../saved.ts';
import { panelStyles, titleStyles } from '../shared-styles.ts';
import { type Choice, choicesStyles, choicesView } from './choices.ts';

const SPEED_NAMES: Readonly<Record<Speed, Omit<Choice<Speed>, 'value'>>> = {
  auto: { name: 'speedAuto', hint: 'speedAutoHint' },
  quick: { name: 'quickOnly', hint: 'speedQuickHint' },
  'quick-then-refined': { name: 'speedBoth', hint: 'speedBothHint' },
  refined: { name: 'speedRefined', hint: 'speedRefinedHint' },
};
const SPEED_CHOICES: readonly Choice<Speed>[] = SPEEDS.map((value) => ({ value, ...SPEED_NAMES[value] }));

const ENCODER_CHOICES: readonly Choice<EncoderChoice>[] = [
  { value: 'auto', name: 'speedAuto', hint: 'encoderAutoHint' },
  { value: 'webgpu', name: 'encoderWebgpu', hint: 'encoderWebgpuHint' },
  { value: 'wasm', name: 'encoderWasm', hint: 'encoderWasmHint' },
];

const THEME_CHOICES: readonly Choice<ThemeChoice>[] = [
  { value: 'auto', name: 'themeAuto' },
  { value: 'light', name: 'themeLight' },
  { value: 'dark', name: 'themeDark' },
];

/** Fires `kindred-speed`, `kindred-encoder`, `kindred-theme`, `kindred-reset`, and the events of the elements in it. */
export class SettingsPanel extends LocalizedElement {
  static override properties = { ...inputs('speed', 'encoder', 'theme', 'persisted', 'leftovers'), ...states('wasReset') };
  static override styles = [
    panelStyles,
    choicesStyles,
    titleStyles,
    css`
      .boxes {
        columns: 22rem;
        column-gap: 1.2rem;
      }
      .boxes > * {
        break-inside: avoid;
        margin-block-end: 1.2rem;
      }
    `,
  ];

  declare speed: Speed;
  declare encoder: EncoderChoice;
  declare theme: ThemeChoice;
  declare persisted: boolean | null;
  /** What was still there after erasing; null: not erased. */
  declare leftovers: readonly string[] | null;
  declare wasReset: boolean;

  constructor() {
    super();
    this.speed = 'auto';
    this.encoder = 'auto';
    this.theme = 'auto';
    this.persisted = null;
    this.leftovers = null;
    this.wasReset = false;
  }

  #choose(name: string, detail?: Speed | EncoderChoice | ThemeChoice): void {
    this.wasReset = name === 'kindred-reset';
    this.emit(name, detail);
  }

  protected override render(): TemplateResult {
    const { localizer } = this;
    return html`
      <h2 class="page" tabindex="-1">${localizer.text('navSettings')}</h2>
      <div class="boxes">
        <section>
          <h3>${localizer.text('interfaceLanguage')}</h3>
          <p class="muted">${localizer.text('interfaceHint')}</p>
          <kindred-interface-language .localizer=${localizer}></kindred-interface-language>
        </section>
        <section>
          ${choicesView('themeTitle', THEME_CHOICES, this.theme, localizer, (choice) => this.#choose('kindred-theme', choice))}
        </section>
        <section>
          ${choicesView('speedTitle', SPEED_CHOICES, this.speed, localizer, (choice) => this.#choose('kindred-speed', choice))}
        </section>
        <section>
          ${choicesView('encoderTitle', ENCODER_CHOICES, this.encoder, localizer, (choice) => this.#choose('kindred-encoder', choice))}
        </section>
        <section>
          <h3>${localizer.text('resetTitle')}</h3>
          <p class="muted">${localizer.text('resetHint')}</p>
          <button type="button" @click=${() => this.#choose('kindred-reset')}>${localizer.text('resetButton')}</button>
          <div role="status">${this.wasReset ? html`<p>${localizer.text('resetDone')}</p>` : ''}</div>
        </section>
        <kindred-data .persisted=${this.persisted} .erased=${this.leftovers !== null} .localizer=${localizer}></kindred-data>
      </div>
    `;
  }
}

if (!customElements.get('kindred-settings-panel')) customElements.define('kindred-settings-panel', SettingsPanel);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-settings-panel': SettingsPanel;
  }
}
