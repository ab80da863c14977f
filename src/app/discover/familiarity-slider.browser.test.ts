// The slider from hidden finds to what is well known: its five steps by name, keys in both directions of writing, its event.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { loadLocalizer } from '../../ui/messages/localize.ts';
import { violationsOf } from '../../ui/testing/accessibility.ts';
import { FamiliaritySlider } from './familiarity-slider.ts';

let slider: FamiliaritySlider;
let heard: number[];

beforeEach(async () => {
  heard = [];
  slider = new FamiliaritySlider();
  slider.addEventListener('kindred-familiarity', (event) => event instanceof CustomEvent && heard.push(event.detail));
  document.body.append(slider);
  await slider.updateComplete;
});

afterEach(() => document.body.replaceChildren());

const input = (): HTMLInputElement => slider.renderRoot.querySelector('input') ?? expect.unreachable('there is a slider');

test.each([
  [-1, 'hidden finds'],
  [-0.5, 'less known'],
  [0, 'balanced'],
  [0.5, 'better known'],
  [1, 'well known'],
])('says what %d means', async (familiarity, words) => {
  slider.familiarity = familiarity;
  await slider.updateComplete;
  expect(input().getAttribute('aria-valuetext')).toBe(words);
  expect(slider.renderRoot.querySelector('output')?.textContent).toBe(words);
});

test('has a name and no violation', async () => {
  expect(input().labels?.[0]?.textContent).toContain('Familiarity');
  expect(await violationsOf(slider)).toEqual([]);
});

test('keys move it in five steps', async () => {
  input().focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}');
  expect(heard).toEqual([0.5, 1]);
  await userEvent.keyboard('{Home}');
  expect(heard.at(-1)).toBe(-1);
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  expect(heard.slice(-2)).toEqual([-0.5, 0]);
});

test('right to left', async () => {
  slider.localizer = await loadLocalizer(['he']);
  await slider.updateComplete;
  expect(input().getAttribute('aria-valuetext')).toBe('מאוזן');
  input().focus();
  await userEvent.keyboard('{ArrowLeft}');
  expect(heard).toEqual([0.5]);
});
