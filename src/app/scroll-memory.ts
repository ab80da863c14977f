// Remembers the scroll of each step of the history. The browser's own memory restores too early: after "back", the part that
// was scrolled is not drawn yet. Each entry of the history has its number in its state.

const NUMBER = 'kindredStep';

export class ScrollMemory {
  readonly #positions = new Map<number, number>();
  #step = 0;
  #last = 0;

  /** From here on the page restores the scroll, not the browser. */
  connect(): void {
    history.scrollRestoration = 'manual';
    addEventListener('pagehide', this.#leaveToBrowser);
    this.#step = stepOf(history.state) ?? this.#number();
    this.#last = Math.max(this.#last, this.#step); // entries of an earlier load keep their numbers
  }

  disconnect(): void {
    removeEventListener('pagehide', this.#leaveToBrowser);
    this.#leaveToBrowser();
  }

  /**
   * Call when the address has changed, before anything is drawn.
   * @returns the scroll of a known entry ("back", "forward"), in pixels from the top; undefined for a new entry
   */
  moved(): number | undefined {
    this.#positions.set(this.#step, scrollY);
    const known = stepOf(history.state);
    this.#step = known ?? this.#number();
    this.#last = Math.max(this.#last, this.#step);
    return known === undefined ? undefined : (this.#positions.get(known) ?? 0);
  }

  /** Gives the current entry a number. Numbers only grow, so two entries never share one. */
  #number(): number {
    const step = ++this.#last;
    const state: unknown = history.state;
    history.replaceState({ ...(typeof state === 'object' ? state : {}), [NUMBER]: step }, '');
    return step;
  }

  /** The browser restores the scroll after a reload and after coming back from another site. */
  readonly #leaveToBrowser = (): void => {
    history.scrollRestoration = 'auto';
  };
}

function stepOf(state: unknown): number | undefined {
  const step = typeof state === 'object' && state !== null && NUMBER in state ? state[NUMBER] : undefined;
  return typeof step === 'number' ? step : undefined;
}

/** Events by which the visitor takes over the scroll. */
const VISITOR_EVENTS = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const;

/**
 * Scrolls to a place that may not exist yet: tries again whenever the content grows, until it is reached or the visitor acts.
 * @param top pixels @param content element that grows while it is drawn @param signal ends the attempts
 */
export function scrollWhenThere(top: number, content: Element, signal: AbortSignal): void {
  const done = new AbortController();
  const attempt = (): void => {
    scrollTo({ top, behavior: 'instant' });
    if (Math.abs(scrollY - top) < 1) done.abort();
  };
  const sizes = new ResizeObserver(attempt);
  done.signal.addEventListener('abort', () => sizes.disconnect());
  for (const move of VISITOR_EVENTS) addEventListener(move, () => done.abort(), { signal: done.signal, passive: true });
  signal.addEventListener('abort', () => done.abort(), { signal: done.signal });
  attempt();
  if (!done.signal.aborted) sizes.observe(content);
}
