// Limits for what is fetched before the engine starts.
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { exceeded, measureSizes } from '../scripts/size.mjs';

test('page and element stay within their budgets of JavaScript', () => {
  const sizes = measureSizes(fileURLToPath(new URL('../dist', import.meta.url)));
  for (const [name, { gzipKb, budgetKb }] of Object.entries(sizes)) console.log(`${name}: ${gzipKb.toFixed(1)} kB of ${budgetKb}`);
  expect(exceeded(sizes)).toEqual([]);
});
