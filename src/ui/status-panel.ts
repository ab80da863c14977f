// One line about what the recommender is doing, with progress, notices and a stop button. Technical details are folded.
import { css, html, nothing, type TemplateResult } from 'lit';
import type { EngineStatus, Notice } from '../protocol/engine-api.ts';
import { LocalizedElement } from './localized-element.ts';
import type { MessageKey } from './messages/localize.ts';
import { inputs, states } from './properties.ts';
import { boxStyles } from './theme.ts';

const NOTICE_KEYS: Readonly<Record<Notice['code'], MessageKey>> = {
  'stepped-down': 'noticeSteppedDown',
  'chunk-damaged': 'noticeChunkDamaged',
  'store-memory': 'noticeStoreMemory',
  'encoder-restarted': 'noticeEncoderRestarted',
  'other-tab-encodes': 'noticeOtherTab',
  'encoding-failed': 'noticeEncodingFailed',
  'catalogue-problems': 'noticeCatalogueProblems',
  'pack-unusable': 'noticePackUnusable',
  'pack-dropped': 'noticePackDropped',
  'head-unusable': 'noticeHeadUnusable',
  'training-failed': 'noticeTrainingFailed',
};

const PHASE_KEYS: Readonly<Record<EngineStatus['phase'], MessageKey>> = {
  idle: 'phaseIdle',
  importing: 'phaseImporting',
  'loading-model': 'phaseLoadingModel',
  encoding: 'phaseEncoding',
  ready: 'phaseReady',
  failed: 'phaseFailed',
};

/** Screen readers announce the phase and each quarter of the progress, not every batch. */
const ANNOUNCED_STEPS = 4;

const RUNG_KEYS = { webgpu: 'onGpu', wasm: 'onCpu', instant: 'onInstant' } as const satisfies Record<string, MessageKey>;

/** Encoding was stopped: some items have no vector, and nothing is running. */
export function isStopped(status: EngineStatus): boolean {
  const idle = status.phase === 'ready' || status.phase === 'idle';
  const done = status.speed === 'quick' ? status.quickCount : status.encodedCount;
  return idle && status.catalogueId !== null && done < status.itemCount;
}

/** Recommendations come from quick vectors; the transformer's vectors are not all there yet. */
export function isRefining({ phase, speed, quickCount, encodedCount, itemCount }: EngineStatus): boolean {
  const usable = phase !== 'importing' && phase !== 'failed';
  return usable && speed === 'quick-then-refined' && quickCount > 0 && encodedCount < itemCount;
}

function shareDone(status: EngineStatus): number | null {
  const { phase, progress, encodedCount, itemCount } = status;
  if (phase === 'encoding' || isRefining(status)) return itemCount > 0 ? encodedCount / itemCount : null;
  return progress && progress.total > 0 ? Math.min(1, progress.done / progress.total) : null;
}

export class StatusPanel extends LocalizedElement {
  static override properties = { ...inputs('status', 'languageCount'), ...states('announcement') };
  static override styles = [
    boxStyles,
    css`
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.3rem 1rem;
      }
      .line p {
        flex: 1 1 14rem;
        margin: 0;
      }
      strong::before {
        content: '';
        display: inline-block;
        inline-size: 0.62em;
        block-size: 0.62em;
        margin-inline-end: 0.5em;
        border-radius: 50%;
        background: var(--_accent);
      }
      .busy strong::before {
        background: light-dark(#b06d00, #ffc46b);
      }
      .failed strong::before {
        background: var(--_danger);
      }
      progress {
        display: block;
        inline-size: 100%;
        block-size: 0.6rem;
        margin-block: 0.6rem 0.3rem;
        accent-color: var(--_accent);
      }
      .notices {
        margin: 0.5rem 0 0;
        padding-inline-start: 1.2rem;
      }
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 0.2rem 1rem;
        margin: 0.2rem 0 0;
        font-size: 0.92rem;
        overflow-wrap: anywhere;
      }
      dt {
        color: var(--_muted);
      }
      dd {
        margin: 0;
      }
      @media (max-width: 30rem) {
        dl {
          grid-template-columns: minmax(0, 1fr);
        }
        dd {
          margin-block-end: 0.4rem;
        }
      }
    `,
  ];

  declare status: EngineStatus | null;
  declare languageCount: number;
  declare announcement: string;
  #announced = '';

  constructor() {
    super();
    this.status = null;
    this.languageCount = 0;
    this.announcement = '';
  }

  protected override willUpdate(): void {
    const { status } = this;
    if (!status) return;
    const share = shareDone(status);
    const step = share === null ? '' : Math.floor(share * ANNOUNCED_STEPS);
    const refining = isRefining(status);
    const key = `${refining || status.phase} ${isStopped(status)} ${step} ${this.localizer.tag}`;
    if (key === this.#announced) return;
    this.#announced = key;
    const percent = share === null || refining ? '' : this.localizer.percent(share);
    this.announcement = [this.#phase(status), percent].join(' ').trim();
  }

  #phase(status: EngineStatus): string {
    if (isStopped(status)) return this.localizer.text('phaseStopped');
    return isRefining(status) ? this.#refined(status) : this.localizer.text(PHASE_KEYS[status.phase]);
  }

  #refined({ encodedCount, itemCount }: EngineStatus): string {
    return this.localizer.text('quickRefined', { done: encodedCount, total: itemCount });
  }

