// The catalogue as a map: similar items lie near each other, before or after the language correction.
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { FeedbackKind, Item } from '../../base/types.ts';
import type { CatalogueMap } from '../../protocol/engine-api.ts';
import { type CategoryNames, categoryName, NO_CATEGORY_NAMES } from '../../ui/category-names.ts';
import { inputs, states } from '../../ui/properties.ts';
import { MEASURED, Measured } from '../measured.ts';
import { PanelElement } from '../panel-element.ts';
import { panelStyles } from '../shared-styles.ts';
import { drawMap, drawShape } from './draw.ts';
import { drawnMap } from './drawn-map.ts';
import { type ColourBy, type Group, groupItems, markOf } from './groups.ts';
import { mapStyles } from './map-styles.ts';
import { moved, nearestPoint, toScreen, type Viewport, WHOLE, zoomed } from './viewport.ts';

const STEP_PIXELS = 40;
const STEP_ZOOM = 1.4;
const TRANSITION_MS = 700;
const LISTED = 200;

export class MapPanel extends PanelElement {
  static override properties = {
    ...inputs('ratings', 'categoryNames'),
    measured: MEASURED,
    ...states('map', 'items', 'correction', 'by', 'view', 'active', 'busy'),
  };
  static override styles = [panelStyles, mapStyles];

  declare ratings: ReadonlyMap<string, FeedbackKind>;
  declare categoryNames: CategoryNames;
  /** The page's, which outlives the panel. Without a page, the panel's own. */
  declare measured: Measured;
  declare map: CatalogueMap | null;
  /** In the order of the map's points. */
  declare items: readonly Item[];
  declare correction: 'before' | 'after';
  declare by: ColourBy;
  declare view: Viewport;
  declare active: number;
  declare busy: boolean;
  #drag: { left: number; top: number } | null = null;
  readonly #pointers = new Map<number, { left: number; top: number }>();
  #sizes: ResizeObserver | undefined;
  #request = 0;
  /** `items` grouped by `by`. Kept, because every move of the pointer needs it. */
  #groups = groupItems([], 'language');

  constructor() {
    super();
    this.ratings = new Map();
    this.categoryNames = NO_CATEGORY_NAMES;
    this.measured = new Measured(
      () => this.requestUpdate(),
      (error) => this.fail(error),
    );
    this.map = null;
    this.items = [];
    this.correction = 'after';
    this.by = 'language';
    this.view = WHOLE;
    this.active = -1;
    this.busy = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes?.disconnect();
    this.#sizes = undefined;
    this.#request++;
    const { correction, by, view } = this;
    this.measured.look = { correction, by, view };
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const opened = this.catalogueChanged(changed);
    if (opened) this.#restoreView();
    if (changed.has('items') || changed.has('by')) this.#groups = groupItems(this.items, this.by);
    if ((opened || changed.has('recommender') || changed.has('correction')) && this.#isOpen) void this.#load();
  }

  get #isOpen(): boolean {
    return this.recommender !== null && this.status !== null && this.status.catalogueId !== null;
  }

