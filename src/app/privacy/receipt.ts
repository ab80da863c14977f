// All requests of this visit, summed by address. Pure.
import type { LoggedRequest, RequestThread, SentRequest } from '../../base/request-log.ts';

export interface ReceiptRow {
  /** For this site the path without query; for another site the whole address. */
  address: string;
  own: boolean;
  count: number;
  bytesIn: number;
  /** Bytes of bodies sent. */
  bytesOut: number;
  /** Sorted; empty if no service worker saw the request. */
  methods: string[];
  by: RequestThread[];
}

export interface Receipt {
  /** Other sites first, then by bytes. */
  rows: ReceiptRow[];
  requests: number;
  bytesIn: number;
  bytesOut: number;
  /** Requests to other origins than the page's. */
  elsewhere: number;
}

/** @param origin of the page */
export function receiptOf(requests: readonly LoggedRequest[], sent: readonly SentRequest[], origin: string): Receipt {
  const rows = new Map<string, ReceiptRow>();
  const rowOf = (url: string): ReceiptRow => {
    const { origin: to, pathname } = new URL(url);
    const own = to === origin;
    const address = own ? pathname : url;
    const row = rows.get(address) ?? { address, own, count: 0, bytesIn: 0, bytesOut: 0, methods: [], by: [] };
    rows.set(address, row);
    return row;
  };
  for (const { url, bytesIn, by } of withoutRepeats(requests)) {
    const row = rowOf(url);
    row.count++;
    row.bytesIn += bytesIn;
    if (!row.by.includes(by)) row.by.push(by);
  }
  const seen = new Map<string, number>();
  for (const { url, method, bytesOut } of sent) {
    const row = rowOf(url);
    seen.set(row.address, (seen.get(row.address) ?? 0) + 1);
    row.bytesOut += bytesOut;
    if (!row.methods.includes(method)) row.methods = [...row.methods, method].sort();
  }
  // A request without a timing (it failed, or its tab was closed) counts too.
  for (const row of rows.values()) row.count = Math.max(row.count, seen.get(row.address) ?? 0);
  const all = [...rows.values()].sort((a, b) => Number(a.own) - Number(b.own) || b.bytesIn - a.bytesIn || (a.address < b.address ? -1 : 1));
  const sum = (value: (row: ReceiptRow) => number): number => all.reduce((total, row) => total + value(row), 0);
  return {
    rows: all,
    requests: sum(({ count }) => count),
    bytesIn: sum(({ bytesIn }) => bytesIn),
    bytesOut: sum(({ bytesOut }) => bytesOut),
    elsewhere: sum(({ own, count }) => (own ? 0 : count)),
  };
}

/** A thread that is asked twice reports its requests twice. */
function withoutRepeats(requests: readonly LoggedRequest[]): LoggedRequest[] {
  return [...new Map(requests.map((request) => [`${request.by} ${request.startedMs} ${request.url}`, request])).values()];
}
