// Builds dist-package/, what `npm pack` packs: `lib/` for bundlers and Node, `dist/` to be served whole (worker, element, models),
// `types/`. Our libraries are bundled in, so that the package installs without any other.
// `node scripts/build-package.mjs [--out DIR] [--without-models]`
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build, loadConfigFromFile } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
/** Entries of the library; the types are those of the same files. */
const ENTRIES = { index: 'client/create', element: 'widget/kindred' };
/** What embedders serve beside the scripts. */
const SERVED = ['embed.html', 'embed-frame.js', 'icon.svg'];

/**
 * @param {{out?: string, models?: boolean}} options `out`: folder, emptied first; `models: false` leaves the 67 MB of them out
 * @returns {Promise<string>} the folder
 */
export async function buildPackage({ out = join(ROOT, 'dist-package'), models = true } = {}) {
  rmSync(out, { recursive: true, force: true });
  await buildServed(join(out, 'dist'));
  for (const name of SERVED) cpSync(join(ROOT, 'public', name), join(out, 'dist', name));
  if (models) cpSync(join(ROOT, 'public/models'), join(out, 'dist/models'), { recursive: true });
  await buildLibrary(join(out, 'lib'));
  emitTypes(join(out, 'types'));
  cpSync(join(ROOT, 'LICENSE'), join(out, 'LICENSE'));
  writeFileSync(join(out, 'THIRD-PARTY.md'), thirdParty());
  cpSync(join(ROOT, 'docs/embedding.md'), join(out, 'README.md'));
  writeFileSync(join(out, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
  return out;
}

/** kindred.js and all it loads, as in the page's build but without the page. */
async function buildServed(outDir) {
  const loaded = await loadConfigFromFile({ command: 'build', mode: 'production' }, join(ROOT, 'vite.config.ts'));
  if (!loaded) throw new Error('vite.config.ts cannot be loaded.');
  const { config } = loaded;
  const plugins = (config.plugins ?? []).flat(Number.POSITIVE_INFINITY).filter((one) => one && !one.name?.startsWith('vite-plugin-pwa'));
  const rolldownOptions = { ...config.build?.rolldownOptions, input: { kindred: join(ROOT, 'src/widget/kindred.ts') } };
  await build({
    ...config,
    configFile: false,
    root: ROOT,
    plugins,
    publicDir: false,
    logLevel: 'warn',
    build: { ...config.build, outDir, emptyOutDir: true, rolldownOptions },
  });
  const workers = readdirSync(join(outDir, 'assets')).filter((name) => /^worker-[^.]+\.js$/.test(name));
  if (workers.length !== 1) throw new Error(`One worker was expected in assets/, there are ${workers.length}: ${workers.join(', ')}`);
  // A name without a hash, which start-worker.package.ts can know.
  writeFileSync(join(outDir, 'kindred-worker.js'), `import './assets/${workers[0]}';\n`);
}

async function buildLibrary(outDir) {
  const source = join(ROOT, 'src/client/start-worker.ts');
  await build({
    configFile: false,
    root: ROOT,
    publicDir: false,
    logLevel: 'warn',
    plugins: [
      {
        name: 'kindred:worker-of-the-package',
        enforce: 'pre',
        async resolveId(id, importer) {
          if (!id.endsWith('/start-worker.ts') || !importer || resolve(dirname(importer), id) !== source) return null;
          return source.replace(/\.ts$/, '.package.ts');
        },
      },
    ],
    build: {
      target: 'es2023',
      outDir,
      emptyOutDir: true,
      minify: false,
      lib: { entry: Object.fromEntries(Object.entries(ENTRIES).map(([name, path]) => [name, join(ROOT, `src/${path}.ts`)])), formats: ['es'] },
      rolldownOptions: { output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' } },
    },
  });
}

/** Declarations of the entries and of what they import. */
function emitTypes(outDir) {
  const work = mkdtempSync(join(tmpdir(), 'kindred-types-'));
  try {
    const options = { noEmit: false, declaration: true, emitDeclarationOnly: true, rootDir: join(ROOT, 'src'), outDir: join(work, 'out') };
    const types = ['@webgpu/types', 'vite/client', 'node'].map((name) =>
      join(ROOT, 'node_modules', name === '@webgpu/types' || name.includes('/') ? name : `@types/${name}`),
    );
    const files = Object.values(ENTRIES).map((path) => join(ROOT, `src/${path}.ts`));
    writeFileSync(
      join(work, 'tsconfig.json'),
      JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), compilerOptions: { ...options, types }, files, include: [] }),
    );
    const tsc = join(dirname(require.resolve('typescript/package.json')), require('typescript/package.json').bin.tsc);
    // Type errors are ignored here: `npm run check` reports them.
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', work], { encoding: 'utf8' });
    for (const path of Object.values(ENTRIES)) {
      if (!existsSync(join(options.outDir, `${path}.d.ts`))) throw new Error(`There are no types of src/${path}.ts: ${stdout}`);
      copyDeclarations(options.outDir, outDir, `${path}.d.ts`);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Copies a declaration and all that it imports; `.ts` in import paths becomes `.js`, as module resolution needs it. */
function copyDeclarations(from, to, file, done = new Set()) {
  if (done.has(file)) return;
  done.add(file);
  const text = readFileSync(join(from, file), 'utf8');
  const ADDRESS = /((?:from|import)\s*\(?\s*['"])(\.[^'"]+)\.ts(['"])/g;
  mkdirSync(dirname(join(to, file)), { recursive: true });
  writeFileSync(join(to, file), text.replace(ADDRESS, '$1$2.js$3'));
  for (const [, , address] of text.matchAll(ADDRESS)) {
    copyDeclarations(from, to, relative(from, resolve(from, dirname(file), `${address}.d.ts`)), done);
  }
}

/** The licences of all bundled libraries, which they ask to be included. */
function thirdParty() {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const parts = Object.keys(dependencies).map((name) => {
    const folder = join(ROOT, 'node_modules', name);
    const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((one) => /^licen[cs]e(\.|$)/i.test(one));
    const text = file
      ? readFileSync(join(folder, file), 'utf8').trim()
      : `Licence: ${about.license}. Text: see its name at https://spdx.org/licenses/.`;
    return `## ${about.name} ${about.version} (${about.license})\n\n${text}\n`;
  });
  return `# Libraries in this package\n\n${parts.join('\n')}`;
}

function manifest() {
  const { name, version, description, license } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    sideEffects: ['./lib/element.js', './lib/kindred-recommendations-*.js', './dist/**/*.js'],
    exports: {
      '.': { types: './types/client/create.d.ts', default: './lib/index.js' },
      './element': { types: './types/widget/kindred.d.ts', default: './lib/element.js' },
      './dist/*': './dist/*',
      './package.json': './package.json',
    },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({ options: { out: { type: 'string' }, 'without-models': { type: 'boolean', default: false } } });
  const out = await buildPackage({ models: !values['without-models'], ...(values.out === undefined ? {} : { out: resolve(values.out) }) });
  console.log(`The package is in ${relative(process.cwd(), out) || '.'}. Pack it: npm pack ./${relative(process.cwd(), out)}`);
}
