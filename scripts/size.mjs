// What the built page and element cost before the engine starts, from the files alone, against fixed budgets.
// `node scripts/size.mjs [--dist DIR]` prints the table and ends with 1 when a budget is exceeded.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { parseSync } from 'vite';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));

/**
 * Entries, and the dynamic imports (by chunk name) that are part of every start: the element itself, and what starts the
 * worker. Languages other than English are not counted.
 */
const STARTS = {
  shell: { entry: 'index.html', chunks: ['create'] },
  element: { entry: 'kindred.js', chunks: ['kindred-recommendations', 'create'] },
};

/** Kilobytes (1,000 bytes) of gzip. The element's is what was measured on 2026-11-24 and a tenth more. */
export const BUDGETS_KB = { shell: 60, element: 30 };

/** @returns {string[]} files that a script needs before it runs, itself first */
function withStaticImports(file, found = new Set()) {
  if (found.has(file)) return [...found];
  found.add(file);
  const { program } = parseSync(file, readFileSync(file, 'utf8'));
  for (const { type, source } of program.body) {
    const imports = type === 'ImportDeclaration' || type === 'ExportNamedDeclaration' || type === 'ExportAllDeclaration';
    if (imports && source?.value.startsWith('.')) withStaticImports(join(dirname(file), source.value), found);
  }
  return [...found];
}

function scriptsOf(dist, entry) {
  if (!entry.endsWith('.html')) return [join(dist, entry)];
  const html = readFileSync(join(dist, entry), 'utf8');
  return [...html.matchAll(/<script\b[^>]*\bsrc="([^"]+)"/g)].map(([, src]) => join(dist, src));
}

function chunkFile(dist, name) {
  const files = readdirSync(join(dist, 'assets')).filter((file) => new RegExp(`^${name}-[\\w-]{8}\\.js$`).test(file));
  if (files.length !== 1)
    throw new Error(`One chunk '${name}' was expected in ${dist}/assets, there are ${files.length}. Build first: npm run build`);
  return join(dist, 'assets', files[0]);
}

/**
 * @param {string} dist folder of the build
 * @returns {Record<string, {gzipKb: number, budgetKb: number, files: {name: string, bytes: number, gzipBytes: number}[]}>} by start;
 *   gzip at level 9, each file by itself
 * @throws Error when there is no build
 */
export function measureSizes(dist = DIST) {
  if (!existsSync(join(dist, 'index.html'))) throw new Error(`There is no build in ${dist}. Run: npm run build`);
  return Object.fromEntries(
    Object.entries(STARTS).map(([name, { entry, chunks }]) => {
      const roots = [...scriptsOf(dist, entry), ...chunks.map((chunk) => chunkFile(dist, chunk))];
      const files = [...new Set(roots.flatMap((root) => withStaticImports(root)))].map((path) => {
        const content = readFileSync(path);
        return { name: relative(dist, path), bytes: content.length, gzipBytes: gzipSync(content, { level: 9 }).length };
      });
      const gzipKb = files.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0) / 1000;
      return [name, { gzipKb, budgetKb: BUDGETS_KB[name], files }];
    }),
  );
}

/** @returns {string[]} one sentence for each budget that is exceeded */
export function exceeded(sizes) {
  return Object.entries(sizes)
    .filter(([, { gzipKb, budgetKb }]) => gzipKb > budgetKb)
    .map(([name, { gzipKb, budgetKb, files }]) => {
      const largest = [...files].sort((a, b) => b.gzipBytes - a.gzipBytes).slice(0, 3);
      return `${name}: ${gzipKb.toFixed(1)} kB of ${budgetKb} kB gzip; largest: ${largest.map((one) => `${basename(one.name)} ${(one.gzipBytes / 1000).toFixed(1)}`).join(', ')}`;
    });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({ options: { dist: { type: 'string', default: DIST } } });
  const sizes = measureSizes(values.dist);
  for (const [name, { gzipKb, budgetKb, files }] of Object.entries(sizes)) {
    console.log(`${name}: ${gzipKb.toFixed(1)} kB gzip of JavaScript in ${files.length} files, of ${budgetKb} kB`);
  }
  const over = exceeded(sizes);
  for (const line of over) console.error(`Over budget: ${line}`);
  process.exitCode = over.length === 0 ? 0 : 1;
}
