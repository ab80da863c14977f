// Two buttons for what is kept in the browser: one asks the browser not to delete it, one erases everything.
import { css, html, nothing, type TemplateResult } from 'lit';
import { LocalizedElement } from '../ui/localized-element.ts';
import { inputs } from '../ui/properties.ts';
import { boxStyles } from '../ui/theme.ts';
import { dialogStyles, titleStyles } from './shared-styles.ts';

export class DataPanel extends LocalizedElement {
  static override properties = inputs('persisted', 'erased');
  static override styles = [
    boxStyles,
    dialogStyles,
    titleStyles,
    css`
      button {
        margin-block-end: 0.3rem;
      }
    `,
  ];

  /** Whether the browser agreed to keep the data; null: not asked yet. */
  declare persisted: boolean | null;
  declare erased: boolean;

  constructor() {
    super();
    this.persisted = null;
    this.erased = false;
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  #erase(): void {
    this.#dialog?.close();
    this.emit('kindred-erase');
  }

  protected override render(): TemplateResult {
    const { localizer, persisted } = this;
    return html`
      <section aria-labelledby="title">
        <h3 id="title">${localizer.text('yourData')}</h3>
        <p class="muted">${localizer.text('dataHint')}</p>
        ${
          persisted === true
            ? nothing
            : html`
                <button type="button" aria-describedby="keep-reason" @click=${() => this.emit('kindred-keep')}>
                  ${localizer.text('keepData')}
                </button>
                <p id="keep-reason" class="muted">${localizer.text('keepReason')}</p>
              `
        }
        <div role="status">
          ${persisted === null ? nothing : html`<p>${localizer.text(persisted ? 'keepGranted' : 'keepRefused')}</p>`}
          ${this.erased ? html`<p>${localizer.text('erased')}</p>` : nothing}
        </div>
        <button type="button" class="danger" @click=${() => this.#dialog?.showModal()}>${localizer.text('erase')}</button>
        <dialog aria-labelledby="erase-title" aria-describedby="erase-text">
          <h4 id="erase-title">${localizer.text('eraseTitle')}</h4>
          <p id="erase-text">${localizer.text('eraseText')}</p>
          <div class="row">
            <button type="button" autofocus @click=${() => this.#dialog?.close()}>${localizer.text('cancel')}</button>
            <button type="button" class="danger" @click=${this.#erase}>${localizer.text('erase')}</button>
          </div>
        </dialog>
      </section>
    `;
  }
}

if (!customElements.get('kindred-data')) customElements.define('kindred-data', DataPanel);
