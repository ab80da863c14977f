// The WebGPU graph of the built page, on a software adapter: slow, but the same kernels as on a real one.
import { expect, test } from '@playwright/test';
import { app, openFile, untilReady } from './app.ts';

const TEXTS = ['A detective story', 'Ein Kochbuch', 'Hadithi ya simba', '여름 방학'];

test('four short texts through the WebGPU graph rank as through the WASM graph', async ({ page }) => {
  const file = {
    name: 'four.ndjson',
    mimeType: 'application/x-ndjson',
    buffer: Buffer.from(TEXTS.map((title, i) => JSON.stringify({ id: `t${i}`, language: ['en', 'de', 'sw', 'ko'][i], title })).join('\n')),
  };
  const vectors: number[][] = [];
  for (const encoder of ['webgpu', 'wasm']) {
    await page.goto(`./?encoder=${encoder}&catalogue=examples/empty.csv#/catalogue`);
    await openFile(page, file);
    await untilReady(page);
    await page.locator('kindred-app').evaluate((element) => element.getAttribute('data-rung'));
    await expect(app(page)).toHaveAttribute('data-rung', encoder);
    vectors.push(
      await page.evaluate(async () => {
        const element = document.querySelector('kindred-app') as HTMLElement & {
          recommender: { vectors(ids: string[]): Promise<Float32Array>; erase(): Promise<void> };
        };
        const found = [...(await element.recommender.vectors(['t0', 't1', 't2', 't3']))];
        await element.recommender.erase();
        return found;
      }),
    );
  }
  const [gpu, cpu] = vectors as [number[], number[]];
  const d = gpu.length / TEXTS.length;
  for (let row = 0; row < TEXTS.length; row++) {
    let cosine = 0;
    for (let j = row * d; j < (row + 1) * d; j++) cosine += (gpu[j] as number) * (cpu[j] as number);
    console.log(`${TEXTS[row]}: cosine ${cosine.toFixed(5)} after the language correction`);
    expect(cosine).toBeGreaterThan(0.99);
  }
});

test('without being asked, a software adapter is passed by, and the status says why', async ({ page }) => {
  await page.goto('./?catalogue=examples/shop.csv');
  await untilReady(page);
  await expect(app(page)).toHaveAttribute('data-rung', 'wasm');
  await page.locator('kindred-app summary').first().click();
  await expect(page.locator('kindred-app')).toContainText(/software/);
});
