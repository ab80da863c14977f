import { expect, test } from 'vitest';
import { resolveSpeed } from './speed.ts';

const strong = { saveData: false, memoryGb: 8 };

test('auto: quick first, quick alone where data are saved or memory is short', () => {
  expect(resolveSpeed('auto', true, strong)).toBe('quick-then-refined');
  expect(resolveSpeed('auto', true, { saveData: false, memoryGb: undefined })).toBe('quick-then-refined');
  expect(resolveSpeed('auto', true, { ...strong, saveData: true })).toBe('quick');
  expect(resolveSpeed('auto', true, { ...strong, memoryGb: 1 })).toBe('quick');
});

test('a choice is kept, and without an instant table there is only the transformer', () => {
  expect(resolveSpeed('refined', true, { ...strong, saveData: true })).toBe('refined');
  expect(resolveSpeed('quick', true, strong)).toBe('quick');
  expect(resolveSpeed('quick', false, strong)).toBe('refined');
});
