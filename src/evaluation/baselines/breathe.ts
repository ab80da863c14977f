// Keeps a long fit from blocking the page or its worker: the event loop runs, and an abort is seen, after each piece of work.
import { throwIfAborted } from '../../base/errors.ts';
import { nextTask } from '../../base/next-task.ts';

/** Multiply-adds between two turns of the event loop: some tens of milliseconds. Counted, not timed, so that fits are exact. */
const WORK_PER_TURN = 3e7;

/** To be awaited with the work done since the last call, in multiply-adds. Rejects with `aborted` once the signal has fired. */
export type Breathe = (work: number) => Promise<void> | undefined;

/** @param what said in the error, such as "Fitting EASE" */
export function breather(signal: AbortSignal | undefined, what: string): Breathe {
  throwIfAborted(signal, what);
  let done = 0;
  return (work) => {
    done += work;
    if (done < WORK_PER_TURN) return undefined;
    done = 0;
    return nextTask().then(() => throwIfAborted(signal, what));
  };
}
