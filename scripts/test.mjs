// `npm test`: types, lint, unit tests, build, tests of the built page. Runs every step even if an earlier one failed, and ends
// a step that hangs. Counts each check and test. The last line is `N passed, N failed`; the line before it says how many tests
// were left out and why, where there are any.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { countPageTests, countUnitTests, leftOutLine } from './count-tests.mjs';
import { ensureChromium } from './find-chromium.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MINUTE_MS = 60_000;
const require = createRequire(import.meta.url);
const LINT_OPTIONS = ['--diagnostic-level=warn', '--error-on-warnings'];
const reports = mkdtempSync(join(tmpdir(), 'kindred-test-'));
const running = new Set();

/** Path of a package's program. Started directly, without a shell or npx, so that ending the child ends the program. */
function program(packageName, name = packageName) {
  const manifest = require.resolve(`${packageName}/package.json`);
  const { bin } = require(manifest);
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[name]);
}

/** Sends a signal to the child and all that it started. */
function signal(child, name) {
  try {
    if (process.platform === 'win32') spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f']);
    else process.kill(-child.pid, name);
  } catch {
    // It has ended already.
  }
}

/** Asks the child to end, so that it closes its browser and server, which are outside its process group; kills it after 10 s. */
function stop(child) {
  signal(child, 'SIGINT');
  setTimeout(() => signal(child, 'SIGKILL'), 10_000).unref();
}

/** @returns {Promise<boolean>} whether the Node program ended with 0 within the time; what is left of its process group is killed */
function run(args, { timeoutMs, env = {} }) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: process.platform !== 'win32',
      env: { ...process.env, ...env },
    });
    running.add(child);
    const timer = setTimeout(() => {
      console.error(`\nNot done after ${timeoutMs / MINUTE_MS} minutes; ended: ${args.join(' ')}`);
      stop(child);
    }, timeoutMs);
    const end = (code) => {
      clearTimeout(timer);
      signal(child, 'SIGKILL');
      running.delete(child);
      resolve(code === 0);
    };
    child.once('error', () => end(1)).once('exit', end);
  });
}

const check = (ok) => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, leftOut: [] });

/** A run that went wrong although no test failed (nothing ran, a hang, an error outside tests) counts as one failure. */
const counted = (ok, counts) => (ok || counts.failed > 0 ? counts : { ...counts, failed: 1 });

function report(name) {
  const path = join(reports, name);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

const STEPS = {
  types: async () => check(await run([program('typescript', 'tsc'), '--noEmit'], { timeoutMs: 3 * MINUTE_MS })),

  lint: async () => {
    const style = await run([program('@biomejs/biome', 'biome'), 'check', ...LINT_OPTIONS], { timeoutMs: 2 * MINUTE_MS });
    const direction = await run(['scripts/import-direction.mjs'], { timeoutMs: MINUTE_MS });
    const paths = await run(['scripts/doc-paths.mjs'], { timeoutMs: MINUTE_MS });
    const readme = await run(['scripts/readme-figures.mjs', '--check'], { timeoutMs: MINUTE_MS });
    return check(style && direction && paths && readme);
  },

  unit: async () => {
    const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${join(reports, 'unit.json')}`];
    const ok = await run([program('vitest'), ...args], { timeoutMs: 8 * MINUTE_MS });
    const found = report('unit.json');
    return found ? counted(ok, countUnitTests(found)) : check(false);
  },

  build: async () => check(await run([program('vite'), 'build'], { timeoutMs: 5 * MINUTE_MS })),

  e2e: async () => {
    const env = { PLAYWRIGHT_JSON_FILE: join(reports, 'e2e.json') };
    const ok = await run([program('@playwright/test', 'playwright'), 'test'], { timeoutMs: 8 * MINUTE_MS, env });
    const found = report('e2e.json');
    return found ? counted(ok, countPageTests(found)) : check(false);
  },
};

let interrupted = false;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(name, () => {
    interrupted = true;
    for (const child of running) stop(child);
  });
}
process.once('exit', () => {
  for (const child of running) signal(child, 'SIGKILL');
  rmSync(reports, { recursive: true, force: true });
});

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = values.only?.split(',') ?? Object.keys(STEPS);
const unknown = wanted.filter((name) => !(name in STEPS));
if (unknown.length > 0) {
  console.error(`Unknown step ${unknown.join(', ')}; there are: ${Object.keys(STEPS).join(', ')}`);
  process.exit(1);
}

if (wanted.includes('unit') || wanted.includes('e2e')) {
  try {
    ensureChromium();
  } catch (error) {
    // The steps that need it fail and are counted; the others still run.
    console.error(error.message);
  }
}

const results = [];
for (const [name, step] of Object.entries(STEPS)) {
  if (interrupted || !wanted.includes(name)) continue;
  console.log(`\n── ${name}`);
  const startMs = performance.now();
  const brokenBuild = name === 'e2e' && results.some((one) => one.name === 'build' && one.failed > 0);
  if (brokenBuild) console.error('Not run, because there is no build to test.');
  const counts = brokenBuild ? check(false) : await step();
  results.push({ name, ...counts, seconds: (performance.now() - startMs) / 1000 });
}

console.log('');
for (const { name, passed, failed, leftOut, seconds } of results) {
  const apart = leftOut.length > 0 ? ` ${leftOut.length} left out` : '';
  console.log(
    `${name.padEnd(6)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${seconds.toFixed(1).padStart(7)} s${apart}`,
  );
}
const leftOut = leftOutLine(results.flatMap((one) => one.leftOut));
if (leftOut) console.log(leftOut);
const total = (key) => results.reduce((sum, one) => sum + one[key], 0);
console.log(`${total('passed')} passed, ${total('failed')} failed`);
process.exitCode = interrupted || total('failed') > 0 ? 1 : 0;
