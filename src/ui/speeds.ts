// The choices of speed, for the address, the setting and the element's attribute. Pure.
import type { Speed } from '../protocol/engine-api.ts';

export const SPEEDS: readonly Speed[] = ['auto', 'quick', 'quick-then-refined', 'refined'];

/** The speed that a text names, or null. */
export function parseSpeed(text: string | null | undefined): Speed | null {
  return SPEEDS.find((speed) => speed === text) ?? null;
}
