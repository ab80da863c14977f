// What every benchmark needs: figures for scripts, a page for people, a browser, and statistics.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { CHROMIUM_FLAGS, ensureChromium, findChromium } from '../scripts/find-chromium.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const PAGES = fileURLToPath(new URL('../docs/benchmarks/', import.meta.url));
const WEBGPU_FLAGS = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** @type {Map<string, string | number>} */
const figures = new Map();
let pageIsWritten = false;

/**
 * Keeps a figure of this run. All are printed as `name: value` lines, in order, when the process ends, and stand at the end of the page.
 * The last value of a name counts.
 */
export function figure(name, value) {
  if (pageIsWritten) throw new Error(`The figure ${name} comes after the page was written. Call figure() before writePage().`);
  if (figures.size === 0) process.once('exit', () => console.log(figureLines()));
  figures.set(name, value);
}

const figureLines = () => [...figures].map(([name, value]) => `${name}: ${value}`).join('\n');

/** @returns {string} the run's command as one would type it */
function commandLine() {
  const script = process.argv[1] ?? '';
  const name = basename(script) === 'index.mjs' ? basename(dirname(script)) : basename(script, '.mjs');
  const args = process.argv.slice(2).map((arg) => (/^[\w./:=,-]+$/.test(arg) ? arg : JSON.stringify(arg)));
  return ['npm run bench --', name, ...args].join(' ');
}

/** @returns {string} e.g. `Chromium 156.0.8078.79`, or `none` */
function chromiumVersion() {
  const path = findChromium();
  const output = path ? spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout : '';
  return /\d+(\.\d+){3}/.exec(output ?? '')?.[0] ?? 'none';
}

/** @returns {string} the commit that was measured, and whether files differed from it */
export function commitName() {
  const git = (...args) => spawnSync('git', args, { cwd: HERE, encoding: 'utf8' }).stdout?.trim() ?? '';
  const commit = git('rev-parse', '--short=10', 'HEAD');
  if (commit === '') return 'unknown (no git)';
  return git('status', '--porcelain', '--untracked-files=no', '--', ':/', ':!:/docs/benchmarks') === ''
    ? commit
    : `${commit}, with uncommitted changes`;
}

/**
 * Key of what a benchmark keeps between runs: another model or changed code gives another key, so that no old figure is shown as new.
 * @param {string[]} paths files and folders from the root whose contents decide, such as 'src/language'
 * @returns {string} 12 hex digits
 */
export function measurementKey(...paths) {
  const root = join(HERE, '..');
  const hash = createHash('sha256');
  const add = (path) => {
    const full = join(root, path);
    if (statSync(full).isDirectory()) for (const name of readdirSync(full).sort()) add(join(path, name));
    else if (!/\.test\.|\.md$/.test(path)) hash.update(`${path}\n`).update(readFileSync(full));
  };
  for (const path of paths) add(path);
  return hash.digest('hex').slice(0, 12);
}

/** Where the benchmarks of quality keep their reports, for this code and model. */
export const qualityFolder = () =>
  join(
    HERE,
    '../.cache/quality',
    measurementKey(
      'src/evaluation',
      'src/owner',
      'src/head',
      'src/ranking',
      'src/language',
      'bench/quality',
      'public/models/multilingual-e5-small/manifest.json',
    ),
  );

/** At the start, because a long run goes on with the code that it loaded, whatever is committed meanwhile. */
const startCommit = commitName();
/** Load at the start: what else the machine was doing. */
const startLoad = loadavg();

/**
 * Writes docs/benchmarks/NAME.md: the text under the machine, commit and command that it was measured with, and at its end all figures of
 * this run, from which other documents take theirs (`scripts/readme-figures.mjs`).
 * @returns {string} its path
 */
export function writePage(name, markdown, title = name) {
  const processors = cpus();
  const facts = table(
    [
      { Measured: 'Date', with: new Date().toISOString().slice(0, 10) },
      { Measured: 'Command', with: `\`${commandLine()}\`` },
      { Measured: 'Commit', with: startCommit },
      { Measured: 'Processor', with: `${processors[0]?.model.trim() || 'unknown'}, ${processors.length} cores` },
      { Measured: 'Load (1 min)', with: `${startLoad[0].toFixed(1)} at the start, ${loadavg()[0].toFixed(1)} at the end` },
      { Measured: 'Node', with: process.versions.node },
      { Measured: 'Chromium', with: chromiumVersion() },
    ],
    { print: false },
  );
  mkdirSync(PAGES, { recursive: true });
  const path = join(PAGES, `${name}.md`);
  const list = figures.size > 0 ? `\n\n## Figures\n\n\`\`\`text\n${figureLines()}\n\`\`\`` : '';
  writeFileSync(path, `# ${title}\n\n${facts}\n\n${markdown.trim()}${list}\n`);
  pageIsWritten = true;
  return path;
}

/**
 * @param {Record<string, string | number>[]} rows one object a row; the first row's keys are the columns
 * @returns {string} a markdown table, also printed unless `print` is false
 */
export function table(rows, { print = true } = {}) {
  const columns = Object.keys(rows[0] ?? {});
  const cells = rows.map((row) => columns.map((column) => String(row[column] ?? '').replaceAll('|', '\\|')));
  const numeric = columns.map((column) => rows.every((row) => typeof row[column] === 'number'));
  const width = columns.map((column, i) => Math.max(3, column.length, ...cells.map((row) => row[i].length)));
  const line = (row) => `| ${row.map((cell, i) => (numeric[i] ? cell.padStart(width[i]) : cell.padEnd(width[i]))).join(' | ')} |`;
  const rule = `|${width.map((n, i) => (numeric[i] ? `${'-'.repeat(n + 1)}:` : '-'.repeat(n + 2))).join('|')}|`;
  const markdown = [line(columns), rule, ...cells.map(line)].join('\n');
  if (print) console.log(markdown);
  return markdown;
}

/** @returns {Promise<import('playwright').Browser>} headless Chromium; with `webgpu`, WebGPU in software where there is no GPU */
export function openChromium({ webgpu = false, args = [], ...options } = {}) {
  const flags = webgpu ? CHROMIUM_FLAGS : CHROMIUM_FLAGS.filter((flag) => !WEBGPU_FLAGS.includes(flag));
  return chromium.launch({ executablePath: ensureChromium(), ...options, args: [...flags, ...args] });
}

/** @returns {number} the q-quantile (0 to 1) by linear interpolation between order statistics (Hyndman & Fan 1996, type 7) */
export function quantile(values, q) {
  if (values.length === 0) throw new RangeError('quantile of no values');
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * Math.min(1, Math.max(0, q));
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}

/** @returns {number} */
export const median = (values) => quantile(values, 0.5);
