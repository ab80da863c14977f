// Lets a worker answer messages while it trains: gives the event loop a turn every few milliseconds.

const SLICE_MS = 16;

/** A task of the event loop, not a microtask. Not setTimeout: browsers stretch nested timers to 4 ms. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** Returns a function to call between steps; it returns a promise to await when the time slice is over. */
export function createPace(clock: () => number): () => Promise<void> | undefined {
  let sliceStartMs = clock();
  const pause = async (): Promise<void> => {
    await nextTask();
    sliceStartMs = clock();
  };
  return () => (clock() - sliceStartMs >= SLICE_MS ? pause() : undefined);
}
