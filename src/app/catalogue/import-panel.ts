// Bringing in a catalogue of one's own: a file, pasted rows or an address of this site. What it holds is shown before it is opened.
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Recommender } from '../../client/recommender.ts';
import type { CataloguePreview } from '../../protocol/engine-api.ts';
import { type CategoryNames, NO_CATEGORY_NAMES } from '../../ui/category-names.ts';
import { controls, panel, tokens } from '../../ui/theme.ts';
import { PageElement } from '../page-element.ts';
import { type Source, sameOriginUrl } from '../settings.ts';
import { importStyles } from './import-styles.ts';
import { cancelView, loadingView, previewView } from './preview-view.ts';
import { catalogueName, summaryStyles } from './summary-view.ts';

interface Looking {
  source: Source;
  name: string;
  /** null while it is read. */
  preview: CataloguePreview | null;
}

/** Fires `kindred-open` with the source, `kindred-failed` with an error. */
export class ImportPanel extends PageElement {
  static override properties = {
    recommender: { attribute: false },
    categoryNames: { attribute: false },
    /** A file that was dropped elsewhere on the page. */
    droppedFile: { attribute: false },
    demoUrl: { attribute: false },
    /** Id of the open catalogue, or null. */
    openId: { attribute: false },
    looking: { state: true },
    foreign: { state: true },
  };
  static override styles = [tokens, controls, panel, summaryStyles, importStyles];

  declare recommender: Recommender | null;
  declare categoryNames: CategoryNames;
  declare droppedFile: File | null;
  declare demoUrl: string;
  declare openId: string | null;
  declare looking: Looking | null;
  /** The address that was given is of another site, or none. */
  declare foreign: boolean;
  /** Ends the look that is under way. */
  #abort = new AbortController();

  constructor() {
    super();
    this.recommender = null;
    this.categoryNames = NO_CATEGORY_NAMES;
    this.droppedFile = null;
    this.demoUrl = '';
    this.openId = null;
    this.looking = null;
    this.foreign = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort.abort(); // what is read here is shown here only
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('droppedFile') && this.droppedFile) this.#look(this.droppedFile, this.droppedFile.name);
    else if (changed.has('recommender') && this.looking?.preview === null) void this.#preview(this.looking);
  }

  #look(source: Source, name: string): void {
    this.looking = { source, name, preview: null };
    this.foreign = false;
    void this.#preview(this.looking);
  }

  /** A file that is chosen before the recommender is there waits for it. */
  async #preview(looking: Looking): Promise<void> {
    const { recommender } = this;
    if (!recommender) return;
    const { source } = looking;
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    try {
      const preview = await recommender.previewCatalogue(source, { signal });
      if (this.looking !== looking) return; // discarded, or another one was chosen
      this.looking = { ...looking, preview };
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>('#preview-title')?.focus();
    } catch (error) {
      if (this.looking !== looking || signal.aborted) return;
      this.looking = null;
      this.fail(error);
    }
  }

  #open(source: Source): void {
    this.#abort.abort();
    this.looking = null;
    this.dispatchEvent(new CustomEvent<Source>('kindred-open', { detail: source, bubbles: true, composed: true }));
  }

  readonly #discard = (): void => {
    this.#abort.abort();
    this.looking = null;
    this.renderRoot.querySelector<HTMLElement>('#choose')?.focus();
  };

  #picked(event: Event): void {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    if (file) this.#look(file, file.name);
    input.value = ''; // the same file may be chosen again after a correction
  }

  #paste(event: Event): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = String(form.get('rows') ?? '');
    const name = String(form.get('name') ?? '').trim() || 'pasted';
    if (text.trim() !== '') this.#look(new File([text], name), name);
  }

  #address(event: Event): void {
    event.preventDefault();
    const wanted = String(new FormData(event.currentTarget as HTMLFormElement).get('address') ?? '').trim();
    const url = sameOriginUrl(wanted, document.baseURI);
    this.foreign = wanted !== '' && url === undefined;
    if (url !== undefined) this.#look(url, catalogueName(url));
  }

  protected override render(): TemplateResult {
    const { localizer, looking, categoryNames } = this;
    return html`
      <section aria-labelledby="title">
        <h3 id="title">${localizer.text('ownCatalogue')}</h3>
        ${this.#file()} ${this.#rows()} ${this.#addressForm()}
        <div aria-live="polite">${looking && !looking.preview ? loadingView(looking.name, localizer) : nothing}</div>
        ${looking && !looking.preview ? cancelView(localizer, this.#discard) : nothing}
        ${
          looking?.preview
            ? previewView(
                { ...looking.preview, name: looking.name },
                { localizer, categoryNames, onOpen: () => this.#open(looking.source), onDiscard: this.#discard },
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
          @change=${this.#picked}
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
