// A static host as they are: gzip for what is text or WebAssembly, real 404s, no isolation headers. It counts what it sends.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.ndjson': 'application/x-ndjson; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};
const compress = promisify(gzip);

/** @param {Record<string, string>} extra files that are not in the folder: path → text */
export async function serveStatic(folder, extra = {}) {
  const requests = [];
  let sent = 0;
  const ready = new Map();
  const load = async (path) => {
    const file = normalize(join(folder, path));
    if (!file.startsWith(normalize(folder) + sep)) throw new Error('outside');
    const type = TYPES[extname(path)];
    const data = path in extra ? Buffer.from(extra[path]) : await readFile(file);
    return type ? { data: await compress(data), headers: { 'Content-Type': type, 'Content-Encoding': 'gzip' } } : { data, headers: {} };
  };
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname).slice(1) || 'index.html';
    requests.push(path);
    try {
      if (!ready.has(path)) ready.set(path, load(path));
      const { data, headers } = await ready.get(path);
      response.writeHead(200, { ...headers, 'Content-Length': data.length, 'Cache-Control': 'no-cache' });
      response.end(data);
      sent += data.length;
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, 'localhost', resolve));
  return {
    url: `http://localhost:${server.address().port}/`,
    requests,
    /** Bytes of all bodies that were sent or are on their way. */
    sentBytes: () => sent,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
