// Which encoders a visit uses: the visitor's choice, or what the connection and the memory suggest.
import type { Speed } from '../protocol/engine-api.ts';

export type ResolvedSpeed = Exclude<Speed, 'auto'>;

export interface DeviceHints {
  saveData: boolean;
  /** GB as the browser rounds it, or undefined where it does not say. */
  memoryGb: number | undefined;
}

/** Below this much memory the transformer's session is not worth the risk of the tab being ended. */
const LEAST_MEMORY_GB = 2;

/** @param quickAvailable whether an instant table goes with the model */
export function resolveSpeed(wanted: Speed, quickAvailable: boolean, hints: DeviceHints = deviceHints()): ResolvedSpeed {
  if (!quickAvailable) return 'refined';
  if (wanted !== 'auto') return wanted;
  const weak = hints.saveData || (hints.memoryGb !== undefined && hints.memoryGb < LEAST_MEMORY_GB);
  return weak ? 'quick' : 'quick-then-refined';
}

function deviceHints(): DeviceHints {
  const found: unknown = globalThis.navigator;
  const navigator = isRecord(found) ? found : {};
  const { connection, deviceMemory } = navigator;
  return {
    saveData: isRecord(connection) && connection.saveData === true,
    memoryGb: typeof deviceMemory === 'number' ? deviceMemory : undefined,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
