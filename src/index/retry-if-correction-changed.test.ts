import { expect, test } from 'vitest';
import { retryIfCorrectionChanged } from './retry-if-correction-changed.ts';

test('asks once where the correction stays', async () => {
  let asked = 0;
  expect(await retryIfCorrectionChanged({ correctionVersion: 1 }, async () => ++asked)).toBe(1);
  await expect(
    retryIfCorrectionChanged({ correctionVersion: 1 }, async () => {
      asked++;
      throw new Error('as it was');
    }),
  ).rejects.toThrow('as it was');
  expect(asked).toBe(2);
});

test.each([false, true])('asks again where it was replaced meanwhile, also when that made the first fail (%s)', async (fails) => {
  const table = { correctionVersion: 1 };
  let asked = 0;
  const answer = await retryIfCorrectionChanged(table, async () => {
    asked++;
    if (asked === 1) {
      table.correctionVersion++;
      if (fails) throw new Error('two spaces');
    }
    return asked;
  });
  expect(answer).toBe(2);
});
