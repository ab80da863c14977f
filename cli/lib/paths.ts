// Where the package's own files are, in a checkout and in an installed package.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RecommenderError } from '../../src/base/errors.ts';

const MODEL = join('models', 'multilingual-e5-small');
/** Relative to the current folder. One cache serves all catalogues. */
export const DEFAULT_CACHE = join('.cache', 'vectors');

/** The folder of the package: the nearest one above this file that has cli/kindred.mjs. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'cli', 'kindred.mjs'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('cli/kindred.mjs is not in any folder above. Install the package again.');
    folder = parent;
  }
  return folder;
}

/** @throws asset-missing when the package has no model */
export function defaultModelFolder(): string {
  const root = packageRoot();
  const found = ['public', 'dist'].map((folder) => join(root, folder, MODEL)).find((folder) => existsSync(join(folder, 'manifest.json')));
  if (found) return found;
  throw new RecommenderError('asset-missing', `There is no model in ${join(root, 'public', MODEL)}. Name its folder with --model.`);
}
