// `npm start`: the page on this machine, from the sources. Says in one line what is missing, instead of a stack.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MIN_NODE = 20;

function stop(message) {
  console.error(message);
  process.exit(1);
}

/** @returns {string | undefined} what is missing, in one sentence */
function missing() {
  if (Number.parseInt(process.versions.node, 10) < MIN_NODE) {
    return `Kindred needs Node ${MIN_NODE} or newer; this is Node ${process.versions.node}. Get one from https://nodejs.org.`;
  }
  if (!existsSync(join(ROOT, 'node_modules', 'vite'))) return 'The dependencies are not installed. Run: npm ci';
  const models = join(ROOT, 'public', 'models');
  const names = existsSync(models) ? readdirSync(models).filter((name) => existsSync(join(models, name, 'manifest.json'))) : [];
  if (names.length === 0) {
    return 'There is no model: public/models holds no folder with a manifest.json. Get the whole repository, or run: node scripts/build-model.mjs';
  }
}

/** A browser can be opened here: not in CI, and on Linux only with a display. */
function hasDisplay() {
  if (process.env.CI) return false;
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

const problem = missing();
if (problem) stop(problem);

const { values } = parseArgs({
  options: { port: { type: 'string', default: '5173' }, 'no-open': { type: 'boolean', default: false } },
});
const { createServer } = await import('vite');
try {
  const server = await createServer({
    root: ROOT,
    server: { host: 'localhost', port: Number(values.port), strictPort: false, open: !values['no-open'] && hasDisplay() },
  });
  await server.listen();
  server.printUrls();
} catch (error) {
  stop(`The page cannot be served: ${error.message}`);
}
