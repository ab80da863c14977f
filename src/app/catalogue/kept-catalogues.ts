// The catalogues that are kept on this device: opened again without fetching anything, or deleted, which asks first.
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Recommender } from '../../client/recommender.ts';
import type { KeptCatalogue } from '../../protocol/engine-api.ts';
import { controls, dialogs, panel, tokens } from '../../ui/theme.ts';
import { PageElement } from '../page-element.ts';
import { catalogueName } from './summary-view.ts';

/** Fires `kindred-reopen` with an id, `kindred-failed` with an error. */
export class KeptCatalogues extends PageElement {
  static override properties = {
    recommender: { attribute: false },
    /** Id of the open catalogue, or null; the list is read again when it changes. */
    openId: { attribute: false },
    list: { state: true },
    asked: { state: true },
    deleted: { state: true },
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
        overflow-wrap: anywhere;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.4rem 0.6rem;
        padding-block: 0.6rem;
        border-block-start: 1px solid var(--_line);
      }
      li:first-child {
        border: 0;
      }
      .what {
        flex: 1 1 12rem;
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }
      .what bdi {
        display: block;
        font-weight: 500;
      }
      .open {
        color: var(--_accent);
        font-weight: 600;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: 0.6rem;
      }
    `,
  ];

  declare recommender: Recommender | null;
  declare openId: string | null;
  /** null while it is read. */
  declare list: KeptCatalogue[] | null;
  /** The one whose deletion is asked about. */
  declare asked: KeptCatalogue | null;
  declare deleted: string;

  constructor() {
    super();
    this.recommender = null;
    this.openId = null;
    this.list = null;
    this.asked = null;
    this.deleted = '';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('recommender') || changed.has('openId')) void this.#read();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('asked')) return;
    const dialog = this.renderRoot.querySelector('dialog');
    if (this.asked) dialog?.showModal();
    else if (dialog?.open) dialog.close();
  }

  async #read(): Promise<void> {
    const { recommender } = this;
    if (!recommender) return;
    try {
      const list = await recommender.catalogues();
      if (recommender === this.recommender) this.list = list;
    } catch (error) {
      this.list = [];
      this.fail(error);
    }
  }

  async #delete(): Promise<void> {
    const { recommender, asked } = this;
    this.asked = null;
    if (!recommender || !asked) return;
    try {
      await recommender.deleteCatalogue(asked.id);
      this.deleted = nameOf(asked);
      await this.#read();
    } catch (error) {
      this.fail(error);
    }
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('h3')?.focus();
  }

  #reopen(id: string): void {
    this.dispatchEvent(new CustomEvent('kindred-reopen', { detail: id, bubbles: true, composed: true }));
  }

  protected override render(): TemplateResult {
    const { localizer, list, deleted } = this;
    return html`
      <section aria-labelledby="title" aria-busy=${list === null}>
        <h3 id="title" tabindex="-1">${localizer.text('keptTitle')}</h3>
        <div role="status">${deleted ? html`<p>${localizer.text('deleted', { title: deleted })}</p>` : nothing}</div>
        ${
          list && list.length > 0
            ? html`<ul role="list">${list.map((catalogue) => this.#row(catalogue))}</ul>`
            : html`<p class="muted">${localizer.text(list ? 'keptNone' : 'panelLoading')}</p>`
        }
        ${this.#dialog()}
      </section>
    `;
  }

  #row(catalogue: KeptCatalogue): TemplateResult {
    const { localizer, openId } = this;
    const { id, itemCount, ratingCount, importedAtMs } = catalogue;
    const title = nameOf(catalogue);
    const when = new Intl.DateTimeFormat(localizer.tag, { dateStyle: 'medium' }).format(importedAtMs);
    const label = (action: string): string => localizer.text('actionLabel', { action, title });
    return html`
      <li data-catalogue=${id}>
        <span class="what">
          <bdi>${title}</bdi>
          <span class="muted">
            ${localizer.text('itemCount', { count: itemCount })} · ${localizer.text('ratingCount', { count: ratingCount })} ·
            <time datetime=${new Date(importedAtMs).toISOString()}>${when}</time>
          </span>
        </span>
        ${
          id === openId
            ? html`<span class="open">${localizer.text('isOpen')}</span>`
            : html`<button type="button" class="reopen" aria-label=${label(localizer.text('openAction'))} @click=${() => this.#reopen(id)}>
                ${localizer.text('openAction')}
              </button>`
        }
        <button
          type="button"
          class="danger"
          aria-label=${label(localizer.text('deleteAction'))}
          @click=${() => {
            this.asked = catalogue;
          }}
        >
          ${localizer.text('deleteAction')}
        </button>
      </li>
    `;
  }

  #dialog(): TemplateResult {
    const { localizer, asked } = this;
    const close = (): void => {
      this.asked = null;
    };
    return html`
      <dialog aria-labelledby="delete-title" aria-describedby="delete-text" @close=${close}>
        <h4 id="delete-title">${localizer.text('deleteTitle', { title: asked ? nameOf(asked) : '' })}</h4>
        <p id="delete-text">${localizer.text('deleteText')}</p>
        <div class="row">
          <button type="button" autofocus @click=${close}>${localizer.text('cancel')}</button>
          <button type="button" class="danger" @click=${this.#delete}>${localizer.text('deleteAction')}</button>
        </div>
      </dialog>
    `;
  }
}

/** What it is called; a file's name or the end of an address where it has no title. */
const nameOf = ({ id, title }: KeptCatalogue): string => catalogueName(title || id);

if (!customElements.get('kindred-kept-catalogues')) customElements.define('kindred-kept-catalogues', KeptCatalogues);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-kept-catalogues': KeptCatalogues;
  }
}
