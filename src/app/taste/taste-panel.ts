// My taste: what was rated, what was learned from it, the training curves, and every head that was trained.
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { FeedbackKind, Item } from '../../base/types.ts';
import type { HeadHistory, TrainingPoint } from '../../protocol/engine-api.ts';
import { type CategoryNames, categoryName, NO_CATEGORY_NAMES } from '../../ui/category-names.ts';
import { gridStyles, itemGrid } from '../../ui/item-grid.ts';
import { barChart, barChartStyles } from '../bar-chart.ts';
import type { Count } from '../counts.ts';
import '../ratings-list.ts';
import './curves.ts';
import { inputs, states } from '../../ui/properties.ts';
import { PanelElement } from '../panel-element.ts';
import { panelStyles } from '../shared-styles.ts';
import { HEAD_KINDS, headHistoryView, scoreText } from './head-history.ts';
import { likedShares } from './taste-shares.ts';

const QUESTIONS = 6;

export class TastePanel extends PanelElement {
  static override properties = { ...inputs('ratings', 'ratedItems', 'categoryNames'), ...states('history', 'questions', 'chosen', 'training') };
  static override styles = [
    panelStyles,
    gridStyles,
    barChartStyles,
    css`
      .columns {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr));
        gap: 1.2rem;
      }
      .history {
        display: grid;
        gap: 0.7rem;
        padding-inline-start: 1.6rem;
        max-block-size: 30rem;
        overflow: auto;
      }
      .history li[aria-current] {
        border-inline-start: 4px solid var(--_accent);
        padding-inline-start: 0.6rem;
      }
      .history p {
        margin-block: 0.1rem 0.3rem;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.6rem;
      }
      .state {
        padding: 0.05rem 0.6rem;
        border-radius: 999px;
        background: var(--_accent-soft);
      }
      .state.refused {
        background: var(--_danger-soft);
      }
      button[aria-pressed='true'] {
        background: var(--_accent-soft);
      }
    `,
  ];

  /** Item id → rating, oldest first. */
  declare ratings: ReadonlyMap<string, FeedbackKind>;
  /** The items behind the ratings. */
  declare ratedItems: ReadonlyMap<string, Item>;
  declare categoryNames: CategoryNames;
  declare history: HeadHistory | null;
  declare questions: readonly Item[];
  declare chosen: string | null;
  declare training: boolean;

  constructor() {
    super();
    this.ratings = new Map();
    this.ratedItems = new Map();
    this.categoryNames = NO_CATEGORY_NAMES;
    this.history = null;
    this.questions = [];
    this.chosen = null;
    this.training = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('status');
    const trained = before?.training?.running === true && this.status?.training?.running !== true;
    if (changed.has('recommender') || changed.has('ratings') || this.catalogueChanged(changed) || trained) void this.load();
  }

  /** Asks for the history and the questions again. */
  async load(): Promise<void> {
    const { recommender } = this;
    if (!recommender || this.status?.catalogueId === null) return;
    try {
      const [history, questions] = await Promise.all([recommender.heads(), recommender.suggestQuestions(QUESTIONS)]);
      if (recommender === this.recommender) Object.assign(this, { history, questions });
    } catch (error) {
      this.fail(error);
    }
  }

