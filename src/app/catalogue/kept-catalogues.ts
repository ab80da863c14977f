// The catalogues that are kept on this device. One can be opened again without fetching anything, or deleted after a question.
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Recommender } from '../../client/recommender.ts';
import type { KeptCatalogue } from '../../protocol/engine-api.ts';
import { LocalizedElement } from '../../ui/localized-element.ts';
import { inputs, states } from '../../ui/properties.ts';
import { boxStyles } from '../../ui/theme.ts';
import { dialogStyles, rowListStyles, titleStyles } from '../shared-styles.ts';
import { catalogueName } from './summary-view.ts';

/** Fires `kindred-reopen` with an id, `kindred-failed` with an error. */
export class KeptCatalogues extends LocalizedElement {
  static override properties = { ...inputs('recommender', 'openId'), ...states('list', 'toDelete', 'deleted') };
  static override styles = [
    boxStyles,
    dialogStyles,
    titleStyles,
    rowListStyles,
    css`
      .what {
        flex-basis: 12rem;
      }
      .open {
        color: var(--_accent);
        font-weight: 600;
      }
    `,
  ];

  declare recommender: Recommender | null;
  /** Id of the open catalogue, or null; the list is read again when it changes. */
  declare openId: string | null;
  /** null while it is read. */
  declare list: KeptCatalogue[] | null;
  /** The one that the dialog asks about. */
  declare toDelete: KeptCatalogue | null;
  declare deleted: string;

  constructor() {
    super();
    this.recommender = null;
    this.openId = null;
    this.list = null;
    this.toDelete = null;
    this.deleted = '';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('recommender') || changed.has('openId')) void this.#read();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('toDelete')) return;
    const dialog = this.renderRoot.querySelector('dialog');
    if (this.toDelete) dialog?.showModal();
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
    const { recommender, toDelete } = this;
    this.toDelete = null;
    if (!recommender || !toDelete) return;
    try {
      await recommender.deleteCatalogue(toDelete.id);
      this.deleted = nameOf(toDelete);
      await this.#read();
    } catch (error) {
      this.fail(error);
    }
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('h3')?.focus();
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
            : html`<button type="button" class="reopen" aria-label=${label(localizer.text('openAction'))} @click=${() => this.emit('kindred-reopen', id)}>
                ${localizer.text('openAction')}
              </button>`
        }
        <button
          type="button"
          class="danger"
          aria-label=${label(localizer.text('deleteAction'))}
          @click=${() => {
            this.toDelete = catalogue;
          }}
        >
          ${localizer.text('deleteAction')}
        </button>
      </li>
    `;
  }

  #dialog(): TemplateResult {
    const { localizer, toDelete } = this;
    const close = (): void => {
      this.toDelete = null;
    };
    return html`
      <dialog aria-labelledby="delete-title" aria-describedby="delete-text" @close=${close}>
        <h4 id="delete-title">${localizer.text('deleteTitle', { title: toDelete ? nameOf(toDelete) : '' })}</h4>
        <p id="delete-text">${localizer.text('deleteText')}</p>
        <div class="row">
          <button type="button" autofocus @click=${close}>${localizer.text('cancel')}</button>
          <button type="button" class="danger" @click=${this.#delete}>${localizer.text('deleteAction')}</button>
        </div>
      </dialog>
    `;
  }
}

/** The title; where there is none, a file's name or the end of an address. */
const nameOf = ({ id, title }: KeptCatalogue): string => catalogueName(title || id);

if (!customElements.get('kindred-kept-catalogues')) customElements.define('kindred-kept-catalogues', KeptCatalogues);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-kept-catalogues': KeptCatalogues;
  }
}
