// Finds a full Chromium, because WebGPU is missing from the headless shell. Order: CHROMIUM_PATH, an installed one,
// Playwright's own, else installs one (Playwright's download, or the system's package as root).
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright';

/** Flags under which headless Chromium offers WebGPU in software and stays off the network. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** @returns {string | undefined} path of a Chromium that is there already */
export function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH is ${named}, but there is no such file.`);
    return named;
  }
  const own = chromium.executablePath();
  return INSTALLED.find((path) => existsSync(path)) ?? (own && existsSync(own) ? own : undefined);
}

/** @returns {string} path of a Chromium, installed now if there was none */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  const run = (command, args) => spawnSync(command, args, { stdio: 'inherit' }).status === 0;
  console.log('No Chromium found; installing one.');
  if (!run('npx', ['playwright', 'install', 'chromium']) && process.getuid?.() === 0) {
    run('apt-get', ['update', '-qq']) && run('apt-get', ['install', '-y', '-qq', 'chromium']);
  }
  const installed = findChromium();
  if (!installed) {
    throw new Error('No Chromium could be found or installed. Install Chromium or Chrome, or set CHROMIUM_PATH to its program file.');
  }
  return installed;
}
