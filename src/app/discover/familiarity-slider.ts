// A slider from hidden finds to what is well known, for catalogues that state how popular their items are.
import type { PropertyValues, TemplateResult } from 'lit';
import { LocalizedElement } from '../../ui/localized-element.ts';
import { inputs, states } from '../../ui/properties.ts';
import { controls, tokens } from '../../ui/theme.ts';
import { listSlider, listSliderStyles } from './list-slider.ts';

/** Names of the steps, from familiarity −1 to 1. */
const STEPS = ['familiarityHidden', 'familiarityLess', 'familiarityBalanced', 'familiarityMore', 'familiarityKnown'] as const;
const BALANCED = (STEPS.length - 1) / 2;

/** Fires `kindred-familiarity` with −1, −0.5, 0, 0.5 or 1 when the slider is let go. */
export class FamiliaritySlider extends LocalizedElement {
  static override properties = { ...inputs('familiarity'), ...states('step') };
  static override styles = [tokens, controls, listSliderStyles];

  /** In use, −1 to 1. */
  declare familiarity: number;
  /** What the slider shows: a place in STEPS. It follows every move. */
  declare step: number;

  constructor() {
    super();
    this.familiarity = 0;
    this.step = BALANCED;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('familiarity')) this.step = Math.round(BALANCED * (1 + this.familiarity));
  }

  #move(step: number, done: boolean): void {
    this.step = step;
    if (!done) return;
    this.familiarity = step / BALANCED - 1;
    this.emit('kindred-familiarity', this.familiarity);
  }

  protected override render(): TemplateResult {
    const { localizer, step } = this;
    return listSlider({
      label: localizer.text('familiarity'),
      min: 0,
      max: STEPS.length - 1,
      step: 1,
      value: step,
      valueText: localizer.text(STEPS[step] ?? 'familiarityBalanced'),
      direction: localizer.direction,
      onMove: (value, done) => this.#move(value, done),
    });
  }
}

if (!customElements.get('kindred-familiarity')) customElements.define('kindred-familiarity', FamiliaritySlider);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-familiarity': FamiliaritySlider;
  }
}
