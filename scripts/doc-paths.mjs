// Whether every path and every relative link in README.md, docs/*.md and docs/benchmarks/*.md leads to a file. Decisions are records of
// their day and may name files that have gone. `node scripts/doc-paths.mjs` names each dead one and ends with 1 if there is any.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A path from the root, as prose and tables name it; what has a place to fill in (`NAME`, `*`, `{…}`) is not one. */
const PATH = /(?<![\w./-])(?:src|bench|docs|scripts|cli|e2e)\/[\w./-]*[\w/]/g;
const LINK = /\]\(([^)\s]+)\)|\bsrc="(docs\/[^"]+)"/g;
const BLANK = /\bNAME\b|[*{<…]/;

/** @returns {{line: number, path: string}[]} dead paths of one document. @param {string} file path of the document from the root */
export function deadPaths(root, file, markdown) {
  return markdown.split('\n').flatMap((text, i) => {
    const named = [...text.matchAll(PATH)].filter(
      ({ index, 0: path }) => !BLANK.test(path + text.slice(index + path.length, index + path.length + 1)),
    );
    const links = [...text.matchAll(LINK)].map(([, link, image]) => link ?? image).filter((link) => !/^([a-z]+:|#|\/)/i.test(link));
    const dead = [
      ...named.map(([path]) => path).filter((path) => !existsSync(join(root, path)) && !existsSync(join(root, dirname(file), path))),
      ...links.filter((link) => !existsSync(join(root, dirname(file), decodeURIComponent(link.split('#')[0])))),
    ];
    return [...new Set(dead)].map((path) => ({ line: i + 1, path }));
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const below = (folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`);
  const lines = ['README.md', ...below('docs'), ...below('docs/benchmarks')].flatMap((file) =>
    deadPaths(root, file, readFileSync(join(root, file), 'utf8')).map(({ line, path }) => `${file}:${line} ${path} is not there`),
  );
  for (const line of lines) console.error(line);
  console.log(lines.length === 0 ? 'Every path in the documents exists.' : `${lines.length} paths in the documents lead nowhere.`);
  process.exitCode = lines.length === 0 ? 0 : 1;
}
