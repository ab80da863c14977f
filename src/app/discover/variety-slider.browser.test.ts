// The slider of variety: keys in both directions of writing, its event, and its name.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { loadLocalizer } from '../../ui/messages/localize.ts';
import { violationsOf } from '../../ui/testing/accessibility.ts';
import { VarietySlider } from './variety-slider.ts';

let slider: VarietySlider;
let heard: number[];

beforeEach(async () => {
  heard = [];
  slider = new VarietySlider();
  slider.addEventListener('kindred-diversity', (event) => event instanceof CustomEvent && heard.push(event.detail));
  document.body.append(slider);
  await slider.updateComplete;
});

afterEach(() => document.body.replaceChildren());

const input = (): HTMLInputElement => slider.renderRoot.querySelector('input') ?? expect.unreachable('there is a slider');

test('shows what is in use, as a part of the most', async () => {
  slider.diversity = 0.25;
  await slider.updateComplete;
  expect(input().value).toBe('50');
  expect(input().getAttribute('aria-valuetext')).toBe('50%');
  expect(slider.renderRoot.querySelector('output')?.textContent).toBe('50%');
  expect(await violationsOf(slider)).toEqual([]);
});

test('keys move it, towards the end of the reading direction', async () => {
  input().focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowLeft}');
  expect(heard).toEqual([0.05, 0.1, 0.05]);
  await userEvent.keyboard('{End}');
  expect(heard.at(-1)).toBe(0.5);
});

test('right to left', async () => {
  slider.localizer = await loadLocalizer(['ar']);
  await slider.updateComplete;
  expect(slider.renderRoot.querySelector('label')?.textContent).toContain('التنوع');
  input().focus();
  await userEvent.keyboard('{ArrowLeft}{ArrowLeft}');
  expect(heard).toEqual([0.05, 0.1]);
});
