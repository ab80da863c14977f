// What a catalogue holds: items, languages, recognised columns, and the rows with problems. Views without state.
import { css, html, nothing, type TemplateResult } from 'lit';
import type { CatalogueSummary } from '../../protocol/engine-api.ts';
import type { Localizer } from '../../ui/messages/localize.ts';
import { headRow } from '../table-head.ts';

export const summaryStyles = css`
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
`;

/** The last two parts of a URL, or the name of a file. */
export function catalogueName(id: string): string {
  const path = id.split(/[?#]/)[0] ?? id;
  const parts = path.split('/').filter(Boolean);
  return parts.slice(-2).join('/') || id;
}

export function factsView(summary: CatalogueSummary, localizer: Localizer): TemplateResult {
  return html`
    <p>
      ${localizer.text('itemCount', { count: summary.itemCount })} ·
      ${localizer.text('languageCount', { count: summary.languages.length })} · <bdi>${summary.format.toUpperCase()}</bdi>
      ${summary.fromStore ? html` · ${localizer.text('fromStore')}` : nothing}
    </p>
  `;
}

export function columnsView({ headerMapping, unmappedColumns }: CatalogueSummary, localizer: Localizer): TemplateResult | typeof nothing {
  const rows = Object.entries(headerMapping);
  if (rows.length + unmappedColumns.length === 0) return nothing;
  return html`
    <details>
      <summary>${localizer.text('columns')}</summary>
      <table>
        <thead>${headRow(['columnName', 'columnField'], localizer)}</thead>
        <tbody>
          ${rows.map(([column, field]) => html`<tr><td dir="auto">${column}</td><td>${field}</td></tr>`)}
          ${unmappedColumns.map((column) => html`<tr><td dir="auto">${column}</td><td class="muted">${localizer.text('columnUnused')}</td></tr>`)}
        </tbody>
      </table>
    </details>
  `;
}

export function problemsView({ problems, problemCount }: CatalogueSummary, localizer: Localizer): TemplateResult | typeof nothing {
  if (problemCount === 0) return nothing;
  const title = localizer.text('problemCount', { count: problemCount });
  return html`
    <details ?open=${problems.some(({ severity }) => severity === 'error')}>
      <summary>${title}</summary>
      ${problems.length < problemCount ? html`<p class="muted">${localizer.text('problemsShown', { count: problems.length })}</p>` : nothing}
      <div class="scroll" role="group" aria-label=${title} tabindex="0">
        <table>
          <thead>${headRow(['problemRow', 'problemField', 'problemValue', 'problemRemedy'], localizer)}</thead>
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
