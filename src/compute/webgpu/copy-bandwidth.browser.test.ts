import { expect, test } from 'vitest';
import { openForTest } from '../testing/test-device.ts';
import { measureCopyBandwidth } from './copy-bandwidth.ts';

test('the copy bandwidth of the adapter is a positive number', async () => {
  const backend = await openForTest();
  const measured = await measureCopyBandwidth(backend.device, { bytes: 4 * 2 ** 20, copies: 4, rounds: 2 });
  expect(measured.bytesPerSecond).toBeGreaterThan(1e6);
  expect(Number.isFinite(measured.bytesPerSecond)).toBe(true);
  backend.dispose();
});
