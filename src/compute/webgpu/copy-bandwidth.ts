// Measures how fast the adapter copies one buffer to another, to compare with the scan's bytes per second on the same device.

interface CopyBandwidth {
  /** Bytes copied per second; each is read once and written once. */
  bytesPerSecond: number;
  bytes: number;
  /** Best time of one copy. */
  copyMs: number;
}

/**
 * Times 1 and 1 + `copies` copies a submission and takes the difference, so that the cost of submitting drops out; the best of
 * `rounds` counts.
 * @param bytes of one copy, a multiple of 4, at most maxBufferSize
 * @param clock milliseconds
 */
export async function measureCopyBandwidth(
  device: GPUDevice,
  { bytes = 64 * 2 ** 20, copies = 8, rounds = 5, clock = () => performance.now() } = {},
): Promise<CopyBandwidth> {
  const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const from = device.createBuffer({ label: 'copy source', size: bytes, usage });
  const to = device.createBuffer({ label: 'copy target', size: bytes, usage });
  const timed = async (count: number): Promise<number> => {
    const encoder = device.createCommandEncoder({ label: 'copy bandwidth' });
    for (let i = 0; i < count; i++) encoder.copyBufferToBuffer(from, 0, to, 0, bytes);
    const commands = encoder.finish();
    const begin = clock();
    device.queue.submit([commands]);
    await device.queue.onSubmittedWorkDone();
    return clock() - begin;
  };
  await timed(1); // the first copy also clears the buffers
  let one = Number.POSITIVE_INFINITY;
  let all = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    one = Math.min(one, await timed(1));
    all = Math.min(all, await timed(1 + copies));
  }
  from.destroy();
  to.destroy();
  // Where the clock is too coarse for the difference, the whole time is a safe lower bound of the speed.
  const copyMs = all > one ? (all - one) / copies : all / (1 + copies);
  return { bytesPerSecond: (bytes / copyMs) * 1000, bytes, copyMs };
}
