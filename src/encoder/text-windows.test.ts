// No character may be lost or cut in two when a text is halved until it fits.
import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { cutText } from './text-windows.ts';

const byWords = (part: string) => 2 + part.split(' ').filter(Boolean).length;

test('what fits stays whole', () => {
  expect(cutText('', 24, byWords)).toEqual([{ text: '', tokens: 2 }]);
  expect(cutText('a red fox', 24, byWords)).toEqual([{ text: 'a red fox', tokens: 5 }]);
});

test('100 random texts: the parts join to the text, fit, and words stay whole', () => {
  const random = seededRandom(5);
  for (let round = 0; round < 100; round++) {
    const text = Array.from({ length: Math.floor(random() * 400) }, () => 'w'.repeat(1 + Math.floor(random() * 9))).join(' ');
    const parts = cutText(text, 24, byWords);
    expect(parts.map((part) => part.text).join('')).toBe(text);
    for (const part of parts) expect(part.tokens).toBeLessThanOrEqual(24);
    expect(parts.flatMap((part) => part.text.split(' ')).filter(Boolean)).toEqual(text.split(' ').filter(Boolean));
  }
});

test('without spaces it is cut between characters; what cannot be cut is left to the tokenizer', () => {
  const parts = cutText('🦊'.repeat(100), 20, (part) => part.length);
  expect(parts.map((part) => part.text).join('')).toBe('🦊'.repeat(100));
  for (const { text } of parts) expect(text).toMatch(/^(🦊)+$/u);
  expect(cutText('🦊', 1, () => 9)).toEqual([{ text: '🦊', tokens: 1 }]);
});
