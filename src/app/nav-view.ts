// The bar with the links to the panels, and what stands in place of a panel that is loading or failed to load.
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Localizer } from '../ui/messages/localize.ts';
import type { PanelState } from './panel-loader.ts';
import { PANELS, type Panel } from './panels.ts';
import type { PanelId } from './route.ts';

export function navView(current: PanelId, localizer: Localizer): TemplateResult {
  return html`
    <nav class="parts" aria-label=${localizer.text('panels')}>
      <ul role="list">
        ${PANELS.map(
          ({ id, name, icon }) => html`
            <li>
              <a href="#/${id}" aria-current=${id === current ? 'page' : nothing}>
                <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" focusable="false">${svg`<path d=${icon} />`}</svg>
                <span>${localizer.text(name)}</span>
              </a>
            </li>
          `,
        )}
      </ul>
    </nav>
  `;
}

/** Scrolls the bar so that the link of the current panel is visible. */
export function showCurrentLink(root: ParentNode): void {
  const link = root.querySelector('.parts [aria-current]');
  const list = link?.closest('ul');
  if (!link || !list) return;
  const [inner, outer] = [link.getBoundingClientRect(), list.getBoundingClientRect()];
  if (inner.left >= outer.left && inner.right <= outer.right) return;
  list.scrollLeft += (inner.left + inner.right - outer.left - outer.right) / 2;
}

export function placeholderView(panel: Panel, state: PanelState, localizer: Localizer, onAgain: () => void): TemplateResult {
  return html`
    <section class="unloaded" aria-labelledby="panel-title" aria-busy=${state === 'loading'}>
      <h2 id="panel-title" tabindex="-1">${localizer.text(panel.name)}</h2>
      <div role="status">
        <p>${localizer.text(state === 'failed' ? 'panelFailed' : 'panelLoading')}</p>
      </div>
      ${state === 'failed' ? html`<button type="button" class="primary" @click=${onAgain}>${localizer.text('tryAgain')}</button>` : nothing}
    </section>
  `;
}
