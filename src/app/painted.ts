// Measures what the visitor waits for: from the click on a rating to the frame that shows the new list.
import { nextTask } from '../base/pacer.ts';

export const RATE_MARK = 'kindred:rate';
export const RATE_MEASURE = 'kindred:rate-to-paint';

/** Resolves just after the frame with everything drawn so far was painted; at once in a hidden tab, which paints nothing. */
export function painted(): Promise<void> {
  if (document.visibilityState === 'hidden') return Promise.resolve();
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      void nextTask().then(resolve); // a task queued in the frame runs after its paint
    });
  });
}

/** @param rate resolves when what follows from the rating is in the page */
export async function measureRating(rate: () => Promise<void>): Promise<void> {
  const { startTime } = performance.mark(RATE_MARK);
  await rate();
  await painted();
  performance.measure(RATE_MEASURE, { start: startTime });
}
