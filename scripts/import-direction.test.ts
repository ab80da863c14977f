// The direction rule must catch what it claims to catch, so each kind of forbidden import is tried in a temporary tree.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { commandLineViolations, ROOMS, violations } from './import-direction.mjs';

const trees: string[] = [];

function tree(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'rooms-'));
  trees.push(root);
  for (const [path, code] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), code);
  }
  return root;
}

afterEach(() => {
  for (const root of trees.splice(0)) rmSync(root, { recursive: true });
});

test.each([
  ['static', "import { rank } from '../ranking/rank.ts';"],
  ['static, several lines', "import {\n  rank,\n} from '../ranking/rank.ts';"],
  ['type', "import type { Rank } from '../ranking/rank.ts';"],
  ['re-export', "export { rank } from '../ranking/rank.ts';"],
  ['re-export of all', "export * from '../ranking/rank.ts';"],
  ['dynamic', "const { rank } = await import('../ranking/rank.ts');\nexport { rank };"],
  ['type expression', "export type Rank = import('../ranking/rank.ts').Rank;"],
  ['with a query', "import text from '../ranking/rank.wgsl?raw';\nexport { text };"],
])('an upward import is refused: %s', (_, code) => {
  const [only, ...more] = violations(tree({ 'head/fit.ts': `// why\n${code}\n` }));
  expect(only).toMatch(/^src\/head\/fit\.ts:2 imports \.\.\/ranking\/rank\.\w+(\?raw)?: head may import compute, base$/);
  expect(more).toEqual([]);
});

test('the room counts, not a folder of the same name', () => {
  expect(violations(tree({ 'compute/cpu/head/dot.ts': "import '../../../head/fit.ts';" }))).toHaveLength(1);
  expect(violations(tree({ 'compute/cpu/dot.ts': "import './head/part.ts';\nimport '../index.ts';" }))).toEqual([]);
});

test('downward imports, base, text in comments and strings, and files outside src pass', () => {
  const code = [
    "import { dot } from '../compute/cpu/dot.ts';",
    "import { RecommenderError } from '../base/errors.ts';",
    "import data from '../../package.json';",
    "// import { rank } from '../ranking/rank.ts';",
    'export const sample = "import { rank } from \'../ranking/rank.ts\';";',
    'export { dot, RecommenderError, data };',
  ].join('\n');
  expect(violations(tree({ 'head/fit.ts': code }))).toEqual([]);
});

test('of the protocol, the page gets types only', () => {
  const types = "import type { A } from '../protocol/a.ts';\nimport { type B } from '../protocol/a.ts';\nexport type { C } from '../protocol/a.ts';";
  expect(violations(tree({ 'app/create.ts': types }))).toEqual([]);
  expect(violations(tree({ 'app/create.ts': "import { type A, b } from '../protocol/a.ts';" }))).toHaveLength(1);
});

test('a wrapped library stays in its room', () => {
  const code = "import * as ort from 'onnxruntime-web/wasm';\nimport { openDB } from 'idb';\nexport { ort, openDB };";
  expect(violations(tree({ 'encoder/session.ts': code }))).toEqual(['src/encoder/session.ts:2 imports idb: only store may']);
  expect(violations(tree({ 'store/database.ts': code }))).toEqual(['src/store/database.ts:1 imports onnxruntime-web/wasm: only encoder may']);
});

test('a room without a row in the table is refused, and base imports nothing', () => {
  expect(violations(tree({ 'newroom/a.ts': 'export const a = 1;' }))).toHaveLength(1);
  expect(violations(tree({ 'base/a.ts': "import '../compute/b.ts';" }))).toHaveLength(1);
});

test('the command line imports no room of the page', () => {
  const root = tree({ 'cli/lib/a.ts': "import '../../src/engine/engine.ts';\nimport '../../src/owner/prior.ts';\nimport './engine.ts';" });
  expect(commandLineViolations(join(root, 'cli'))).toEqual([
    'cli/lib/a.ts:1 imports ../../src/engine/engine.ts: the command line may not import engine',
  ]);
});

test('the table has no way round in a circle', () => {
  const seen = new Set<string>();
  const visit = (room: string, path: readonly string[]): void => {
    expect(path, `circle: ${[...path, room].join(' → ')}`).not.toContain(room);
    seen.add(room);
    for (const next of ROOMS[room] ?? []) visit(next.replace('type:', ''), [...path, room]);
  };
  for (const room of Object.keys(ROOMS)) visit(room, []);
  expect(seen.size).toBe(Object.keys(ROOMS).length);
});