  /** Lists that hold still while they are read are to follow now: the visitor asked for it. */
  #retrained(): void {
    this.emit('kindred-retrained');
  }

  async #train(): Promise<void> {
    this.training = true;
    try {
      const record = await this.recommender?.train();
      this.chosen = record?.id ?? null;
      if (record?.installed) this.#retrained();
    } catch (error) {
      this.fail(error);
    } finally {
      this.training = false;
      await this.load();
    }
  }

  readonly #stop = (): void => void this.recommender?.stopTraining().catch((error: unknown) => this.fail(error));

  readonly #restore = async (id: string): Promise<void> => {
    try {
      await this.recommender?.restoreHead(id);
      this.#retrained();
    } catch (error) {
      this.fail(error);
    }
    await this.load();
  };

  #points(): readonly TrainingPoint[] {
    const { history, status, chosen } = this;
    if (this.training || status?.training?.running) return status?.training?.points ?? [];
    const shown = history?.records.find(({ id }) => id === (chosen ?? history.activeId));
    return shown && shown.points.length > 0
      ? shown.points
      : (status?.training?.points ?? history?.records.find(({ points }) => points.length > 0)?.points ?? []);
  }

  protected override render(): TemplateResult {
    const { localizer } = this;
    const { languages, categories } = likedShares(this.ratings, this.ratedItems);
    const chart = (title: string, shares: readonly Count[], name: (key: string) => string): TemplateResult =>
      barChart(
        title,
        shares.map(({ key, count }) => ({ name: name(key), count })),
        localizer,
      );
    return html`
      <h2 class="page" tabindex="-1">${localizer.text('navTaste')}</h2>
      <div class="columns">
        <section aria-labelledby="by-language">
          <h3 id="by-language">${localizer.text('tasteByLanguage')}</h3>
          ${languages.length === 0 ? html`<p class="muted">${localizer.text('tasteNothing')}</p>` : chart(localizer.text('tasteByLanguage'), languages, (tag) => localizer.languageName(tag))}
        </section>
        <section aria-labelledby="by-category">
          <h3 id="by-category">${localizer.text('tasteByCategory')}</h3>
          ${categories.length === 0 ? html`<p class="muted">${localizer.text('tasteNothing')}</p>` : chart(localizer.text('tasteByCategory'), categories, (id) => categoryName(this.categoryNames, id, localizer.tag))}
        </section>
        <kindred-ratings .ratings=${this.ratings} .items=${this.ratedItems} .localizer=${localizer}></kindred-ratings>
      </div>
      ${this.#learned()} ${this.#questions()}
    `;
  }

  #learned(): TemplateResult {
    const { localizer, history } = this;
    const active = history?.records.find(({ id }) => id === history.activeId);
    const running = this.training || this.status?.training?.running === true;
    const likes = [...this.ratings.values()].filter((kind) => kind === 'like').length;
    return html`
      <div class="columns">
        <section aria-labelledby="learned" aria-busy=${running}>
          <h3 id="learned">${localizer.text('headTitle')}</h3>
          <p id="in-use">
            ${
              !active || active.kind === 'profile'
                ? localizer.text('headProfile')
                : html`${localizer.text('headInUse', { kind: localizer.text(HEAD_KINDS[active.kind]) })} · ${localizer.text('headExamples', { count: active.examples })} · nDCG@10 ${scoreText(active.heldOutNdcg, localizer)} (${localizer.text('historyBefore')} ${scoreText(active.parentNdcg, localizer)})`
            }
          </p>
          ${history ? html`<p class="muted">${localizer.text('headNext', { count: Math.max(0, history.trainsAfter - history.newEvents) })}</p>` : nothing}
          <div class="row">
            ${
              running
                ? html`<button type="button" id="stop" @click=${this.#stop}>${localizer.text('trainStop')}</button>`
                : html`<button type="button" id="train" class="primary" ?disabled=${likes < 3 || !this.recommender} aria-describedby="train-hint" @click=${this.#train}>${localizer.text('trainNow')}</button>`
            }
            <span role="status">${running ? localizer.text('training') : nothing}</span>
          </div>
          <p id="train-hint" class="muted">${likes < 3 ? localizer.text('trainFew') : nothing}</p>
          <h3>${localizer.text('curvesTitle')}</h3>
          <kindred-curves .points=${this.#points()} .localizer=${localizer}></kindred-curves>
        </section>
        <section aria-labelledby="history">
          <h3 id="history">${localizer.text('historyTitle')}</h3>
          ${
            history
              ? headHistoryView(history, localizer, this.chosen, {
                  restore: this.#restore,
                  show: (id) => {
                    this.chosen = id;
                  },
                })
              : html`<p class="muted">${localizer.text('needsCatalogue')}</p>`
          }
        </section>
      </div>
    `;
  }

  #questions(): TemplateResult | typeof nothing {
    const { localizer, questions, ratings, categoryNames } = this;
    if (questions.length === 0) return nothing;
    return html`
      <section aria-labelledby="questions">
        <h3 id="questions">${localizer.text('questionsTitle')}</h3>
        ${itemGrid(questions, { ratings, localizer, categoryNames })}
      </section>
    `;
  }
}

if (!customElements.get('kindred-taste-panel')) customElements.define('kindred-taste-panel', TastePanel);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-taste-panel': TastePanel;
  }
}
