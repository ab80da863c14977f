// Fairness and quality, measured on this device: how languages fare, before and after the correction, and how well the
// reader's or owner's own log is predicted.
import { css, html, nothing, type TemplateResult } from 'lit';
import type { Recommender } from '../../client/recommender.ts';
import type { EngineStatus, QualityOptions } from '../../protocol/engine-api.ts';
import type { MessageKey } from '../../ui/messages/localize.ts';
import { controls, panel, tokens } from '../../ui/theme.ts';
import { download } from '../download.ts';
import { MEASURED, Measured, type Reports } from '../measured.ts';
import { PageElement } from '../page-element.ts';
import { fairnessView } from './fairness-view.ts';
import { measureStyles } from './measure-styles.ts';
import { qualityView } from './quality-view.ts';

const SPLITS: readonly (readonly [QualityOptions['split'], MessageKey])[] = [
  ['leave-last-out', 'splitLast'],
  ['few-ratings', 'splitFew'],
  ['cold-items', 'splitCold'],
];

type Work = NonNullable<Reports['work']>;

export class MeasurePanel extends PageElement {
  static override properties = {
    recommender: { attribute: false },
    status: { attribute: false },
    measured: MEASURED,
    log: { state: true },
    split: { state: true },
  };
  static override styles = [
    tokens,
    controls,
    panel,
    measureStyles,
    css`
      :host {
        display: grid;
        gap: 1.2rem;
      }
    `,
  ];

  declare recommender: Recommender | null;
  declare status: EngineStatus | null;
  /** The page's, which stays when the panel goes; without a page the panel's own. */
  declare measured: Measured;
  declare log: File | null;
  declare split: QualityOptions['split'];

  constructor() {
    super();
    this.recommender = null;
    this.status = null;
    this.measured = new Measured(
      () => this.requestUpdate(),
      (error) => this.fail(error),
    );
    this.log = null;
    this.split = 'leave-last-out';
  }

  /** @param ask gives what is new in the reports; they keep it also when the panel is left meanwhile */
  async #run(work: Work, ask: (recommender: Recommender, signal: AbortSignal) => Promise<Partial<Reports>>): Promise<void> {
    const { recommender, measured } = this;
    if (!recommender) return;
    const signal = measured.begin();
    measured.report({ work });
    try {
      measured.report(await ask(recommender, signal));
    } catch (error) {
      if (!signal.aborted) measured.fail(error);
    } finally {
      measured.report({ work: null });
    }
  }

  async #measure(): Promise<void> {
    await this.#run('fairness', async (recommender, signal) => ({ fairness: await recommender.fairness({ signal }) }));
  }

  async #evaluate(event: Event): Promise<void> {
    event.preventDefault();
    const { log, split } = this;
    if (!log) return;
    await this.#run('quality', async (recommender, signal) => ({
      quality: await recommender.measureQuality({ log, name: log.name, split, signal }),
    }));
  }

  protected override render(): TemplateResult {
    return html`<h2 class="page" tabindex="-1">${this.localizer.text('navMeasure')}</h2> ${this.#fairness()} ${this.#quality()}`;
  }

  #fairness(): TemplateResult {
    const { localizer } = this;
    const { fairness, work: busy } = this.measured.reports;
    const open = this.recommender !== null && this.status?.catalogueId !== null;
    return html`
      <section aria-labelledby="fair" aria-busy=${busy === 'fairness'}>
        <h3 id="fair">${localizer.text('fairTitle')}</h3>
        <p class="muted">${localizer.text('fairHint')} ${localizer.text('fairFirst')}</p>
        <div class="row">
          <button type="button" id="measure" class="primary" ?disabled=${!open || busy !== null} @click=${this.#measure}>${localizer.text('fairRun')}</button>
          ${fairness ? html`<button type="button" @click=${() => download('fairness.json', JSON.stringify(fairness, null, 2), 'application/json')}>${localizer.text('curveJson')}</button>` : nothing}
          ${this.#underWay('fairness')}
        </div>
        ${open ? nothing : html`<p>${localizer.text('needsCatalogue')}</p>`} ${fairness ? fairnessView(fairness, localizer) : nothing}
      </section>
    `;
  }

  /** Said to screen readers when it begins; the bar is not, or it would speak at every batch. */
  #underWay(work: Work): TemplateResult {
    const { localizer, status, measured } = this;
    const busy = measured.reports.work;
    const progress = work === 'fairness' ? status?.progress : null;
    return html`
      <span role="status">${busy === work ? localizer.text('measuring') : nothing}</span>
      ${
        busy === work
          ? html`
              ${progress ? html`<progress aria-label=${localizer.text('measuring')} max=${progress.total} .value=${progress.done}></progress>` : nothing}
              <button type="button" class="stop" @click=${() => measured.stop()}>${localizer.text('measureStop')}</button>
            `
          : nothing
      }
    `;
  }

  #quality(): TemplateResult {
    const { localizer, log } = this;
    const { quality, work: busy } = this.measured.reports;
    return html`
      <section aria-labelledby="quality" aria-busy=${busy === 'quality'}>
        <h3 id="quality">${localizer.text('qualityTitle')}</h3>
        <p class="muted" id="quality-hint">${localizer.text('qualityHint')}</p>
        <form @submit=${this.#evaluate}>
          <label>
            ${localizer.text('qualityFile')}
            <input
              type="file"
              accept=".csv,.tsv,.ndjson,.jsonl"
              aria-describedby="quality-hint"
              @change=${({ currentTarget }: Event) => {
                this.log = (currentTarget as HTMLInputElement).files?.[0] ?? null;
              }}
            />
          </label>
          <label>
            ${localizer.text('qualitySplit')}
            <select
              @change=${({ currentTarget }: Event) => {
                this.split = SPLITS[(currentTarget as HTMLSelectElement).selectedIndex]?.[0] ?? 'leave-last-out';
              }}
            >
              ${SPLITS.map(([split, key]) => html`<option ?selected=${split === this.split}>${localizer.text(key)}</option>`)}
            </select>
          </label>
          <button type="submit" class="primary" ?disabled=${!log || !this.recommender || busy !== null}>${localizer.text('qualityRun')}</button>
          ${quality ? html`<button type="button" @click=${() => download('quality.json', JSON.stringify(quality, null, 2), 'application/json')}>${localizer.text('curveJson')}</button>` : nothing}
          ${this.#underWay('quality')}
        </form>
        ${quality ? qualityView(quality, localizer) : nothing}
      </section>
    `;
  }
}

if (!customElements.get('kindred-measure-panel')) customElements.define('kindred-measure-panel', MeasurePanel);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-measure-panel': MeasurePanel;
  }
}