  /** Shows the map of an earlier visit at once, with the view it had. */
  #restoreView(): void {
    const { look, maps } = this.measured;
    Object.assign(this, { map: null, items: [], view: WHOLE, active: -1, ...look });
    const kept = maps.get(this.correction);
    if (kept) Object.assign(this, { map: kept.map, items: kept.items });
  }

  async #load(): Promise<void> {
    const { recommender } = this;
    const request = ++this.#request;
    if (!recommender) return;
    this.busy = true;
    try {
      const { map, items } = await drawnMap(recommender, this);
      if (request !== this.#request || map === this.map) return;
      const before = this.map;
      this.items = items;
      this.active = -1;
      if (before?.ids.length === map.ids.length) await this.#slide(before, map, request);
      this.map = map;
    } catch (error) {
      this.measured.fail(error);
    } finally {
      if (request === this.#request) this.busy = false;
    }
  }

  /** Moves the dots from their old places, unless the visitor wants reduced motion. */
  async #slide(from: CatalogueMap, to: CatalogueMap, request: number): Promise<void> {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const startMs = performance.now();
    for (;;) {
      const nowMs = await new Promise<number>(requestAnimationFrame);
      const part = Math.min(1, (nowMs - startMs) / TRANSITION_MS);
      if (part >= 1 || request !== this.#request) return;
      const eased = part * part * (3 - 2 * part);
      const between = (a: Float32Array, b: Float32Array): Float32Array => a.map((value, at) => value + eased * ((b[at] as number) - value));
      this.#draw({ ...to, x: between(from.x, to.x), y: between(from.y, to.y) });
    }
  }

  protected override updated(): void {
    const { canvas } = this;
    if (canvas && !this.#sizes) {
      this.#sizes = new ResizeObserver(() => this.#draw(this.map));
      this.#sizes.observe(canvas);
    }
    this.#draw(this.map);
    for (const swatch of this.renderRoot.querySelectorAll<HTMLCanvasElement>('canvas.swatch')) this.#drawSwatch(swatch);
  }

  get canvas(): HTMLCanvasElement | null {
    return this.renderRoot.querySelector('#map');
  }

  #draw(map: CatalogueMap | null): void {
    const { canvas } = this;
    const context = canvas?.getContext('2d');
    if (!canvas || !context || !map) return;
    const { clientWidth: width, clientHeight: height } = canvas;
    const ratio = devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const liked = new Set(map.ids.flatMap((id, at) => (this.ratings.get(id) === 'like' ? [at] : [])));
    drawMap(context, width, height, this.view, { ...map, ...this.#groups, liked, active: this.active, ink: getComputedStyle(this).color });
  }

  #drawSwatch(swatch: HTMLCanvasElement): void {
    const context = swatch.getContext('2d');
    const at = Number(swatch.dataset.at);
    const group = this.#groups.groups[at];
    if (!context || !group) return;
    const { colour, shape } = markOf(group, at);
    context.clearRect(0, 0, 20, 20);
    context.fillStyle = colour;
    context.strokeStyle = colour;
    context.lineWidth = 2;
    drawShape(context, shape, 10, 10, 6);
  }

  #size(): { width: number; height: number } {
    return { width: this.canvas?.clientWidth ?? 1, height: this.canvas?.clientHeight ?? 1 };
  }

  #place({ clientX, clientY }: MouseEvent): { left: number; top: number } {
    const box = this.canvas?.getBoundingClientRect();
    return { left: clientX - (box?.left ?? 0), top: clientY - (box?.top ?? 0) };
  }

  #zoom(factor: number, at?: { left: number; top: number }): void {
    const { width, height } = this.#size();
    this.view = at ? zoomed(this.view, factor, width, height, at.left, at.top) : zoomed(this.view, factor, width, height);
  }

  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !this.matches(':focus-within')) return; // the wheel scrolls the page until the map has the focus
    event.preventDefault();
    this.#zoom(Math.exp(-event.deltaY / 300), this.#place(event));
  }

  #down(event: PointerEvent): void {
    this.canvas?.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, this.#place(event));
    this.#drag = this.#place(event);
  }

  #move(event: PointerEvent): void {
    const here = this.#place(event);
    const { width, height } = this.#size();
    const before = this.#pointers.get(event.pointerId);
    if (before) this.#pointers.set(event.pointerId, here);
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (before && other) {
      const apart = (point: { left: number; top: number }): number => Math.hypot(point.left - other.left, point.top - other.top) || 1;
      this.#zoom(apart(here) / apart(before), { left: (here.left + other.left) / 2, top: (here.top + other.top) / 2 });
    } else if (before && this.#drag) {
      this.view = moved(this.view, here.left - before.left, here.top - before.top, width, height);
    } else if (this.map) {
      this.active = nearestPoint(this.view, width, height, this.map, here.left, here.top);
    }
  }

  #up(event: PointerEvent): void {
    this.#pointers.delete(event.pointerId);
    this.#drag = null;
    const { width, height } = this.#size();
    const { left, top } = this.#place(event);
    if (this.map) this.active = nearestPoint(this.view, width, height, this.map, left, top);
  }

  #key(event: KeyboardEvent): void {
    const { width, height } = this.#size();
    const steps: Record<string, () => void> = {
      ArrowLeft: () => this.#lookAt(moved(this.view, STEP_PIXELS, 0, width, height)),
      ArrowRight: () => this.#lookAt(moved(this.view, -STEP_PIXELS, 0, width, height)),
      ArrowUp: () => this.#lookAt(moved(this.view, 0, STEP_PIXELS, width, height)),
      ArrowDown: () => this.#lookAt(moved(this.view, 0, -STEP_PIXELS, width, height)),
      '+': () => this.#zoom(STEP_ZOOM),
      '=': () => this.#zoom(STEP_ZOOM),
      '-': () => this.#zoom(1 / STEP_ZOOM),
      '0': () => this.#lookAt(WHOLE),
    };
    const step = event.ctrlKey || event.metaKey ? undefined : steps[event.key];
    if (!step) return;
    event.preventDefault();
    step();
  }

  #lookAt(view: Viewport): void {
    this.view = view;
  }

  #name({ key }: Group): string {
    if (key === '') return this.localizer.text('mapOthers');
    return this.by === 'language' ? this.localizer.languageName(key) : categoryName(this.categoryNames, key, this.localizer.tag);
  }

  protected override render(): TemplateResult {
    const { localizer, busy, map } = this;
    const choice = (name: string, text: string, checked: boolean, choose: () => void): TemplateResult =>
      html`<label><input type="radio" name=${name} .checked=${checked} @change=${choose} />${text}</label>`;
    return html`
      <h2 class="page" tabindex="-1">${localizer.text('navMap')}</h2>
      <section aria-label=${localizer.text('mapTitle')} aria-busy=${busy}>
        <p class="muted" id="map-hint">${localizer.text('mapHint')} ${localizer.text('mapKeys')}</p>
        <div class="row">
          <fieldset>
            <legend>${localizer.text('mapColour')}</legend>
            ${choice('by', localizer.text('columnLanguage'), this.by === 'language', () => {
              this.by = 'language';
            })}
            ${choice('by', localizer.text('columnCategory'), this.by === 'category', () => {
              this.by = 'category';
            })}
          </fieldset>
          <fieldset>
            <legend>${localizer.text('mapCorrection')}</legend>
            ${choice('correction', localizer.text('fairBefore'), this.correction === 'before', () => {
              this.correction = 'before';
            })}
            ${choice('correction', localizer.text('fairAfter'), this.correction === 'after', () => {
              this.correction = 'after';
            })}
          </fieldset>
          <div class="row">
            <button type="button" aria-label=${localizer.text('mapIn')} @click=${() => this.#zoom(STEP_ZOOM)}>+</button>
            <button type="button" aria-label=${localizer.text('mapOut')} @click=${() => this.#zoom(1 / STEP_ZOOM)}>−</button>
            <button type="button" @click=${() => this.#lookAt(WHOLE)}>${localizer.text('mapWhole')}</button>
          </div>
        </div>
        <div role="status">${busy ? localizer.text('mapDrawing') : this.#isOpen ? nothing : localizer.text('needsCatalogue')}</div>
        <div class="frame" ?hidden=${map === null}>
          <canvas
            id="map"
            tabindex="0"
            role="img"
            aria-label=${localizer.text('mapTitle')}
            aria-describedby="map-hint"
            @wheel=${this.#wheel}
            @pointerdown=${this.#down}
            @pointermove=${this.#move}
            @pointerup=${this.#up}
            @pointercancel=${this.#up}
            @keydown=${this.#key}
          ></canvas>
          ${this.#tip()}
        </div>
        ${this.#legend()} ${this.#list()}
      </section>
    `;
  }

  #tip(): TemplateResult | typeof nothing {
    const { map, active, items, view } = this;
    const item = items[active];
    if (!map || !item) return nothing;
    const { width, height } = this.#size();
    const { left, top } = toScreen(view, width, height, map.x[active] as number, map.y[active] as number);
    return html`
      <div class="tip ${left > width / 2 ? 'before' : ''} ${top > height / 2 ? 'above' : ''}" .style=${`left:${left}px;top:${top}px`}>
        <bdi lang=${item.language}>${item.title}</bdi>
        <span class="muted">${this.localizer.languageName(item.language)}${item.categories[0] ? ` · ${categoryName(this.categoryNames, item.categories[0], this.localizer.tag)}` : ''}</span>
      </div>
    `;
  }

  #legend(): TemplateResult | typeof nothing {
    if (!this.map) return nothing;
    const { groups } = this.#groups;
    return html`
      <ul class="legend" role="list">
        ${groups.map((group, at) => html`<li><canvas class="swatch" width="20" height="20" data-at=${at} aria-hidden="true"></canvas>${this.#name(group)} <span class="muted">${this.localizer.number(group.count)}</span></li>`)}
        <li><span class="liked" aria-hidden="true"></span>${this.localizer.text('liked')}</li>
      </ul>
    `;
  }

  /** The same as text, for visitors who cannot see the dots: items from left to right. */
  #list(): TemplateResult | typeof nothing {
    const { map, items, localizer } = this;
    if (!map) return nothing;
    const order = items.map((_, at) => at).sort((a, b) => (map.x[a] as number) - (map.x[b] as number));
    return html`
      <details>
        <summary>${localizer.text('mapList')}</summary>
        <ol>
          ${order.slice(0, LISTED).map((at) => html`<li><bdi lang=${items[at]?.language ?? ''}>${items[at]?.title}</bdi> <span class="muted">${localizer.languageName(items[at]?.language ?? '')}</span></li>`)}
        </ol>
      </details>
    `;
  }
}

if (!customElements.get('kindred-map-panel')) customElements.define('kindred-map-panel', MapPanel);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-map-panel': MapPanel;
  }
}
