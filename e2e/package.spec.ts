// The npm package as users get it: packed, installed, in a Vite project, in plain pages, in React and Vue, in Node, with types.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { build, createServer } from 'vite';
import { buildPackage } from '../scripts/build-package.mjs';
import { element, likeFirst, listed, problemsOf, SHELF } from './element.ts';
import { type StaticHost, serveFolder } from './serve.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const work = mkdtempSync(join(tmpdir(), 'kindred-package-'));
const project = join(work, 'project');
let host: StaticHost;

function run(command: string, args: string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stdout}${stderr}`);
  return stdout.trim();
}

test.beforeAll(async () => {
  await buildPackage({ out: join(work, 'package') });
  const tarball = run('npm', ['pack', './package', '--silent', '--ignore-scripts'], work);
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'shop', private: true, type: 'module' }));
  run('npm', ['install', join(work, tarball), '--offline', '--ignore-scripts', '--no-audit', '--no-fund'], project);
  writeFileSync(join(project, 'items.csv'), SHELF);
  host = await serveFolder(work, '/', 0);
});
test.afterAll(async () => {
  await host?.close();
  rmSync(work, { recursive: true, force: true });
});

/** Builds with the repository's Vite and no configuration, and serves the package's `dist` next to the result. */
async function buildProject(root: string, alias: Record<string, string> = {}): Promise<string> {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  await build({ root, configFile: false, logLevel: 'error', base: './', resolve: { alias } });
  symlinkSync(join(project, 'node_modules/kindred-recommender/dist'), join(root, 'dist/kindred'));
  cpSync(join(project, 'items.csv'), join(root, 'dist/items.csv'));
  return `${host.url}${root.slice(work.length + 1)}/dist/index.html`;
}

test('imports in Node without a DOM, and says there that it needs a browser', () => {
  const code = `
    const { createRecommender, RecommenderError } = await import('kindred-recommender');
    const { defined } = await import('kindred-recommender/element');
    await defined;
    const error = await createRecommender().catch((caught) => caught);
    console.log([error instanceof RecommenderError, error.code].join(' '));`;
  expect(run(process.execPath, ['--input-type=module', '-e', code], project)).toBe('true bad-argument');
});

test('its types fit a strict project', () => {
  writeFileSync(
    join(project, 'use.ts'),
    `import { createRecommender, type Recommender, RecommenderError } from 'kindred-recommender';
import type { SelectDetail } from 'kindred-recommender/element';
export async function start(): Promise<string[]> {
  const kindred: Recommender = await createRecommender({ assetsUrl: '/kindred/', speed: 'quick' });
  const { items } = await kindred.recommend({ count: 3, policy: { mode: 'only', languages: ['de'] } });
  // @ts-expect-error there is no such speed
  await createRecommender({ speed: 'warp' }).catch((error: unknown) => error instanceof RecommenderError && error.code);
  return items.map(({ item }) => item.title);
}
const list = document.querySelector('kindred-recommendations');
list?.addEventListener('select', ({ detail }) => { const chosen: SelectDetail = detail; console.log(chosen.item.link); });
// @ts-expect-error a number
if (list) list.count = 'six';
`,
  );
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        noEmit: true,
        target: 'es2022',
        module: 'esnext',
        moduleResolution: 'bundler',
        lib: ['es2023', 'dom'],
        types: [],
        skipLibCheck: false,
      },
      files: ['use.ts'],
    }),
  );
  const { bin } = require('typescript/package.json');
  run(process.execPath, [join(dirname(require.resolve('typescript/package.json')), bin.tsc), '-p', '.'], project);
});

const VITE_PAGE = '<!doctype html><html lang="en"><title>Shop</title><body><script type="module" src="./main.js"></script></body></html>';
const VITE_MAIN = `import { createRecommender } from 'kindred-recommender';
const kindred = await createRecommender({ assetsUrl: 'kindred/', speed: 'quick' });
await kindred.openCatalogue('items.csv');
await kindred.rate('brot', 'like');
await new Promise((resolve) => kindred.status.phase === 'ready' ? resolve() : kindred.on('status', ({ phase }) => phase === 'ready' && resolve()));
const { items } = await kindred.recommend({ count: 2 });
document.body.dataset.top = items.map(({ item }) => item.id).sort().join(' ');`;

test('a plain Vite project, built', async ({ page }) => {
  const problems = problemsOf(page);
  writeFileSync(join(project, 'index.html'), VITE_PAGE);
  writeFileSync(join(project, 'main.js'), VITE_MAIN);
  await page.goto(await buildProject(project));
  await expect(page.locator('body')).toHaveAttribute('data-top', 'bread pain');
  expect(problems).toEqual([]);
});

test('a plain Vite project, in development', async ({ page }) => {
  const problems = problemsOf(page);
  const root = join(work, 'development');
  mkdirSync(join(root, 'public'), { recursive: true });
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'));
  symlinkSync(join(project, 'node_modules/kindred-recommender/dist'), join(root, 'public/kindred'));
  cpSync(join(project, 'items.csv'), join(root, 'public/items.csv'));
  writeFileSync(join(root, 'index.html'), VITE_PAGE);
  writeFileSync(join(root, 'main.js'), VITE_MAIN);
  const server = await createServer({ root, configFile: false, logLevel: 'error', server: { port: 0, host: 'localhost' } });
  try {
    await server.listen();
    await page.goto(server.resolvedUrls?.local[0] ?? '');
    await expect(page.locator('body')).toHaveAttribute('data-top', 'bread pain');
    expect(problems).toEqual([]);
  } finally {
    await server.close();
  }
});

test('a Vite project whose assets are not served says what to do', async ({ page }) => {
  writeFileSync(
    join(project, 'main.js'),
    `import { createRecommender } from 'kindred-recommender';
