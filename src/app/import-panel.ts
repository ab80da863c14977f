// Choosing one's own catalogue, and what came of reading it: items, languages, columns, and the rows with problems.
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { CatalogueSummary } from '../protocol/engine-api.ts';
import { englishLocalizer, type Localizer } from '../ui/messages/localize.ts';
import { controls, panel, tokens } from '../ui/theme.ts';

const LANGUAGES_SHOWN = 12;

/** The last part of a URL or the name of a file. */
export function catalogueName(id: string): string {
  const path = id.split(/[?#]/)[0] ?? id;
  const parts = path.split('/').filter(Boolean);
  return parts.slice(-2).join('/') || id;
}

export class ImportPanel extends LitElement {
  static override properties = {
    summary: { attribute: false },
    isDemo: { attribute: false },
    dragging: { attribute: false },
    localizer: { attribute: false },
  };
  static override styles = [
    tokens,
    controls,
    panel,
    css`
      .drop {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.6rem 1rem;
        padding: 1rem;
        border: 2px dashed var(--_control-line);
        border-radius: var(--_radius);
      }
      .drop.dragging {
        background: var(--_accent-soft);
        border-color: var(--_accent);
      }
      .drop p {
        flex: 1 1 14rem;
        margin: 0;
      }
      h3 {
        margin: 1rem 0 0.2rem;
        font-size: 1rem;
        overflow-wrap: anywhere;
      }
      .scroll {
        overflow-x: auto;
        max-block-size: 24rem;
      }
      table {
        border-collapse: collapse;
        inline-size: 100%;
        font-size: 0.9rem;
      }
      th,
      td {
        text-align: start;
        vertical-align: top;
        padding: 0.35rem 0.7rem 0.35rem 0;
        border-block-end: 1px solid var(--_line);
      }
      td {
        overflow-wrap: anywhere;
        min-inline-size: 4.5rem;
      }
      td.remedy {
        min-inline-size: 14rem;
      }
    `,
  ];

  declare summary: CatalogueSummary | null;
  declare isDemo: boolean;
  declare dragging: boolean;
  declare localizer: Localizer;

  constructor() {
    super();
    this.summary = null;
    this.isDemo = false;
    this.dragging = false;
    this.localizer = englishLocalizer;
  }

  #choose(): void {
    this.renderRoot.querySelector<HTMLInputElement>('input[type=file]')?.click();
  }

  #picked(event: Event): void {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    if (file) this.dispatchEvent(new CustomEvent<File>('kindred-open-file', { detail: file, bubbles: true, composed: true }));
    input.value = ''; // the same file may be chosen again after a correction
  }

  #demo(): void {
    this.dispatchEvent(new CustomEvent('kindred-open-demo', { bubbles: true, composed: true }));
  }

  protected override render(): TemplateResult {
    const { localizer, summary } = this;
    return html`
      <section aria-labelledby="title">
        <h2 id="title">${localizer.text('ownCatalogue')}</h2>
        <div class="drop ${this.dragging ? 'dragging' : ''}">
          <p>${localizer.text('ownHint')}</p>
          <button type="button" @click=${this.#choose}>${localizer.text('chooseFile')}</button>
          <input
            hidden
            type="file"
            accept=".csv,.tsv,.ndjson,.jsonl,.json,text/csv,application/json,application/x-ndjson"
            aria-label=${localizer.text('chooseFile')}
            @change=${this.#picked}
          />
          ${this.isDemo ? nothing : html`<button type="button" @click=${this.#demo}>${localizer.text('backToDemo')}</button>`}
        </div>
        <div aria-live="polite">${summary ? this.#summary(summary) : nothing}</div>
      </section>
    `;
  }

  #summary(summary: CatalogueSummary): TemplateResult {
    const { localizer } = this;
    const names = summary.languages.slice(0, LANGUAGES_SHOWN).map(({ tag }) => localizer.languageName(tag));
    if (summary.languages.length > LANGUAGES_SHOWN) names.push('…');
    return html`
      <h3><bdi>${catalogueName(summary.id)}</bdi></h3>
      <p>
        ${localizer.text('itemCount', { count: summary.itemCount })} ·
        ${localizer.text('languageCount', { count: summary.languages.length })} · <bdi>${summary.format.toUpperCase()}</bdi>
        ${summary.fromStore ? html` · ${localizer.text('fromStore')}` : nothing}
        <br /><span class="muted">${names.join(', ')}</span>
      </p>
      ${this.#columns(summary)} ${this.#problems(summary)}
    `;
  }

  #columns({ headerMapping, unmappedColumns }: CatalogueSummary): TemplateResult | typeof nothing {
    const { localizer } = this;
    const rows = Object.entries(headerMapping);
    if (rows.length + unmappedColumns.length === 0) return nothing;
    return html`
      <details>
        <summary>${localizer.text('columns')}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">${localizer.text('columnName')}</th>
              <th scope="col">${localizer.text('columnField')}</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(([column, field]) => html`<tr><td dir="auto">${column}</td><td>${field}</td></tr>`)}
            ${unmappedColumns.map(
              (column) => html`<tr><td dir="auto">${column}</td><td class="muted">${localizer.text('columnUnused')}</td></tr>`,
            )}
          </tbody>
        </table>
      </details>
    `;
  }

  #problems({ problems, problemCount }: CatalogueSummary): TemplateResult | typeof nothing {
    const { localizer } = this;
    if (problemCount === 0) return nothing;
    const title = localizer.text('problemCount', { count: problemCount });
    return html`
      <details ?open=${problems.some(({ severity }) => severity === 'error')}>
        <summary>${title}</summary>
        ${problems.length < problemCount ? html`<p class="muted">${localizer.text('problemsShown', { count: problems.length })}</p>` : nothing}
        <div class="scroll" role="region" aria-label=${title} tabindex="0">
          <table>
            <thead>
              <tr>
                <th scope="col">${localizer.text('problemRow')}</th>
                <th scope="col">${localizer.text('problemField')}</th>
                <th scope="col">${localizer.text('problemValue')}</th>
                <th scope="col">${localizer.text('problemRemedy')}</th>
              </tr>
            </thead>
            <tbody>
              ${problems.map(
                (problem) => html`
                  <tr data-severity=${problem.severity}>
                    <td>${localizer.number(problem.row)}</td>
                    <td>${problem.field}</td>
                    <td dir="auto">${problem.value}</td>
                    <td class="remedy" lang="en" dir="auto">${problem.message} ${problem.remedy}</td>
                  </tr>
                `,
              )}
            </tbody>
          </table>
        </div>
      </details>
    `;
  }
}

if (!customElements.get('kindred-import')) customElements.define('kindred-import', ImportPanel);
