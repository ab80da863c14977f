// Says that a newer version of the page is ready, and loads it when the visitor agrees.
import { css, html, nothing, type TemplateResult } from 'lit';
import { LocalizedElement } from '../ui/localized-element.ts';
import { inputs, states } from '../ui/properties.ts';
import { controls, tokens } from '../ui/theme.ts';

export class UpdatePrompt extends LocalizedElement {
  static override properties = { ...inputs('registration'), ...states('waiting') };
  static override styles = [
    tokens,
    controls,
    css`
      .prompt {
        position: fixed;
        inset-block-end: 1rem;
        inset-inline: 1rem;
        z-index: 10;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0.6rem;
        max-inline-size: 32rem;
        margin-inline: auto;
        padding: 0.8rem 1rem;
        border: 1px solid var(--_control-line);
        border-radius: var(--_radius);
        background: var(--_surface);
      }
      p {
        margin: 0;
      }
    `,
  ];

  declare registration: Promise<ServiceWorkerRegistration | undefined> | null;
  declare waiting: ServiceWorker | null;
  /** Loads the new version; tests replace it. */
  reload: () => void = () => location.reload();

  constructor() {
    super();
    this.registration = null;
    this.waiting = null;
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('registration')) void this.#watch();
  }

  async #watch(): Promise<void> {
    const registration = await this.registration;
    if (!registration) return;
    this.waiting = registration.waiting;
    registration.addEventListener('updatefound', () => {
      const newer = registration.installing;
      newer?.addEventListener('statechange', () => {
        // Without a controller this is the first version, so there is no older one to replace.
        if (newer.state === 'installed' && navigator.serviceWorker.controller) this.waiting = newer;
      });
    });
  }

  #accept(): void {
    navigator.serviceWorker?.addEventListener('controllerchange', () => this.reload(), { once: true });
    this.waiting?.postMessage({ type: 'SKIP_WAITING' });
  }

  protected override render(): TemplateResult {
    const { localizer } = this;
    return html`
      <div role="status">
        ${
          this.waiting
            ? html`
                <div class="prompt">
                  <p>${localizer.text('updateWaits')}</p>
                  <div>
                    <button type="button" @click=${() => {
                      this.waiting = null;
                    }}>${localizer.text('updateLater')}</button>
                    <button type="button" class="primary" @click=${this.#accept}>${localizer.text('updateNow')}</button>
                  </div>
                </div>
              `
            : nothing
        }
      </div>
    `;
  }
}

if (!customElements.get('kindred-update-prompt')) customElements.define('kindred-update-prompt', UpdatePrompt);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-update-prompt': UpdatePrompt;
  }
}
