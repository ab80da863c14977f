// A plain static host for the built page: one sub-folder, right MIME types, real 404s, no fallback page and no
// cross-origin isolation headers. What works here works on any host.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';

const MIME: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.ndjson': 'application/x-ndjson; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.wasm': 'application/wasm',
};

export interface StaticHost {
  /** Address of the folder, with a slash at the end. */
  url: string;
  /** Requested paths below the folder, in order, also those that got a 404. */
  requests: string[];
  /** Ends the server and its connections; a page with a service worker is offline then. */
  close(): Promise<void>;
}

/**
 * @param root folder to serve; default the build's `dist`
 * @param base path under which it lies, with a slash at both ends
 * @param port 0 takes any free one
 * @param compress sends text as gzip if the browser accepts it, as most hosts do
 * @param headers sent with every file, in addition to the usual ones
 */
export async function serveFolder(
  root: string = fileURLToPath(new URL('../dist', import.meta.url)),
  base = '/some/folder/',
  port = 0,
  compress = false,
  headers: Readonly<Record<string, string>> = {},
): Promise<StaticHost> {
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const refuse = (status: number) => {
      response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
      response.end(`${status}\n`);
    };
    try {
      const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
      if (!path.startsWith(base)) return refuse(404);
      requests.push(path.slice(base.length));
      const file = normalize(join(root, path.slice(base.length) || 'index.html'));
      if (!file.startsWith(normalize(root) + sep)) return refuse(404);
      const entry = await stat(file);
      if (!entry.isFile()) return refuse(404);
      const type = MIME[extname(file)] ?? 'application/octet-stream';
      const gzip = compress && /charset=utf-8|svg/.test(type) && /\bgzip\b/.test(String(request.headers['accept-encoding']));
      response.writeHead(200, {
        'Content-Type': type,
        'Cache-Control': 'no-cache',
        ...headers,
        ...(gzip ? { 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' } : { 'Content-Length': entry.size }),
      });
      if (request.method === 'HEAD') response.end();
      else if (gzip) pipeline(createReadStream(file), createGzip(), response, () => undefined);
      else createReadStream(file).pipe(response);
    } catch {
      refuse(404);
    }
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, 'localhost', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}${base}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
