// Loads a part of the command line: from dist-cli where `vite build --config cli/vite.config.ts` has run, else from its
// TypeScript through Vite. KINDRED_SOURCE=1 loads the TypeScript even where there is a build, which may be older.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * @param {string} built file in dist-cli
 * @param {string} source path from the root of the package
 * @returns {Promise<{module: Record<string, unknown>, close: () => Promise<void>}>} `close` ends loading, not the module
 */
export async function load(built, source) {
  const file = new URL(`../dist-cli/${built}`, import.meta.url);
  if (!process.env.KINDRED_SOURCE && existsSync(file)) return { module: await import(file.href), close: async () => {} };
  const server = await sourceServer();
  return { module: await server.ssrLoadModule(source), close: () => server.close() };
}

/** Loads the package's TypeScript; one server holds each module once. */
export async function sourceServer() {
  const { createServer } = await import('vite');
  return createServer({
    root: fileURLToPath(new URL('..', import.meta.url)),
    configFile: false,
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
    logLevel: 'error',
    appType: 'custom',
  });
}
