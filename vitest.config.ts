// Two projects: plain logic in Node, and whatever needs IndexedDB, Cache Storage or WebGPU in Chromium.
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { CHROMIUM_FLAGS, ensureChromium } from './scripts/find-chromium.mjs';
import { PREBUNDLED } from './scripts/prebundled.ts';

export default defineConfig({
  resolve: { alias: { '@xenova/transformers': new URL('./node_modules/@xenova/transformers/dist/transformers.web.js', import.meta.url).pathname } },
  optimizeDeps: { include: [...PREBUNDLED, 'axe-core'], exclude: ['onnxruntime-web'] },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['src/**/*.test.ts', 'scripts/**/*.test.ts', 'cli/**/*.test.ts'],
          exclude: ['src/**/*.browser.test.ts'],
          environment: 'node',
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'chromium',
          include: ['src/**/*.browser.test.ts'],
          testTimeout: 120_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { executablePath: ensureChromium(), args: CHROMIUM_FLAGS } }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
