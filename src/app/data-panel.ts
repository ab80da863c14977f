// The visitor's hold on what is kept: asking the browser to keep it, and erasing all of it.
import { css, html, nothing, type TemplateResult } from 'lit';
import { controls, dialogs, panel, tokens } from '../ui/theme.ts';
import { PageElement } from './page-element.ts';

export class DataPanel extends PageElement {
  static override properties = {
    /** null: not asked yet. */
    persisted: { attribute: false },
    erased: { attribute: false },
  };
  static override styles = [
    tokens,
    controls,
    panel,
    dialogs,
    css`
      h3,
      h4 {
        margin: 0 0 0.4rem;
        font: 600 1.1rem/1.3 var(--_serif);
      }
      button {
        margin-block-end: 0.3rem;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: 0.6rem;
      }
    `,
  ];

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

  #emit(name: 'kindred-keep' | 'kindred-erase'): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true }));
  }

  #erase(): void {
    this.#dialog?.close();
    this.#emit('kindred-erase');
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
                <button type="button" aria-describedby="keep-reason" @click=${() => this.#emit('kindred-keep')}>
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
