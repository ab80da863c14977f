import { expect, test } from 'vitest';
import { loadText, openModelCache } from './assets.ts';
import { loadEncoder } from './load-encoder.ts';
import { parseManifestText } from './manifest.ts';

const MODEL = new URL('/models/multilingual-e5-small/', location.href).href;

test('smoke', async () => {
  const cache = await openModelCache();
  const url = `${MODEL}manifest.json`;
  const manifest = parseManifestText(await loadText(url, { cache }), url);
  let t = performance.now();
  const encoder = await loadEncoder({ modelUrl: MODEL, manifest, choice: 'wasm', cache });
  console.log('load', performance.now() - t, JSON.stringify(encoder.status).slice(0, 300));
  t = performance.now();
  const again = await loadEncoder({ modelUrl: MODEL, manifest, choice: 'auto', cache });
  console.log('again', performance.now() - t, JSON.stringify(again.status).slice(0, 300));
  expect(encoder.status.checkCosine).toBeGreaterThan(0.999);
});
