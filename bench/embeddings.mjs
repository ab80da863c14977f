// Embeds catalogues into `.cache/embeddings/NAME.f32` ([items × 384] raw float32), which tests of recall and benchmarks
// read when it is there: npm run bench -- embeddings [demo stories apps debian] [--items N]
// One thread of ONNX Runtime's WASM in Node; 2 to 15 texts a second.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);
const at = args.indexOf('--items');
const most = at < 0 ? 1200 : Number(args[at + 1]);
const named = args.filter((arg, i) => !arg.startsWith('--') && (at < 0 || i !== at + 1));
const names = named.length > 0 ? named : ['demo', 'stories', 'apps', 'debian'];

const ort = await import('onnxruntime-web/wasm');
ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';
const server = await createServer({ root, configFile: false, server: { middlewareMode: true, ws: false }, logLevel: 'error', appType: 'custom' });
const { OnnxEncoder } = await server.ssrLoadModule('/src/encoder/onnx-encoder.ts');
const { fingerprintOf, parseManifestText } = await server.ssrLoadModule('/src/encoder/manifest.ts');
const { loadTokenizer } = await server.ssrLoadModule('/src/encoder/tokenizer/load.ts');
const { itemText } = await server.ssrLoadModule('/src/catalogue/text.ts');

const folder = new URL('../public/models/multilingual-e5-small/', import.meta.url);
const bytes = (name) => new Uint8Array(readFileSync(new URL(name, folder)));
const manifest = parseManifestText(readFileSync(new URL('manifest.json', folder), 'utf8'), 'manifest.json');
const encoder = new OnnxEncoder({
  ort,
  session: await ort.InferenceSession.create(bytes(manifest.graphs.wasm), {
    executionProviders: ['wasm'],
    externalData: manifest.weights.map((path) => ({ path, data: bytes(path) })),
  }),
  tokenizer: await loadTokenizer(manifest, async (name) => bytes(name)),
  manifest,
  fingerprint: fingerprintOf(manifest),
  limits: { tokenBudget: 512, maxRows: 32 },
  status: { model: manifest.name, rung: 'wasm', reason: 'bench', checkCosine: 1, threads: 1, device: '', languages: [] },
});
await server.close();

mkdirSync(`${root}.cache/embeddings`, { recursive: true });
for (const name of names) {
  const file = name === 'demo' ? `${root}public/catalogues/world-library/items.ndjson` : `${root}../shared/data/${name}/items.ndjson`;
  if (!existsSync(file)) {
    console.log(`${name} is left out: ${name === 'demo' ? 'the demo catalogue' : 'the data folder'} is missing`);
    continue;
  }
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const step = Math.max(1, Math.floor(lines.length / most));
  const items = lines
    .filter((_, i) => i % step === 0)
    .slice(0, most)
    .map((line) => JSON.parse(line));
  const started = performance.now();
  let said = 0;
  const vectors = await encoder.encode(
    items.map((item) => itemText(item)),
    {
      onProgress: ({ done, total }) => {
        if (done < said + 100 && done < total) return;
        said = done;
        console.log(`${name}: ${done} of ${total}, ${(done / ((performance.now() - started) / 1000)).toFixed(1)} a second`);
      },
    },
  );
  writeFileSync(`${root}.cache/embeddings/${name}.f32`, vectors);
}
process.exit();