createRecommender({ assetsUrl: 'nowhere/' }).catch(({ code, message }) => { document.body.dataset.error = code + ' ' + message; });`,
  );
  await page.goto(await buildProject(project));
  await expect(page.locator('body')).toHaveAttribute('data-error', /^worker-failed .*assetsUrl/);
});

test('plain pages: by import map, and by the address of kindred.js alone', async ({ page }) => {
  const problems = problemsOf(page);
  const list = '<kindred-recommendations catalogue="items.csv" count="4" speed="quick"></kindred-recommendations>';
  const map = JSON.stringify({ imports: { 'kindred-recommender/element': './node_modules/kindred-recommender/lib/element.js' } });
  const pages = {
    'map.html': `<script type="importmap">${map}</script><script type="module">import 'kindred-recommender/element';</script>${list}`,
    'plain.html': `<script type="module" src="node_modules/kindred-recommender/dist/kindred.js"></script>${list}`,
  };
  for (const [name, body] of Object.entries(pages)) {
    writeFileSync(join(project, name), `<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title><body>${body}</body></html>`);
    await page.goto(`${host.url}project/${name}`);
    await expect(listed(page)).toHaveCount(4);
    await expect(element(page)).toHaveAttribute('data-phase', 'ready');
  }
  await likeFirst(page);
  expect(problems).toEqual([]);
});

/** Folder of an installed library, or null. */
function folderOf(library: string): string | null {
  try {
    return dirname(require.resolve(`${library}/package.json`));
  } catch {
    return null;
  }
}

for (const [name, libraries] of [
  ['react', ['react', 'react-dom']],
  ['vue', ['vue']],
] as const) {
  const folders = libraries.map((library) => [library, folderOf(library)] as const);
  if (folders.some(([, folder]) => folder === null)) {
    console.log(`The ${name} wrapper is left out: ${libraries.join(' and ')} not installed.`);
    continue;
  }
  test(`the ${name} wrapper: events, changed props, likes`, async ({ page }) => {
    const problems = problemsOf(page);
    const root = join(work, name);
    cpSync(join(ROOT, 'examples', name), root, { recursive: true });
    mkdirSync(join(root, 'node_modules'));
    symlinkSync(join(project, 'node_modules/kindred-recommender'), join(root, 'node_modules/kindred-recommender'));
    const alias = Object.fromEntries(folders.map(([library, folder]) => [library, folder ?? '']));
    await page.goto(await buildProject(root, alias));
    await expect(page.getByRole('status').first()).toHaveText('6 items');
    await expect(listed(page)).toHaveCount(3);
    await page.getByRole('button', { name: 'One more' }).click();
    await expect(listed(page)).toHaveCount(4);
    await likeFirst(page);
    expect(problems).toEqual([]);
  });
}
