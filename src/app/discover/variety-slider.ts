// A slider for the variety of the list.
import type { PropertyValues, TemplateResult } from 'lit';
import { LocalizedElement } from '../../ui/localized-element.ts';
import { inputs, states } from '../../ui/properties.ts';
import { controls, tokens } from '../../ui/theme.ts';
import { MOST_DIVERSITY } from '../saved.ts';
import { listSlider, listSliderStyles } from './list-slider.ts';

const STEP_PERCENT = 10;

/** Fires `kindred-diversity` with a λ from 0 to MOST_DIVERSITY when the slider is let go. */
export class VarietySlider extends LocalizedElement {
  static override properties = { ...inputs('diversity'), ...states('percent') };
  static override styles = [tokens, controls, listSliderStyles];

  /** λ in use. */
  declare diversity: number;
  /** What the slider shows, 0 to 100. It follows every move. */
  declare percent: number;

  constructor() {
    super();
    this.diversity = 0;
    this.percent = 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('diversity')) this.percent = Math.round((100 * this.diversity) / MOST_DIVERSITY);
  }

  #move(percent: number, done: boolean): void {
    this.percent = percent;
    if (!done) return;
    this.diversity = (percent / 100) * MOST_DIVERSITY;
    this.emit('kindred-diversity', this.diversity);
  }

  protected override render(): TemplateResult {
    const { localizer, percent } = this;
    return listSlider({
      label: localizer.text('variety'),
      min: 0,
      max: 100,
      step: STEP_PERCENT,
      value: percent,
      valueText: localizer.percent(percent / 100),
      direction: localizer.direction,
      onMove: (value, done) => this.#move(value, done),
    });
  }
}

if (!customElements.get('kindred-variety')) customElements.define('kindred-variety', VarietySlider);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-variety': VarietySlider;
  }
}
