// A catalogue that was read but is not open yet: what it holds, its first items, and the rows that would be left out.
import { html, type TemplateResult } from 'lit';
import type { CataloguePreview } from '../../protocol/engine-api.ts';
import { type CategoryNames, categoryName } from '../../ui/category-names.ts';
import type { Localizer } from '../../ui/messages/localize.ts';
import { headRow } from '../table-head.ts';
import { columnsView, factsView, problemsView } from './summary-view.ts';

export interface PreviewContext {
  localizer: Localizer;
  categoryNames: CategoryNames;
  onOpen: () => void;
  onDiscard: () => void;
}

export function loadingView(name: string, localizer: Localizer): TemplateResult {
  const text = localizer.text('previewLoading', { name });
  return html`<p>${text}</p><progress aria-label=${text}></progress>`;
}

/** Its style shows it only when reading takes longer than a second. */
export function cancelView(localizer: Localizer, onCancel: () => void): TemplateResult {
  return html`<button id="cancel" type="button" @click=${onCancel}>${localizer.text('cancel')}</button>`;
}

export function previewView({ summary, sample, name }: CataloguePreview & { name: string }, context: PreviewContext): TemplateResult {
  const { localizer, onOpen, onDiscard } = context;
  return html`
    <div class="preview" role="group" aria-labelledby="preview-title">
      <h4 id="preview-title" tabindex="-1">${localizer.text('previewTitle', { name })}</h4>
      ${factsView(summary, localizer)} ${sampleView(sample, context)} ${columnsView(summary, localizer)} ${problemsView(summary, localizer)}
      <div class="row">
        <button id="open" type="button" class="primary" @click=${onOpen}>${localizer.text('openThis')}</button>
        <button id="discard" type="button" @click=${onDiscard}>${localizer.text('discard')}</button>
      </div>
    </div>
  `;
}

function sampleView(sample: CataloguePreview['sample'], { localizer, categoryNames }: PreviewContext): TemplateResult {
  const title = localizer.text('sampleTitle');
  return html`
    <details open>
      <summary>${title}</summary>
      <div class="scroll" role="group" aria-label=${title} tabindex="0">
        <table>
          <thead>${headRow(['columnTitle', 'columnLanguage', 'columnCategory'], localizer)}</thead>
          <tbody>
            ${sample.map(
              (item) => html`
                <tr>
                  <td lang=${item.language} dir="auto">${item.title}</td>
                  <td>${localizer.languageName(item.language)}${item.languageDetected ? ` (${localizer.text('detected')})` : ''}</td>
                  <td dir="auto">${item.categories.map((id) => categoryName(categoryNames, id, localizer.tag)).join(', ')}</td>
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    </details>
  `;
}
