// The visitor's choice of speed, kept in localStorage, which may be forbidden: the choice then lasts as long as the page.
import type { Speed } from '../protocol/engine-api.ts';
import { parseSpeed } from '../ui/speeds.ts';

const STORAGE_KEY = 'kindred:speed';

/** What the visitor chose before, or null. */
export function savedSpeed(): Speed | null {
  try {
    return parseSpeed(localStorage.getItem(STORAGE_KEY));
  } catch {
    return null;
  }
}

/** Remembers the choice, or forgets it with null. */
export function saveSpeed(speed: Speed | null): void {
  try {
    if (speed === null) localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, speed);
  } catch {
    // Nothing to do: see above.
  }
}
