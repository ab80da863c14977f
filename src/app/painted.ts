// Measures what the visitor waits for: from the click on a rating to the frame that shows the new list.

export const RATE_MARK = 'kindred:rate';
export const RATE_MEASURE = 'kindred:rate-to-paint';

/** Resolves just after the frame with everything drawn so far was painted; at once in a hidden tab, which paints nothing. */
export function painted(): Promise<void> {
  if (document.visibilityState === 'hidden') return Promise.resolve();
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      // A task queued in the frame runs after its paint.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    });
  });
}