  protected override render(): TemplateResult | typeof nothing {
    const { status, localizer } = this;
    if (!status) return nothing;
    const button = (event: string, name: MessageKey, look = ''): TemplateResult =>
      html`<button type="button" class=${look} @click=${() => this.emit(event)}>${localizer.text(name)}</button>`;
    const busy = status.phase === 'encoding' || status.phase === 'loading-model' || status.phase === 'importing';
    return html`
      <section class=${busy ? 'busy' : status.phase}>
        <div class="line">
          <p><strong>${this.#phase(status)}</strong> <span class="muted">${this.#facts(status).join(' · ')}</span></p>
          ${status.phase === 'encoding' ? button('kindred-stop', 'stop') : nothing}
          ${isStopped(status) ? button('kindred-resume', 'resume', 'primary') : nothing}
          ${status.pack && status.pack.items > 0 ? button('kindred-encode-here', 'encodeHere') : nothing}
        </div>
        ${busy ? this.#progress(status) : nothing}
        <div class="visually-hidden" aria-live="polite">${this.announcement}</div>
        ${this.#notices(status)} ${this.#details(status)}
      </section>
    `;
  }

  #facts(status: EngineStatus): string[] {
    const { localizer } = this;
    const { itemCount, encoder } = status;
    const facts: string[] = [];
    if (status.speed === 'quick' && itemCount > 0) facts.push(localizer.text('quickOnly'));
    if (isStopped(status) && isRefining(status)) facts.push(this.#refined(status));
    if (itemCount > 0) facts.push(localizer.text('itemCount', { count: itemCount }));
    if (status.pack && status.pack.items > 0) facts.push(localizer.text('packItems', { done: status.pack.items, total: itemCount }));
    if (this.languageCount > 0) facts.push(localizer.text('languageCount', { count: this.languageCount }));
    if (encoder) facts.push(localizer.text(RUNG_KEYS[encoder.rung]));
    return facts;
  }

  #progress(status: EngineStatus): TemplateResult {
    const { localizer } = this;
    const share = shareDone(status);
    const parts: string[] = [];
    if (status.phase === 'encoding') {
      if (!isRefining(status)) parts.push(localizer.text('encodedOf', { done: status.encodedCount, total: status.itemCount }));
      if (status.itemsPerSecond > 0) {
        const digits = status.itemsPerSecond < 10 ? 1 : 0;
        parts.push(localizer.text('perSecond', { rate: localizer.number(status.itemsPerSecond, { maximumFractionDigits: digits }) }));
      }
      if (status.secondsLeft !== null) parts.push(localizer.text('timeLeft', { time: localizer.duration(status.secondsLeft) }));
    } else if (isRefining(status)) {
      parts.push(localizer.text('phaseLoadingModel'));
    }
    if (status.phase !== 'encoding' && status.progress?.unit === 'bytes' && status.progress.total > 0) {
      parts.push(`${localizer.bytes(status.progress.done)} / ${localizer.bytes(status.progress.total)}`);
    }
    return html`
      <progress aria-label=${this.#phase(status)} max="1" .value=${share ?? 0}></progress>
      <p class="muted">${parts.join(' · ')}</p>
    `;
  }

  #notices({ notices }: EngineStatus): TemplateResult {
    const texts = [...new Set(notices.map(({ code }) => this.localizer.text(NOTICE_KEYS[code])))];
    const list = html`<ul class="notices" aria-label=${this.localizer.text('notices')}>
      ${texts.map((text) => html`<li>${text}</li>`)}
    </ul>`;
    return html`<div role="status">${texts.length > 0 ? list : nothing}</div>`;
  }

  #rung(rung: keyof typeof RUNG_KEYS): string {
    if (rung === 'instant') return this.localizer.text('onInstant');
    return rung === 'webgpu' ? 'WebGPU' : 'WebAssembly';
  }

  #details({ encoder, store, notices }: EngineStatus): TemplateResult {
    const { localizer } = this;
    const row = (key: MessageKey, value: unknown): TemplateResult => html`<dt>${localizer.text(key)}</dt><dd>${value}</dd>`;
    const english = (text: string): TemplateResult => html`<span lang="en" dir="auto">${text}</span>`;
    const threads = encoder && encoder.threads > 1 ? ` × ${localizer.number(encoder.threads)}` : '';
    return html`
      <details>
        <summary>${localizer.text('details')}</summary>
        <dl>
          ${
            encoder
              ? html`
                  ${row('model', html`<bdi>${encoder.model}</bdi>`)}
                  ${row('device', html`<bdi>${this.#rung(encoder.rung)}${threads} ${encoder.device}</bdi>`)}
                  ${encoder.reason ? row('reason', english(encoder.reason)) : nothing}
                  ${row('selfCheck', html`<bdi>cos ${localizer.number(encoder.checkCosine, { maximumFractionDigits: 4 })}</bdi>`)}
                  ${row('modelLanguages', localizer.number(encoder.languages.length))}
                `
              : nothing
          }
          ${row(
            'storage',
            html`${localizer.text(store.kind === 'indexeddb' ? 'storeKept' : 'storeMemory')}
            (${localizer.bytes(store.usedBytes)}) ${store.reason ? english(store.reason) : nothing}`,
          )}
          ${
            notices.length > 0
              ? row(
                  'notices',
                  notices.map(({ text }) => html`<div>${english(text)}</div>`),
                )
              : nothing
          }
        </dl>
      </details>
    `;
  }
}

if (!customElements.get('kindred-status')) customElements.define('kindred-status', StatusPanel);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-status': StatusPanel;
  }
}
