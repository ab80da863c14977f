// Privacy: what this visit fetched and sent, what is kept in the browser, and buttons to export and erase it.
import { html, nothing, type TemplateResult } from 'lit';
import type { StorageEntry, StorageReport } from '../../protocol/engine-api.ts';
import type { MessageKey } from '../../ui/messages/localize.ts';
import '../data-panel.ts';
import { inputs, states } from '../../ui/properties.ts';
import { download } from '../download.ts';
import { PanelElement } from '../panel-element.ts';
import { panelStyles } from '../shared-styles.ts';
import { headRow } from '../table-head.ts';
import { privacyStyles } from './privacy-styles.ts';
import type { ReceiptRow } from './receipt.ts';
import { RequestCollector } from './request-collector.ts';

const KINDS: Readonly<Record<StorageEntry['what'], MessageKey>> = {
  items: 'keptItems',
  vectors: 'keptVectors',
  ratings: 'keptRatings',
  heads: 'keptHeads',
  corrections: 'keptCorrections',
  settings: 'keptSettings',
  'model-files': 'keptModel',
  'runtime-files': 'keptRuntime',
  'page-files': 'keptPage',
};
const NUMBER_COLUMNS = { receiptCount: 'number', receiptSent: 'number', receiptReceived: 'number' };
const ROWS_SHOWN = 12;
const NOTHING: StorageReport = { entries: [], usedBytes: 0, quotaBytes: 0 };

export class PrivacyPanel extends PanelElement {
  static override properties = { ...inputs('leftovers', 'persisted'), ...states('storage', 'all', 'failed') };
  static override styles = [panelStyles, privacyStyles];

  /** What was still there after erasing; null: not erased. */
  declare leftovers: readonly string[] | null;
  declare persisted: boolean | null;
  declare storage: StorageReport | null;
  declare all: boolean;
  declare failed: boolean;
  readonly #requests = new RequestCollector(this);

  constructor() {
    super();
    this.leftovers = null;
    this.persisted = null;
    this.storage = null;
    this.all = false;
    this.failed = false;
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('recommender') || changed.has('leftovers')) void this.measure();
  }

  /** Reads how much is kept. */
  async measure(): Promise<void> {
    const { recommender } = this;
    try {
      this.failed = false;
      // Asking would open the erased database again.
      const storage = this.leftovers ? NOTHING : ((await recommender?.storage()) ?? null);
      if (recommender === this.recommender) this.storage = storage;
    } catch {
      this.failed = true;
    }
  }

  async #export(): Promise<void> {
    const blob = await this.recommender?.exportData();
    if (blob) download('kindred-export.json', blob);
  }

  protected override render(): TemplateResult {
    return html`<h2 class="page" tabindex="-1">${this.localizer.text('navPrivacy')}</h2> ${this.#receipt()} ${this.#kept()} ${this.#actions()}`;
  }

  #receipt(): TemplateResult {
    const { localizer } = this;
    const { rows, requests, bytesIn, bytesOut, elsewhere } = this.#requests.receipt;
    const shown = this.all ? rows : rows.slice(0, ROWS_SHOWN);
    return html`
      <section aria-labelledby="receipt-title">
        <h3 id="receipt-title">${localizer.text('receiptTitle')}</h3>
        <dl class="figures">
          <div class=${elsewhere === 0 ? 'good' : 'bad'}><dt>${localizer.text('receiptElsewhere')}</dt><dd id="elsewhere">${localizer.number(elsewhere)}</dd></div>
          <div><dt>${localizer.text('receiptSent')}</dt><dd id="sent">${localizer.bytes(bytesOut)}</dd></div>
          <div><dt>${localizer.text('receiptReceived')}</dt><dd>${localizer.bytes(bytesIn)}</dd></div>
          <div><dt>${localizer.text('receiptRequests')}</dt><dd>${localizer.number(requests)}</dd></div>
        </dl>
        <p class="muted">${localizer.text('receiptHint')}</p>
        <div class="scroll" role="group" tabindex="0" aria-label=${localizer.text('receiptRequests')}>
          <table>
            <thead>${headRow(['receiptAddress', 'receiptMethod', 'receiptCount', 'receiptSent', 'receiptReceived'], localizer, NUMBER_COLUMNS)}</thead>
            <tbody>
              ${shown.map((row) => this.#row(row))}
            </tbody>
          </table>
        </div>
        ${
          rows.length > ROWS_SHOWN
            ? html`<button type="button" aria-expanded=${this.all} @click=${() => {
                this.all = !this.all;
              }}>${localizer.text(this.all ? 'receiptFewer' : 'receiptAll', this.all ? {} : { count: rows.length })}</button>`
            : nothing
        }
      </section>
    `;
  }

  #row({ address, own, count, bytesIn, bytesOut, methods }: ReceiptRow): TemplateResult {
    const { localizer } = this;
    return html`
      <tr class=${own ? '' : 'bad'}>
        <th scope="row" dir="ltr">${address}</th>
        <td>${methods.length > 0 ? methods.join(', ') : '–'}</td>
        <td class="number">${localizer.number(count)}</td>
        <td class="number">${localizer.bytes(bytesOut)}</td>
        <td class="number">${localizer.bytes(bytesIn)}</td>
      </tr>
    `;
  }

  #kept(): TemplateResult {
    const { localizer, storage } = this;
    const most = Math.max(1, ...(storage?.entries.map(({ bytes }) => bytes) ?? []));
    return html`
      <section aria-labelledby="kept-title" aria-busy=${storage === null && !this.failed}>
        <h3 id="kept-title">${localizer.text('keptTitle')}</h3>
        <p class="muted">${localizer.text('keptHint')}</p>
        ${
          this.failed
            ? html`<p role="alert">${localizer.text('errorStorage')} <button type="button" @click=${() => this.measure()}>${localizer.text('tryAgain')}</button></p>`
            : nothing
        }
        ${storage && storage.entries.length === 0 ? html`<p>${localizer.text('keptNothing')}</p>` : nothing}
        <ul class="bars">
          ${storage?.entries.map(
            ({ what, count, bytes }) => html`
              <li>
                <span>${localizer.text(KINDS[what])}</span>
                <meter min="0" max=${most} value=${bytes} aria-label=${localizer.text(KINDS[what])}></meter>
                <span class="number">${localizer.number(count)} · ${localizer.bytes(bytes)}</span>
              </li>
            `,
          )}
        </ul>
        ${storage && storage.quotaBytes > 0 ? html`<p class="muted">${localizer.text('keptOf', { used: localizer.bytes(storage.usedBytes), quota: localizer.bytes(storage.quotaBytes) })}</p>` : nothing}
      </section>
    `;
  }

  #actions(): TemplateResult {
    const { localizer, leftovers } = this;
    return html`
      <section aria-labelledby="export-title">
        <h3 id="export-title">${localizer.text('exportTitle')}</h3>
        <p class="muted">${localizer.text('exportHint')}</p>
        <button type="button" id="export" ?disabled=${this.recommender === null} @click=${this.#export}>${localizer.text('exportButton')}</button>
      </section>
      <div role="status" id="verified">
        ${leftovers === null ? nothing : html`<p>${leftovers.length === 0 ? localizer.text('eraseVerified') : localizer.text('eraseLeft', { what: leftovers.join(', ') })}</p>`}
      </div>
      <kindred-data .persisted=${this.persisted} .erased=${leftovers !== null} .localizer=${localizer}></kindred-data>
    `;
  }
}

if (!customElements.get('kindred-privacy-panel')) customElements.define('kindred-privacy-panel', PrivacyPanel);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-privacy-panel': PrivacyPanel;
  }
}
