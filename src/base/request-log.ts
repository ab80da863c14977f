// What this thread fetched, told to whoever of the same site asks: the page's receipt. Only addresses, times and sizes are
// told, over a BroadcastChannel, which never leaves the browser.

export type RequestThread = 'page' | 'engine' | 'encoder';

export interface LoggedRequest {
  url: string;
  /** Milliseconds since 1970. */
  startedMs: number;
  /** As they came over the network, compressed; 0 from a cache, and for another origin that does not say. */
  bytesIn: number;
  by: RequestThread;
}

/** What the service worker saw of a request: what the timing of a request does not hold. */
export interface SentRequest {
  url: string;
  method: string;
  /** Of the body. */
  bytesOut: number;
}

export type RequestMessage =
  | { kind: 'ask' }
  | { kind: 'requests'; requests: LoggedRequest[] }
  /** `sw-receipt.js` */
  | { kind: 'sent'; sent: SentRequest[] };

export const REQUEST_CHANNEL = 'kindred-requests';
const MOST_KEPT = 2000;

/** Begins to keep the log of this thread. Call once, first thing. */
export function keepRequestLog(by: RequestThread): void {
  if (typeof PerformanceObserver === 'undefined' || typeof BroadcastChannel === 'undefined') return;
  const kept: LoggedRequest[] = [];
  const channel = new BroadcastChannel(REQUEST_CHANNEL);
  const tell = (requests: LoggedRequest[]): void => channel.postMessage({ kind: 'requests', requests } satisfies RequestMessage);
  channel.addEventListener('message', ({ data }: MessageEvent<RequestMessage>) => {
    if (data.kind === 'ask') tell(kept);
  });
  const observer = new PerformanceObserver((list) => {
    const fresh = list.getEntries().flatMap((entry) => loggedRequest(entry, by) ?? []);
    kept.push(...fresh);
    kept.splice(0, kept.length - MOST_KEPT);
    if (fresh.length > 0) tell(fresh);
  });
  observer.observe({ type: 'resource', buffered: true });
  if (by === 'page')
    new PerformanceObserver((list) => kept.push(...list.getEntries().flatMap((entry) => loggedRequest(entry, by) ?? []))).observe({
      type: 'navigation',
      buffered: true,
    });
}

/** undefined for what is no request: blob: and data: addresses. */
function loggedRequest(entry: PerformanceEntry, by: RequestThread): LoggedRequest | undefined {
  if (!/^https?:/.test(entry.name)) return undefined;
  const bytesIn = 'transferSize' in entry && typeof entry.transferSize === 'number' ? entry.transferSize : 0;
  return { url: entry.name, startedMs: Math.round(performance.timeOrigin + entry.startTime), bytesIn, by };
}
