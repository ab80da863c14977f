// Opens a catalogue from a file, from pasted rows or from an address of this site. It is previewed before it is opened.
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Recommender } from '../../client/recommender.ts';
import type { CataloguePreview } from '../../protocol/engine-api.ts';
import { type CategoryNames, NO_CATEGORY_NAMES } from '../../ui/category-names.ts';
import { LocalizedElement } from '../../ui/localized-element.ts';
import { inputs, states } from '../../ui/properties.ts';
import { boxStyles } from '../../ui/theme.ts';
import { type Source, sameOriginUrl } from '../settings.ts';
import { titleStyles } from '../shared-styles.ts';
import { importStyles } from './import-styles.ts';
import { cancelView, loadingView, previewView } from './preview-view.ts';
import { catalogueName, summaryStyles } from './summary-view.ts';

interface Chosen {
  source: Source;
  name: string;
  /** null while it is read. */
  preview: CataloguePreview | null;
}

/** Fires `kindred-open` with the source, `kindred-failed` with an error. */
export class ImportPanel extends LocalizedElement {
  static override properties = { ...inputs('recommender', 'categoryNames', 'droppedFile', 'demoUrl', 'openId'), ...states('chosen', 'foreign') };
  static override styles = [boxStyles, titleStyles, summaryStyles, importStyles];

  declare recommender: Recommender | null;
  declare categoryNames: CategoryNames;
  /** A file that was dropped elsewhere on the page. */
  declare droppedFile: File | null;
  declare demoUrl: string;
  /** Id of the open catalogue, or null. */
  declare openId: string | null;
  declare chosen: Chosen | null;
  /** The given address belongs to another site, or is not an address. */
  declare foreign: boolean;
  /** Ends the preview that is being read. */
  #abort = new AbortController();

  constructor() {
    super();
    this.recommender = null;
    this.categoryNames = NO_CATEGORY_NAMES;
    this.droppedFile = null;
    this.demoUrl = '';
    this.openId = null;
    this.chosen = null;
    this.foreign = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort.abort(); // a preview is shown here only
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('droppedFile') && this.droppedFile) this.#choose(this.droppedFile, this.droppedFile.name);
    else if (changed.has('recommender') && this.chosen?.preview === null) void this.#preview(this.chosen);
  }

  #choose(source: Source, name: string): void {
    this.chosen = { source, name, preview: null };
    this.foreign = false;
    void this.#preview(this.chosen);
  }

  /** A file that is chosen before there is a recommender is read when there is one. */
  async #preview(chosen: Chosen): Promise<void> {
    const { recommender } = this;
    if (!recommender) return;
    const { source } = chosen;
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    try {
      const preview = await recommender.previewCatalogue(source, { signal });
      if (this.chosen !== chosen) return; // discarded, or another one was chosen
      this.chosen = { ...chosen, preview };
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>('#preview-title')?.focus();
    } catch (error) {
      if (this.chosen !== chosen || signal.aborted) return;
      this.chosen = null;
      this.fail(error);
    }
  }

  #open(source: Source): void {
    this.#abort.abort();
    this.chosen = null;
    this.emit<Source>('kindred-open', source);
  }

  readonly #discard = (): void => {
    this.#abort.abort();
    this.chosen = null;
    this.renderRoot.querySelector<HTMLElement>('#choose')?.focus();
  };

  #chooseFile(event: Event): void {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    if (file) this.#choose(file, file.name);
    input.value = ''; // the same file may be chosen again after a correction
  }

  #paste(event: Event): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = String(form.get('rows') ?? '');
    const name = String(form.get('name') ?? '').trim() || 'pasted';
    if (text.trim() !== '') this.#choose(new File([text], name), name);
  }

  #address(event: Event): void {
    event.preventDefault();
    const wanted = String(new FormData(event.currentTarget as HTMLFormElement).get('address') ?? '').trim();
    const url = sameOriginUrl(wanted, document.baseURI);
    this.foreign = wanted !== '' && url === undefined;
    if (url !== undefined) this.#choose(url, catalogueName(url));
  }

  protected override render(): TemplateResult {
    const { localizer, chosen, categoryNames } = this;
    return html`
      <section aria-labelledby="title">
        <h3 id="title">${localizer.text('ownCatalogue')}</h3>
        ${this.#file()} ${this.#rows()} ${this.#addressForm()}
        <div aria-live="polite">${chosen && !chosen.preview ? loadingView(chosen.name, localizer) : nothing}</div>
        ${chosen && !chosen.preview ? cancelView(localizer, this.#discard) : nothing}
        ${
          chosen?.preview
            ? previewView(
                { ...chosen.preview, name: chosen.name },
                { localizer, categoryNames, onOpen: () => this.#open(chosen.source), onDiscard: this.#discard },
              )
            : nothing
        }
      </section>
    `;
  }

  #file(): TemplateResult {
    const { localizer, openId, demoUrl } = this;
    return html`
      <div class="drop">
        <p>${localizer.text('ownHint')}</p>
        <button id="choose" type="button" class="primary" @click=${() => this.renderRoot.querySelector<HTMLInputElement>('input[type=file]')?.click()}>
          ${localizer.text('chooseFile')}
        </button>
        <input
          hidden
          type="file"
          accept=".csv,.tsv,.ndjson,.jsonl,.json,text/csv,application/json,application/x-ndjson"
          aria-label=${localizer.text('chooseFile')}
          @change=${this.#chooseFile}
        />
        ${openId === demoUrl ? nothing : html`<button id="demo" type="button" @click=${() => this.#open(demoUrl)}>${localizer.text('backToDemo')}</button>`}
      </div>
    `;
  }

  #rows(): TemplateResult {
    const { localizer } = this;
    return html`
      <form id="paste" @submit=${this.#paste}>
        <label for="rows">${localizer.text('pasteLabel')}</label>
        <textarea id="rows" name="rows" rows="4" dir="auto" spellcheck="false" autocomplete="off" placeholder="id,language,title,description"></textarea>
        <div class="row">
          <label for="name">${localizer.text('pasteName')}</label>
          <input id="name" name="name" type="text" dir="auto" autocomplete="off" maxlength="80" />
          <button type="submit">${localizer.text('preview')}</button>
        </div>
      </form>
    `;
  }

  #addressForm(): TemplateResult {
    const { localizer, foreign } = this;
    return html`
      <form id="by-address" @submit=${this.#address}>
        <label for="address">${localizer.text('urlLabel')}</label>
        <div class="row">
          <input
            id="address"
            name="address"
            type="text"
            inputmode="url"
            dir="ltr"
            autocomplete="off"
            placeholder="catalogues/items.csv"
            aria-invalid=${foreign}
            aria-describedby="address-error"
          />
          <button type="submit">${localizer.text('preview')}</button>
        </div>
        <p id="address-error" role="alert">${foreign ? localizer.text('urlForeign', { origin: location.origin }) : nothing}</p>
      </form>
    `;
  }
}

if (!customElements.get('kindred-import')) customElements.define('kindred-import', ImportPanel);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-import': ImportPanel;
  }
}
