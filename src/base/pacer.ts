// Keeps long work from freezing its thread: gives the event loop a turn every few milliseconds and looks at the signal.
import { throwIfAborted } from './errors.ts';

const DEFAULT_SLICE_MS = 24;

/** To be called often; await what it returns. */
export type Pace = () => Promise<void> | undefined;

export interface PacerOptions {
  signal?: AbortSignal | undefined;
  /** Names the work in the message of `aborted`. */
  what: string;
  onPause?: () => void;
  clock?: () => number;
  /** Work between two turns of the event loop. Default 24. */
  sliceMs?: number;
}

/**
 * Returns a function to be called often. It costs one look at the clock, and returns a promise to await when the time
 * slice is over; that promise rejects with `aborted` when the signal has fired.
 */
export function createPacer({ signal, what, onPause, clock = () => performance.now(), sliceMs = DEFAULT_SLICE_MS }: PacerOptions): Pace {
  let sliceStartMs = clock();
  const pause = async (): Promise<void> => {
    onPause?.();
    await nextTask();
    throwIfAborted(signal, what);
    sliceStartMs = clock();
  };
  return () => (clock() - sliceStartMs >= sliceMs ? pause() : undefined);
}

/** Resolves in a task of the event loop, not a microtask. Not setTimeout: browsers stretch nested timers to 4 ms. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
