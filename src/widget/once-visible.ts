// Calls back once when an element comes near the window, so that nothing is loaded for a list that nobody scrolls to. One observer
// serves all elements, so that they are called in the order in which they began to wait.

/** Distance at which an element counts as visible, in pixels. */
const MARGIN_PX = 300;

const waiting = new WeakMap<Element, () => void>();
let observer: IntersectionObserver | undefined;

function observe(): IntersectionObserver {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        const seen = isIntersecting ? waiting.get(target) : undefined;
        if (!seen) continue;
        forget(target);
        seen();
      }
    },
    { rootMargin: `${MARGIN_PX}px` },
  );
  return observer;
}

function forget(element: Element): void {
  waiting.delete(element);
  observer?.unobserve(element);
}

/**
 * @param seen called once, at once where IntersectionObserver is missing
 * @returns a function that stops watching
 */
export function onceVisible(element: Element, seen: () => void): () => void {
  if (typeof IntersectionObserver === 'undefined') {
    seen();
    return () => undefined;
  }
  waiting.set(element, seen);
  observe().observe(element);
  return () => forget(element);
}
