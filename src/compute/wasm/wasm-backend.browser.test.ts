import { expect, test } from 'vitest';
import { describeBackend } from '../testing/backend-suite.ts';
import { createWasmBackend } from './wasm-backend.ts';

for (const variant of ['relaxed', 'plain'] as const) {
  describeBackend(
    `wasm in a browser, ${variant} SIMD`,
    async () => {
      const backend = await createWasmBackend([variant]);
      if (!backend) throw new Error(`This browser does not run the ${variant} kernel.`);
      return backend;
    },
    { exact: true },
  );
}

test('a browser with relaxed SIMD uses it', async () => {
  expect((await createWasmBackend())?.description).toContain('relaxed');
});
