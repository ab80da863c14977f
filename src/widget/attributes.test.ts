// Attributes written by hand: sensible values for whatever stands there. And the entry can be imported without a DOM.
import { expect, test } from 'vitest';
import { readCount, readDiversity, readEncoder, readFamiliarity, readLoading, readPolicy, readSpeed, readTheme } from './attributes.ts';

test('count, diversity, familiarity, encoder, speed, theme and loading', () => {
  expect([null, '', '0', '-1', '2.5', 'x', '101', '4'].map(readCount)).toEqual([6, 6, 6, 6, 6, 6, 6, 4]);
  expect([null, '', '0.3', '1', '1.5', '-1', 'much'].map(readDiversity)).toEqual([0, 0, 0.3, 1, 0, 0, 0]);
  expect([null, '', '-1', '0.5', '1', '1.5', '-2', 'much'].map(readFamiliarity)).toEqual([0, 0, -1, 0.5, 1, 0, 0, 0]);
  expect([null, 'fast', 'quick', 'quick-then-refined', 'refined'].map(readSpeed)).toEqual(['auto', 'auto', 'quick', 'quick-then-refined', 'refined']);
  expect([null, 'gpu', 'wasm', 'webgpu'].map(readEncoder)).toEqual(['auto', 'auto', 'wasm', 'webgpu']);
  expect([null, 'blue', 'dark', 'light'].map(readTheme)).toEqual(['auto', 'auto', 'dark', 'light']);
  expect([null, 'lazy', 'eager'].map(readLoading)).toEqual(['visible', 'visible', 'eager']);
});

test('language', () => {
  const catalogue = ['pt-BR', 'de', 'ja'];
  expect(readPolicy(null, catalogue, ['de'])).toEqual({ mode: 'any' });
  expect(readPolicy('any', catalogue, ['de'])).toEqual({ mode: 'any' });
  expect(readPolicy('mix', catalogue, ['de'])).toEqual({ mode: 'mix' });
  expect(readPolicy('auto', catalogue, ['pt-PT', 'de'])).toEqual({ mode: 'only', languages: ['pt-BR', 'de'] });
  expect(readPolicy('auto', catalogue, ['fi'])).toEqual({ mode: 'any' });
  expect(readPolicy(' de, ja ,', catalogue, [])).toEqual({ mode: 'only', languages: ['de', 'ja'] });
});

test('the entry imports on a server and defines nothing', async () => {
  const { defined } = await import('./kindred.ts');
  await expect(defined).resolves.toBeUndefined();
});
