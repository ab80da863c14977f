import { expect, test } from 'vitest';
import { ownScript } from './trusted-types.ts';

test('scripts of this site pass, all others are refused', () => {
  const page = 'https://books.example/shelf/';
  expect(ownScript('assets/worker.js', page)).toBe('assets/worker.js');
  expect(ownScript('blob:https://books.example/1-2', page)).toBe('blob:https://books.example/1-2');
  for (const url of [
    'https://cdn.example/x.js',
    '//cdn.example/x.js',
    'data:text/javascript,1',
    'javascript:alert(1)',
    'blob:https://cdn.example/1',
  ]) {
    expect(() => ownScript(url, page), url).toThrow(TypeError);
  }
});
