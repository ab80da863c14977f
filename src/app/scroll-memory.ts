// How far down each step of the history was scrolled. The browser's own memory comes too early here: at "back" the part that
// was scrolled is not drawn yet. Each entry of the history carries its number in its state.

const NUMBER = 'kindredStep';

export class ScrollMemory {
  readonly #positions = new Map<number, number>();
  #step = 0;
  #last = 0;

  /** From here on the browser leaves the scroll to the page. */
  connect(): void {
    history.scrollRestoration = 'manual';
    addEventListener('pagehide', this.#giveBack);
    this.#step = stepOf(history.state) ?? this.#number();
    this.#last = Math.max(this.#last, this.#step); // entries of an earlier load keep their numbers
  }

  disconnect(): void {
    removeEventListener('pagehide', this.#giveBack);
    this.#giveBack();
  }

  /**
   * To be called when the address has changed, before anything is drawn.
   * @returns pixels from the top, of an entry that was there before ("back", "forward"); undefined: it is a new one
   */
  moved(): number | undefined {
    this.#positions.set(this.#step, scrollY);
    const known = stepOf(history.state);
    this.#step = known ?? this.#number();
    this.#last = Math.max(this.#last, this.#step);
    return known === undefined ? undefined : (this.#positions.get(known) ?? 0);
  }

  /** Numbers the present entry. Those that "forward" led to are gone then, so that numbers never meet. */
  #number(): number {
    const step = ++this.#last;
    const state: unknown = history.state;
    history.replaceState({ ...(typeof state === 'object' ? state : {}), [NUMBER]: step }, '');
    return step;
  }

  /** A reload, and a way back from another site, are the browser's. */
  readonly #giveBack = (): void => {
    history.scrollRestoration = 'auto';
  };
}

function stepOf(state: unknown): number | undefined {
  const step = typeof state === 'object' && state !== null && NUMBER in state ? state[NUMBER] : undefined;
  return typeof step === 'number' ? step : undefined;
}

/** What a visitor does that ends the wait for a place to scroll to. */
const OWN_MOVES = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const;

/**
 * Scrolls to a place that may not be there yet: again whenever what is drawn grows, until it is reached or the visitor acts.
 * @param top pixels @param grows whose size follows what is drawn @param signal ends the wait
 */
export function scrollWhenThere(top: number, grows: Element, signal: AbortSignal): void {
  const done = new AbortController();
  const attempt = (): void => {
    scrollTo({ top, behavior: 'instant' });
    if (Math.abs(scrollY - top) < 1) done.abort();
  };
  const sizes = new ResizeObserver(attempt);
  done.signal.addEventListener('abort', () => sizes.disconnect());
  for (const move of OWN_MOVES) addEventListener(move, () => done.abort(), { signal: done.signal, passive: true });
  signal.addEventListener('abort', () => done.abort(), { signal: done.signal });
  attempt();
  if (!done.signal.aborted) sizes.observe(grows);
}
