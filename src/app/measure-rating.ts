// Measures what the visitor waits for: from the click on a rating to the frame that shows the new list.
import { nextTask } from '../base/pacer.ts';

export const RATE_MEASURE = 'kindred:rate-to-paint';

/** Resolves after the next frame was painted; at once in a hidden tab, which paints nothing. */
function afterPaint(): Promise<void> {
  if (document.visibilityState === 'hidden') return Promise.resolve();
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      void nextTask().then(resolve); // a task queued in the frame runs after its paint
    });
  });
}

/** @param rate resolves when the page shows what follows from the rating */
export async function measureRating(rate: () => Promise<void>): Promise<void> {
  const { startTime } = performance.mark('kindred:rate');
  await rate();
  await afterPaint();
  performance.measure(RATE_MEASURE, { start: startTime });
}
