// Drives the built page, as `vite preview` serves it, in a full Chromium: once as most machines without a GPU are
// (navigator.gpu there, no adapter), once with WebGPU in software.
import { defineConfig } from '@playwright/test';
import { CHROMIUM_FLAGS, ensureChromium } from './scripts/find-chromium.mjs';

const PORT = 4188;
const executablePath = ensureChromium();
const WEBGPU_FLAGS = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/files',
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  workers: 1,
  retries: 0,
  timeout: 300_000,
  // Under the limit of scripts/test.mjs, so that a hung run still closes its server and writes its report.
  globalTimeout: 7.5 * 60_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['json', { outputFile: process.env.PLAYWRIGHT_JSON_FILE ?? 'test-results/results.json' }]],
  use: {
    baseURL: `http://localhost:${PORT}/`,
    screenshot: 'only-on-failure',
    trace: 'off',
    video: 'off',
    locale: 'en-US',
  },
  projects: [
    {
      name: 'cpu',
      testMatch: '*.spec.ts',
      testIgnore: '*.webgpu.spec.ts',
      use: { launchOptions: { executablePath, args: CHROMIUM_FLAGS.filter((flag) => !WEBGPU_FLAGS.includes(flag)) } },
    },
    {
      name: 'webgpu',
      testMatch: '*.webgpu.spec.ts',
      use: { launchOptions: { executablePath, args: CHROMIUM_FLAGS } },
    },
  ],
  webServer: {
    command: `npx vite preview --port ${PORT} --strictPort --host localhost`,
    url: `http://localhost:${PORT}/`,
    reuseExistingServer: false,
    timeout: 60_000,
    stdout: 'ignore',
    stderr: 'pipe',
  },
});
