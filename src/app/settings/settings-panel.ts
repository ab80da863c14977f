// Settings: each choice with what it costs. The panel only says what was chosen; the page does what follows from it.
import { css, html, type TemplateResult } from 'lit';
import type { EncoderChoice, Speed } from '../../protocol/engine-api.ts';
import { controls, panel, tokens } from '../../ui/theme.ts';
import '../../ui/interface-language-menu.ts';
import '../data-panel.ts';
import type { ThemeChoice } from '../saved.ts';
import '../speed-choice.ts';
import { PageElement } from '../page-element.ts';
import { type Choice, choicesStyles, choicesView } from './choices.ts';

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

/** Fires `kindred-encoder`, `kindred-theme` and `kindred-reset`, beside the events of the elements within. */
export class SettingsPanel extends PageElement {
  static override properties = {
    speed: { attribute: false },
    encoder: { attribute: false },
    theme: { attribute: false },
    persisted: { attribute: false },
    erased: { attribute: false },
    wasReset: { state: true },
  };
  static override styles = [
    tokens,
    controls,
    panel,
    choicesStyles,
    css`
      h2.page {
        font-size: clamp(1.35rem, 3vw, 1.7rem);
        margin-block-end: 0.9rem;
      }
      h3 {
        margin: 0 0 0.4rem;
        font: 600 1.1rem/1.3 var(--_serif);
      }
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
  declare erased: boolean;
  declare wasReset: boolean;

  constructor() {
    super();
    this.speed = 'auto';
    this.encoder = 'auto';
    this.theme = 'auto';
    this.persisted = null;
    this.erased = false;
    this.wasReset = false;
  }

  #emit(name: string, detail?: EncoderChoice | ThemeChoice): void {
    this.wasReset = name === 'kindred-reset';
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
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
          ${choicesView('themeTitle', THEME_CHOICES, this.theme, localizer, (choice) => this.#emit('kindred-theme', choice))}
        </section>
        <kindred-speed .speed=${this.speed} .localizer=${localizer}></kindred-speed>
        <section>
          ${choicesView('encoderTitle', ENCODER_CHOICES, this.encoder, localizer, (choice) => this.#emit('kindred-encoder', choice))}
        </section>
        <section>
          <h3>${localizer.text('resetTitle')}</h3>
          <p class="muted">${localizer.text('resetHint')}</p>
          <button type="button" @click=${() => this.#emit('kindred-reset')}>${localizer.text('resetButton')}</button>
          <div role="status">${this.wasReset ? html`<p>${localizer.text('resetDone')}</p>` : ''}</div>
        </section>
        <kindred-data .persisted=${this.persisted} .erased=${this.erased} .localizer=${localizer}></kindred-data>
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
