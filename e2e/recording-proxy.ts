// A forward proxy that records what a browser sends, from every page and every thread, as the network sees it.
import { createServer, request as forward, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Recorded {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface RecordingProxy {
  /** For a browser context: `{ proxy: { server, bypass: '<-loopback>' } }`. */
  server: string;
  requests: Recorded[];
  close(): Promise<void>;
}

export async function recordingProxy(): Promise<RecordingProxy> {
  const requests: Recorded[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const { method = 'GET', url = '', headers } = incoming;
    const body = await buffer(incoming);
    requests.push({ method, url, headers, body });
    const onward = forward(url, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.once('error', () => outgoing.writeHead(502).end());
    onward.end(body);
  });
  // A tunnel would hide its content. The tests use no https, so a tunnel is recorded and refused.
  server.on('connect', ({ url = '', headers }, socket) => {
    requests.push({ method: 'CONNECT', url, headers, body: Buffer.alloc(0) });
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    server: `http://localhost:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Where a word occurs in what was sent, also in another case, in base64 at each alignment, in hex or UTF-16. */
export function leaks(requests: readonly Recorded[], words: readonly string[]): string[] {
  return requests.flatMap(({ method, url, headers, body }) => {
    const parts = { address: Buffer.from(decoded(url)), headers: Buffer.from(JSON.stringify(headers)), body };
    return Object.entries(parts).flatMap(([where, bytes]) =>
      words.filter((word) => holds(bytes, word)).map((word) => `${word} in the ${where} of ${method} ${url.slice(0, 100)}`),
    );
  });
}

function decoded(url: string): string {
  try {
    return `${url} ${decodeURIComponent(url)}`;
  } catch {
    return url;
  }
}

function holds(bytes: Buffer, word: string): boolean {
  const text = bytes.toString('latin1').toLowerCase();
  if (disguises(word).some((disguise) => text.includes(disguise.toLowerCase()))) return true;
  return bytes.includes(Buffer.from(word, 'utf16le')) || bytes.includes(Buffer.from(word, 'utf16le').swap16());
}

function disguises(word: string): string[] {
  const shifted = [0, 1, 2].map((shift) => {
    const whole = Buffer.from(' '.repeat(shift) + word).toString('base64');
    return whole.slice(shift === 0 ? 0 : 4, whole.length - 4); // the ends depend on the neighbours of the word
  });
  return [word, Buffer.from(word).toString('hex'), ...shifted];
}
