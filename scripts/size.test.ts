// The size check against a build made by hand: what counts as a start, and what a budget says.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BUDGETS_KB, exceeded, measureSizes } from './size.mjs';

const dist = mkdtempSync(join(tmpdir(), 'kindred-size-'));
/** Hardly compressible, so that a file's gzip size is near its own. */
function noise(bytes: number): string {
  let state = 1;
  let text = '';
  while (text.length < bytes) {
    state = (state * 48271) % 2147483647; // Park and Miller 1988
    text += state.toString(36);
  }
  return text.slice(0, bytes);
}

beforeAll(() => {
  mkdirSync(join(dist, 'assets'));
  const files = {
    'index.html': '<script type="module" crossorigin src="./assets/index-AAAAAAAA.js"></script>',
    'kindred.js': 'const load = () => import("./assets/kindred-recommendations-DDDDDDDD.js"); export { load };',
    'assets/index-AAAAAAAA.js': 'import "./shared-BBBBBBBB.js"; const later = () => import("./worker-EEEEEEEE.js"); later();',
    'assets/shared-BBBBBBBB.js': 'export * from "./deep-CCCCCCCC.js"; import "bare";',
    'assets/deep-CCCCCCCC.js': `export const deep = "${noise(4000)}";`,
    'assets/create-FFFFFFFF.js': 'import "./shared-BBBBBBBB.js";',
    'assets/kindred-recommendations-DDDDDDDD.js': 'import "./deep-CCCCCCCC.js";',
    'assets/worker-EEEEEEEE.js': `"${noise(90_000)}";`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dist, name), text);
});
afterAll(() => rmSync(dist, { recursive: true, force: true }));

test('a start is its entry, what that imports statically in turn, and the chunks that every start needs', () => {
  const { shell, element } = measureSizes(dist);
  expect(shell.files.map(({ name }) => name).sort()).toEqual([
    'assets/create-FFFFFFFF.js',
    'assets/deep-CCCCCCCC.js',
    'assets/index-AAAAAAAA.js',
    'assets/shared-BBBBBBBB.js',
  ]);
  expect(element.files.map(({ name }) => name).sort()).toEqual([
    'assets/create-FFFFFFFF.js',
    'assets/deep-CCCCCCCC.js',
    'assets/kindred-recommendations-DDDDDDDD.js',
    'assets/shared-BBBBBBBB.js',
    'kindred.js',
  ]);
  expect(shell.gzipKb).toBeGreaterThan(2.5);
  expect(shell.gzipKb).toBeLessThan(5);
  expect(exceeded({ shell, element })).toEqual([]);
});

test('a budget that is exceeded is said with the largest files', () => {
  writeFileSync(join(dist, 'assets/deep-CCCCCCCC.js'), `export const deep = "${noise(120_000)}";`);
  const lines = exceeded(measureSizes(dist));
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(new RegExp(`^shell: \\d+\\.\\d kB of ${BUDGETS_KB.shell} kB gzip; largest: deep-CCCCCCCC.js`));
});

test('without a build it says to build', () => {
  expect(() => measureSizes(join(dist, 'nowhere'))).toThrow(/npm run build/);
});
