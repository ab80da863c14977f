// What a visitor downloads: scripts before the engine, from the files; a whole first visit until the list follows a like, as
// bytes on the wire in Chromium. `npm run bench -- size [--runs 3]`; needs a build.
import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { measureSizes } from '../scripts/size.mjs';
import { figure, median, openChromium, table, writePage } from './lib.mjs';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.ndjson': 'application/x-ndjson',
  '.csv': 'text/csv',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};
const VISITS = [
  { name: 'page, demo of 522 items', key: 'size.first_visit_mb', path: '', host: 'kindred-app', list: '#recommendations kindred-item-card' },
  // Quick only: what loads in the background after the list is there would count by the speed of this machine's loopback.
  {
    name: 'element, shop of 24 items, no pack, speed="quick"',
    key: 'size.element_first_visit_mb',
    path: 'examples/shop.html',
    host: 'kindred-recommendations',
    list: 'kindred-item-card',
    rewrite: (html) => html.replaceAll('<kindred-recommendations ', '<kindred-recommendations speed="quick" '),
  },
];

const { values: args } = parseArgs({ options: { runs: { type: 'string', default: '3' } } });

/** A host that compresses what hosts compress: everything with a known type; model files go as they are. */
async function serve(rewrite) {
  const packed = new Map();
  const sent = []; // sockets
  const paths = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    const file = normalize(join(DIST, path.endsWith('/') ? `${path}index.html` : path));
    if (!file.startsWith(DIST + sep) || !statSync(file, { throwIfNoEntry: false })?.isFile()) return response.writeHead(404).end();
    const type = TYPES[extname(file)];
    if (!packed.has(file)) {
      const content = rewrite && type === 'text/html' ? Buffer.from(rewrite(readFileSync(file, 'utf8'))) : readFileSync(file);
      packed.set(file, type ? gzipSync(content) : content);
    }
    const body = packed.get(file);
    paths.push({ path: path.slice(1), bytes: body.length });
    const encoding = type ? { 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' } : {};
    response.writeHead(200, { 'Content-Type': type ?? 'application/octet-stream', 'Content-Length': body.length, ...encoding }).end(body);
  });
  server.on('connection', (socket) => sent.push(socket));
  await new Promise((resolve) => server.listen(0, 'localhost', resolve));
  return {
    url: `http://localhost:${server.address().port}/`,
    paths,
    /** Headers included. */
    bytes: () => sent.reduce((sum, socket) => sum + socket.bytesWritten, 0),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A visitor without anything kept: opens the page, likes the first card, has the list that follows. */
async function visit(browser, { path, host, list, rewrite }) {
  const server = await serve(rewrite);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(server.url + path);
    await page.locator(list).first().waitFor({ timeout: 60_000 });
    const sampleMb = server.bytes() / 1e6;
    await page.locator(`${list} [data-kind="like"]`).first().click();
    await page.locator(`${host}[data-basis="profile"]`).first().waitFor({ timeout: 120_000 });
    return { sampleMb, profileMb: server.bytes() / 1e6, files: server.paths };
  } finally {
    await context.close();
    server.close();
  }
}

/** Files of the model that a device without a GPU fetches once both encoders are loaded. The rest of the folder (the other graph, the tokenizer's source) is not fetched. */
function modelParts() {
  const read = (folder) => JSON.parse(readFileSync(join(DIST, 'models', folder, 'manifest.json'), 'utf8'));
  const [model, instant] = [read('multilingual-e5-small'), read('multilingual-e5-small-instant')];
  const { ranking, covariances, maps, means } = model.adapter;
  const mb = (manifest, names) => names.reduce((sum, name) => sum + manifest.files[name].bytes, 0) / 1e6;
  return [
    { part: 'instant table', mb: mb(instant, [instant.file]) },
    { part: 'transformer: weights and graph', mb: mb(model, [...model.weights, model.graphs.wasm]) },
    { part: 'tokenizer', mb: mb(model, [model.tokenizerCompact]) },
    { part: 'language adapter', mb: mb(model, [ranking, covariances, maps, means]) },
  ];
}

const sizes = measureSizes(DIST);
const startRows = Object.entries(sizes).map(([name, { gzipKb, budgetKb, files }]) => ({
  start: name === 'shell' ? 'page shell' : 'element (kindred.js)',
  'gzip kB': gzipKb.toFixed(1),
  'budget kB': budgetKb,
  files: files.length,
}));
const startTable = table(startRows);
figure('size.shell_gzip_kb', sizes.shell.gzipKb.toFixed(1));
figure('size.element_gzip_kb', sizes.element.gzipKb.toFixed(1));

const browser = await openChromium();
const rows = [];
let largest = [];
try {
  for (const one of VISITS) {
    const runs = [];
    for (let run = 0; run < Number(args.runs); run++) runs.push(await visit(browser, one));
    const middle = median(runs.map(({ profileMb }) => profileMb));
    const all = runs.map(({ profileMb }) => profileMb);
    rows.push({
      visit: one.name,
      'MB to the first list': median(runs.map(({ sampleMb }) => sampleMb)).toFixed(2),
      'MB to the list after a like': middle.toFixed(2),
      'least to most': `${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)}`,
    });
    figure(one.key, middle.toFixed(2));
    if (largest.length === 0) largest = [...runs[0].files].sort((a, b) => b.bytes - a.bytes).slice(0, 6);
  }
} finally {
  await browser.close();
}
const visitTable = table(rows);
const fileTable = table(largest.map(({ path, bytes }) => ({ file: path.replace(/-[\w-]{8}\./, '-*.'), 'MB on the wire': (bytes / 1e6).toFixed(2) })));

const parts = modelParts();
const modelMb = parts.reduce((sum, { mb }) => sum + mb, 0);
figure('size.model_mb', modelMb.toFixed(1));
const modelTable = table([...parts, { part: 'together', mb: modelMb }].map(({ part, mb }) => ({ 'files of the model': part, MB: mb.toFixed(1) })));

writePage(
  'size',
  [
    '## Scripts before the engine',
    'All JavaScript that is fetched before the worker starts, gzip at level 9, each file by itself; other interface languages than English ' +
      '(about 2 kB each) are left out. Checked against the budget in every test run (`node scripts/size.mjs`).',
    startTable,
    '## First visit',
    'An empty browser; a host that compresses text and WASM and sends model files as they are; all bytes that the host sent, headers ' +
      'included, whatever they were for. The first list is a varied sample; then the first card is liked, and the list that follows from ' +
      'the like ends the count. The demo ships with its vectors (a pack), so no encoder is fetched; the shop does not, so the instant ' +
      'table is. Where speed allows, the transformer follows in the background and is not counted here.',
    visitTable,
    'The largest files of the first of these visits (asked for, not necessarily whole):',
    fileTable,
    '## The model',
    'What a device without a GPU fetches once, when both encoders are loaded; files are sent as they are, the runtime comes on top. ' +
      'With `speed="quick"` the transformer is not fetched.',
    modelTable,
  ].join('\n\n'),
  'Size',
);
