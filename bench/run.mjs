// `npm run bench -- NAME [args]`: runs bench/NAME.mjs or bench/NAME/index.mjs with the arguments after the name.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const NOT_BENCHMARKS = ['run', 'lib'];

/** @returns {Map<string, string>} name → file */
function benchmarks() {
  const found = readdirSync(HERE, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isFile() && entry.name.endsWith('.mjs')) return [[entry.name.slice(0, -'.mjs'.length), join(HERE, entry.name)]];
    const index = join(HERE, entry.name, 'index.mjs');
    return entry.isDirectory() && entry.name !== 'node_modules' && existsSync(index) ? [[entry.name, index]] : [];
  });
  return new Map(found.filter(([name]) => !NOT_BENCHMARKS.includes(name)).sort());
}

const [name, ...args] = process.argv.slice(2);
const all = benchmarks();
const file = all.get(name);
if (file) {
  process.exitCode = spawnSync(process.execPath, [file, ...args], { stdio: 'inherit' }).status ?? 1;
} else {
  if (name) console.error(`There is no benchmark '${name}'.`);
  console.log(`npm run bench -- NAME [args], where NAME is one of: ${[...all.keys()].join(', ') || '(none yet)'}`);
  process.exitCode = name ? 1 : 0;
}
