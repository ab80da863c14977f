// Builds a folder of static files that works at any path of any host: the page, `kindred.js` for embedders, the service worker.
// Nothing in it may point to a third party, and no file may be too big for common static hosts.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { docsSite } from './scripts/docs/site.mjs';
import { PREBUNDLED } from './scripts/prebundled.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Limit of Cloudflare Pages, the lowest among the usual static hosts. */
const MAX_FILE_BYTES = 25 * 1024 * 1024;

/** Makes the page cross-origin isolated, without which WASM threads are unavailable. */
const ISOLATION = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

/**
 * `wasm-unsafe-eval` allows WebAssembly. `blob:` workers are ONNX Runtime's threads when its script is from another origin.
 * There are no inline scripts and no style attributes. Style sheets that lit adopts and `element.style` do not count as inline.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "style-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'none'",
  'trusted-types default kindred lit-html',
  "require-trusted-types-for 'script'",
].join('; ');

/** Only in the built page: the dev server needs inline scripts and a web socket. */
function contentSecurityPolicy(): Plugin {
  return {
    name: 'kindred:content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/** Fails the build when a file is over the limit, naming each. */
function fileSizeLimit(): Plugin {
  let folder = '';
  return {
    name: 'kindred:file-size-limit',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    closeBundle() {
      if (!existsSync(folder)) return;
      const tooBig = readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((path) => ({ path, bytes: statSync(join(folder, path)).size }))
        .filter(({ bytes }) => bytes > MAX_FILE_BYTES)
        .map(({ path, bytes }) => `${path} (${(bytes / 1024 / 1024).toFixed(1)} MiB)`);
      if (tooBig.length > 0) {
        this.error(`Static hosts refuse files over ${MAX_FILE_BYTES / 1024 / 1024} MiB. Split or leave out: ${tooBig.join(', ')}`);
      }
    },
  };
}

export default defineConfig({
  base: './',
  // Unknown paths are 404 in dev and preview: a page in place of a missing model file would be cached as that file.
  appType: 'mpa',
  resolve: {
    alias: { '@xenova/transformers': here('./node_modules/@xenova/transformers/dist/transformers.web.js') },
    // The builds of ONNX Runtime that do not name their .wasm, so that each is emitted once, by the encoder's `?url` import.
    // The list replaces Vite's own, so Vite's three conditions are listed too.
    conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'development|production'],
  },
  optimizeDeps: { include: PREBUNDLED, exclude: ['onnxruntime-web', '@xenova/transformers'] },
  worker: { format: 'es' },
  server: { headers: ISOLATION },
  preview: { headers: ISOLATION },
  build: {
    target: 'es2023',
    assetsInlineLimit: (path) => (/\.(wasm|mjs)$/.test(path) ? false : undefined),
    // The gzip size of WASM and weights says nothing.
    reportCompressedSize: false,
    rolldownOptions: {
      input: { index: here('./index.html'), kindred: here('./src/widget/kindred.ts') },
      // Sites that embed the element import from kindred.js, so its exports must stay.
      preserveEntrySignatures: 'exports-only',
      output: {
        entryFileNames: (chunk) => (chunk.name === 'kindred' ? 'kindred.js' : 'assets/[name]-[hash].js'),
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
  plugins: [
    contentSecurityPolicy(),
    docsSite(),
    VitePWA({
      strategies: 'generateSW',
      // The page registers sw.js itself and says when a new version is ready.
      registerType: 'prompt',
      injectRegister: null,
      filename: 'sw.js',
      manifest: {
        name: 'Kindred',
        short_name: 'Kindred',
        description: 'A recommender that lives in the browser tab. Nothing you like leaves the page.',
        start_url: './',
        scope: './',
        display: 'standalone',
        background_color: '#ffffff',
        theme_color: '#ffffff',
        icons: [{ src: 'icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' }],
      },
      workbox: {
        // Reports the requests to the privacy panel.
        importScripts: ['sw-receipt.js'],
        globPatterns: ['**/*.{html,js,css,svg,json,ndjson,csv}'],
        // The page keeps the files of models itself, in the cache `kindred-models`. Their manifests are kept with the page.
        globIgnores: ['docs/**', 'models/**/!(manifest).json', 'sw.js', 'sw-receipt.js', 'workbox-*.js'],
        maximumFileSizeToCacheInBytes: 12 * 1024 * 1024,
        // `./?anything` is the page too: directoryIndex maps only the root to index.html.
        ignoreURLParametersMatching: [/./],
        navigateFallback: null,
        cleanupOutdatedCaches: true,
        // So that the first visit already keeps the runtime files.
        clientsClaim: true,
        inlineWorkboxRuntime: true,
        sourcemap: false,
        runtimeCaching: [
          {
            urlPattern: /\/assets\/[^/]+\.(?:wasm|mjs)$/,
            handler: 'CacheFirst',
            options: {
              cacheName: 'kindred-runtime',
              matchOptions: { ignoreVary: true },
              expiration: { maxEntries: 4 },
              cacheableResponse: { statuses: [200] },
            },
          },
        ],
      },
    }),
    fileSizeLimit(),
  ],
});
