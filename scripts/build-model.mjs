// Makes the files of a model that the page loads faster: the compact tokenizer, and the language adapter cut in two
// (what ranking needs, and the covariances that only refitting needs). Usage:
//   node scripts/build-model.mjs MODEL_FOLDER [ADAPTER_FOLDER]
// Writes tokenizer.bin and adapter/ into MODEL_FOLDER and enters sizes and SHA-256 into its manifest.json.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'vite';

const [model, adapterSource] = process.argv.slice(2);
if (!model) {
  console.error('usage: node scripts/build-model.mjs MODEL_FOLDER [ADAPTER_FOLDER]');
  process.exit(2);
}
const manifestPath = join(model, 'manifest.json');
const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'));
const enter = (name, bytes) => {
  const path = join(model, name);
  writeFileSync(path, bytes);
  manifest.files[name] = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  console.log(`${name}: ${bytes.length} bytes`);
};

const server = await createServer({ configFile: false, server: { middlewareMode: true, ws: false }, logLevel: 'error', appType: 'custom' });
const { readUnigramJson } = await server.ssrLoadModule('/src/encoder/tokenizer/json.ts');
const { writeCompact } = await server.ssrLoadModule('/src/encoder/tokenizer/compact.ts');
await server.close();

const files = readUnigramJson(JSON.parse(readFileSync(join(model, manifest.tokenizer), 'utf8')));
if (files) {
  enter('tokenizer.bin', Buffer.from(writeCompact(files)));
  manifest.tokenizerCompact = 'tokenizer.bin';
}

if (adapterSource) {
  const about = JSON.parse(readFileSync(join(adapterSource, 'adapter.json'), 'utf8'));
  const all = readFileSync(join(adapterSource, about.file));
  const d = about.dimensions;
  const covariances = 2 * d * d * 4;
  mkdirSync(join(model, 'adapter'), { recursive: true });
  enter('adapter/ranking.f32', all.subarray(covariances));
  enter('adapter/covariances.f32', all.subarray(0, covariances)); // replaced, with maps beside them, by adapter/build_adapter.py
  manifest.adapter = {
    dimensions: d,
    projectedDimensions: 256,
    languages: about.languages,
    samples: about.samples,
    ranking: 'adapter/ranking.f32',
    rankingLayout: ['languageMean [languages x dimensions]', 'projection [dimensions x projectedDimensions]'],
    covariances: 'adapter/covariances.f32',
    covariancesLayout: ['withinItem [dimensions x dimensions]', 'betweenItem [dimensions x dimensions]'],
  };
}
writeFileSync(manifestPath, `${JSON.stringify(manifest, null, 1)}\n`);
