// Enforces the rooms of the architecture: imports under src/ point down this table only, and a library that one room
// wraps is imported there and nowhere else. Biome's noRestrictedImports sees neither the resolved file nor `import type`.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseSync } from 'vite';

/** Room → rooms it may import. `type:` marks rooms of which only types may be imported. Every room may import `base`. */
export const ROOMS = {
  app: ['ui', 'client', 'type:protocol'],
  widget: ['ui', 'client', 'type:protocol'],
  ui: ['client', 'type:protocol'],
  client: ['protocol'],
  worker: ['protocol', 'engine'],
  protocol: 'pack evaluation ranking feedback head index language encoder catalogue store compute'.split(' ').map((room) => `type:${room}`),
  engine: 'protocol pack evaluation ranking feedback head index language encoder catalogue store compute'.split(' '),
  owner: ['evaluation', 'ranking', 'feedback', 'head', 'index', 'language', 'catalogue', 'compute'],
  evaluation: ['ranking', 'head', 'feedback', 'index', 'language', 'catalogue', 'compute'],
  ranking: ['feedback', 'head', 'index', 'language', 'compute'],
  feedback: ['index', 'language', 'compute', 'type:head'],
  head: ['compute'],
  index: ['language', 'compute'],
  language: ['catalogue', 'compute'],
  encoder: ['compute'],
  catalogue: [],
  store: [],
  pack: ['compute'],
  compute: [],
  base: [],
};

/** Rooms of the page, which the command line must not need. */
const PAGE_ROOMS = ['app', 'widget', 'ui', 'client', 'worker', 'engine'];

/** Package → the one room that may import it (and its sub-paths). */
export const WRAPPED = {
  idb: 'store',
  papaparse: 'catalogue',
  'onnxruntime-web': 'encoder',
  '@xenova/transformers': 'encoder',
  '@huggingface/tokenizers': 'encoder',
};

/** @returns {{source: string, line: number, typeOnly: boolean}[]} static, re-exporting, dynamic and type imports of a module */
export function importsOf(path, code) {
  const { program, errors } = parseSync(path, code);
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0].message}`);
  const found = [];
  const visit = (node) => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (!node || typeof node.type !== 'string') return;
    const source = /^(Import(Declaration|Expression)|Export(Named|All)Declaration|TSImportType)$/.test(node.type) ? node.source : null;
    if (typeof source?.value === 'string') {
      const named = node.specifiers ?? [];
      const typeOnly =
        node.type === 'TSImportType' ||
        (node.importKind ?? node.exportKind) === 'type' ||
        (named.length > 0 && named.every((one) => (one.importKind ?? one.exportKind) === 'type'));
      found.push({ source: source.value, line: code.slice(0, node.start).split('\n').length, typeOnly });
    }
    for (const [key, value] of Object.entries(node)) if (key !== 'parent' && value && typeof value === 'object') visit(value);
  };
  visit(program.body);
  return found;
}

/** Tests and their helpers compose what they need; nothing that ships may import them. */
const isTest = (file) => /\.test\.ts$|(^|[\\/])testing[\\/]/.test(file);

/** @returns {string[]} one line per forbidden import in the TypeScript files below `src` */
export function violations(src) {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => /\.m?tsx?$/.test(file));
  return files.sort().flatMap((file) => {
    const room = file.split(sep)[0];
    if (room === file) return [];
    if (file.endsWith(`${sep}index.ts`)) return [`src/${file.split(sep).join('/')}:1 is a barrel: imports name the file that they need`];
    const allowed = ROOMS[room];
    if (!allowed) return [`src/${file.split(sep).join('/')}:1 room '${room}' is not in the table of scripts/import-direction.mjs`];
    return importsOf(file, readFileSync(join(src, file), 'utf8')).flatMap(({ source, line, typeOnly }) => {
      const where = `src/${file.split(sep).join('/')}:${line}`;
      if (!isTest(file) && isTest(source)) return [`${where} imports ${source}: only tests may`];
      if (!source.startsWith('.')) {
        const owner = Object.entries(WRAPPED).find(([name]) => source === name || source.startsWith(`${name}/`))?.[1];
        return owner && owner !== room ? [`${where} imports ${source}: only ${owner} may`] : [];
      }
      const target = relative(src, join(src, dirname(file), source)).split(sep)[0];
      const fine =
        isTest(file) || target === room || target === 'base' || allowed.includes(target) || (typeOnly && allowed.includes(`type:${target}`));
      // Outside src (`..`) there are no rooms.
      if (fine || target === '..') return [];
      return [`${where} imports ${source}: ${room} may import ${[...allowed, 'base'].join(', ')}`];
    });
  });
}

/** @returns {string[]} one line per import of a page's room in the TypeScript files below `cli`, tests included */
export function commandLineViolations(cli) {
  const files = readdirSync(cli, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.sort().flatMap((file) =>
    importsOf(file, readFileSync(join(cli, file), 'utf8')).flatMap(({ source, line }) => {
      const [top, room] = relative(dirname(cli), join(cli, dirname(file), source)).split(sep);
      if (top !== 'src' || !PAGE_ROOMS.includes(room)) return [];
      return [`cli/${file.split(sep).join('/')}:${line} imports ${source}: the command line may not import ${room}`];
    }),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  const lines = [...violations(join(root, 'src')), ...commandLineViolations(join(root, 'cli'))];
  for (const line of lines) console.error(line);
  console.log(lines.length === 0 ? 'Imports point down.' : `${lines.length} imports point the wrong way.`);
  process.exitCode = lines.length === 0 ? 0 : 1;
}
