// Records what this thread fetched, and sends the record to any page of the same site that asks: the page's list of requests. It holds
// only addresses, times and sizes, and goes over a BroadcastChannel, which never leaves the browser.

export type RequestThread = 'page' | 'engine' | 'encoder';

export interface LoggedRequest {
  url: string;
  /** Milliseconds since 1970. */
  startedMs: number;
  /** Compressed size over the network; 0 from a cache, and for another origin that does not send. */
  bytesIn: number;
  by: RequestThread;
}

/** What only the service worker sees of a request. */
export interface SentRequest {
  url: string;
  method: string;
  /** Size of the body. */
  bytesOut: number;
}

export type RequestMessage =
  | { kind: 'ask' }
  | { kind: 'requests'; requests: LoggedRequest[] }
  /** `sw-receipt.js` */
  | { kind: 'sent'; sent: SentRequest[] };

export const REQUEST_CHANNEL = 'kindred-requests';
const MOST_KEPT = 2000;

/** Starts the log of this thread. Call it once, before anything is fetched. */
export function keepRequestLog(by: RequestThread): void {
  if (typeof PerformanceObserver === 'undefined' || typeof BroadcastChannel === 'undefined') return;
  const kept: LoggedRequest[] = [];
  const channel = new BroadcastChannel(REQUEST_CHANNEL);
  const send = (requests: LoggedRequest[]): void => channel.postMessage({ kind: 'requests', requests } satisfies RequestMessage);
  channel.addEventListener('message', ({ data }: MessageEvent<RequestMessage>) => {
    if (data.kind === 'ask') send(kept);
  });
  const observer = new PerformanceObserver((list) => {
    const fresh = list.getEntries().flatMap((entry) => loggedRequest(entry, by) ?? []);
    kept.push(...fresh);
    kept.splice(0, kept.length - MOST_KEPT);
    if (fresh.length > 0) send(fresh);
  });
  observer.observe({ type: 'resource', buffered: true });
  if (by === 'page')
    new PerformanceObserver((list) => kept.push(...list.getEntries().flatMap((entry) => loggedRequest(entry, by) ?? []))).observe({
      type: 'navigation',
      buffered: true,
    });
}

/** undefined for entries that are not requests: blob: and data: addresses. */
function loggedRequest(entry: PerformanceEntry, by: RequestThread): LoggedRequest | undefined {
  if (!/^https?:/.test(entry.name)) return undefined;
  const bytesIn = 'transferSize' in entry && typeof entry.transferSize === 'number' ? entry.transferSize : 0;
  return { url: entry.name, startedMs: Math.round(performance.timeOrigin + entry.startTime), bytesIn, by };
}
