// The first row of a table: the names of its columns. A view without state.
import { html, type TemplateResult } from 'lit';
import type { Localizer, MessageKey } from '../ui/messages/localize.ts';

/** @param names of the columns; null: an empty cell @param look class of the columns that have one, by name */
export function headRow(names: readonly (MessageKey | null)[], localizer: Localizer, look: Partial<Record<MessageKey, string>> = {}): TemplateResult {
  return html`
    <tr>
      ${names.map((name) => (name === null ? html`<td></td>` : html`<th scope="col" class=${look[name] ?? ''}>${localizer.text(name)}</th>`))}
    </tr>
  `;
}
