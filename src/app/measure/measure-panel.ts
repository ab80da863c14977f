// Fairness and quality, measured on this device: how each language is ranked, before and after the correction, and how well
// the visitor's own log of interactions is predicted.
import { html, nothing, type TemplateResult } from 'lit';
import type { Recommender } from '../../client/recommender.ts';
import type { QualityOptions } from '../../protocol/engine-api.ts';
import type { MessageKey } from '../../ui/messages/localize.ts';
import { states } from '../../ui/properties.ts';
import { download } from '../download.ts';
import { MEASURED, Measured, type Reports } from '../measured.ts';
import { PanelElement } from '../panel-element.ts';
import { panelStyles } from '../shared-styles.ts';
import { fairnessView } from './fairness-view.ts';
import { measureStyles } from './measure-styles.ts';
import { qualityView } from './quality-view.ts';

const SPLITS: readonly (readonly [QualityOptions['split'], MessageKey])[] = [
  ['leave-last-out', 'splitLast'],
  ['few-ratings', 'splitFew'],
  ['cold-items', 'splitCold'],
];

type Work = NonNullable<Reports['work']>;

export class MeasurePanel extends PanelElement {
  static override properties = { measured: MEASURED, ...states('log', 'split') };
  static override styles = [panelStyles, measureStyles];

  /** The page's, which outlives the panel. Without a page, the panel's own. */
  declare measured: Measured;
  declare log: File | null;
  declare split: QualityOptions['split'];

  constructor() {
    super();
    this.measured = new Measured(
      () => this.requestUpdate(),
      (error) => this.fail(error),
    );
    this.log = null;
    this.split = 'leave-last-out';
  }

  /** @param ask gives the new report, which is kept even if the panel is left in the meantime */
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
          ${this.#progress('fairness')}
        </div>
        ${open ? nothing : html`<p>${localizer.text('needsCatalogue')}</p>`} ${fairness ? fairnessView(fairness, localizer) : nothing}
      </section>
    `;
  }

  /** Screen readers announce the beginning. They do not announce the bar, which changes with every batch. */
  #progress(work: Work): TemplateResult {
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
          ${this.#progress('quality')}
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
