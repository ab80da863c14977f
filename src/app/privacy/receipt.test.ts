import { expect, test } from 'vitest';
import type { LoggedRequest } from '../../base/request-log.ts';
import { receiptOf } from './receipt.ts';

const ORIGIN = 'https://books.example';
const request = (path: string, more: Partial<LoggedRequest> = {}): LoggedRequest => ({
  url: new URL(path, ORIGIN).href,
  startedMs: 1,
  bytesIn: 100,
  by: 'page',
  ...more,
});

test('requests are summed by address over all threads', () => {
  const { rows, requests, bytesIn, elsewhere } = receiptOf(
    [request('/a.js'), request('/a.js?v=2', { startedMs: 2, by: 'engine' }), request('/b.js', { bytesIn: 7 })],
    [],
    ORIGIN,
  );
  expect(rows.map(({ address, count, bytesIn: bytes, by }) => [address, count, bytes, by])).toEqual([
    ['/a.js', 2, 200, ['page', 'engine']],
    ['/b.js', 1, 7, ['page']],
  ]);
  expect([requests, bytesIn, elsewhere]).toEqual([3, 207, 0]);
});

test('a request that a thread reports twice counts once', () => {
  expect(receiptOf([request('/a.js'), request('/a.js')], [], ORIGIN).requests).toBe(1);
});

test('a request to another site comes first, with its whole address and what was sent', () => {
  const url = 'https://tracker.example/collect?taste=crime';
  const receipt = receiptOf([request('/big.bin', { bytesIn: 1e6 }), request(url, { bytesIn: 0 })], [{ url, method: 'POST', bytesOut: 42 }], ORIGIN);
  expect(receipt.rows[0]).toMatchObject({ address: url, own: false, count: 1, bytesOut: 42, methods: ['POST'] });
  expect([receipt.elsewhere, receipt.bytesOut]).toEqual([1, 42]);
});

test('a request that only the service worker saw counts too', () => {
  const sent = { url: `${ORIGIN}/gone`, method: 'GET', bytesOut: 0 };
  expect(receiptOf([], [sent, sent], ORIGIN)).toMatchObject({ requests: 2, rows: [{ address: '/gone', methods: ['GET'] }] });
});
