// The project's own TypeScript, for a benchmark that runs in Node.
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));
const server = await createServer({ root, configFile: false, server: { middlewareMode: true, ws: false }, logLevel: 'error', appType: 'custom', optimizeDeps: { noDiscovery: true } });
const load = (path) => server.ssrLoadModule(path);

export const { seededRandom, shuffle } = await load('/src/base/random.ts');
export const { cleanText, contentKey, itemText } = await load('/src/catalogue/index.ts');
export const { fingerprintOf, parseManifestText } = await load('/src/encoder/manifest.ts');
export const correction = await load('/src/language/correction/index.ts');
export const { openVectorCache } = await load('/cli/lib/vector-cache.ts');
export const evaluation = await load('/src/evaluation/index.ts');
export const { systemByName } = await load('/src/evaluation/baselines/index.ts');
export const { readEvaluationData } = await load('/cli/lib/evaluation-data.ts');
export const closeRoom = () => server.close();
