// README's table of figures, made from docs/benchmarks/*.md, so that README never says another figure than the page that it names.
// `node scripts/readme-figures.mjs` writes it; with `--check` nothing is written, and it ends with 1 where README differs.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const [BEGIN, END] = ['<!-- figures: node scripts/readme-figures.mjs -->', '<!-- end of figures -->'];

/**
 * At most eight, for a newcomer. `text` gets a function that reads a figure by name, with decimals and a factor; a row whose figures are
 * not on its page is left out. `tuned`: whether constants of the product were chosen on the data of the row.
 */
const ROWS = [
  {
    what: 'JavaScript before the engine (gzip)',
    page: 'size',
    text: (f) => `page ${f('size.shell_gzip_kb', 0)} kB, element ${f('size.element_gzip_kb', 0)} kB`,
    on: 'the built files',
    tuned: 'no',
  },
  {
    what: 'Files of the model, fetched once, when a visit needs them',
    page: 'size',
    text: (f) => `${f('size.model_mb', 0)} MB`,
    on: 'the files that a device without a GPU fetches',
    tuned: 'no',
  },
  {
    what: 'First visit, until the list that follows a like',
    page: 'pack',
    text: (f) =>
      `${f('pack.first_visit_ms', 1, 1e-3)} s and ${f('pack.bytes_before_recommendations', 1, 1e-6)} MB with the owner’s vectors (a pack); ${f('pack.without_first_visit_ms', 1, 1e-3)} s and ${f('pack.without_bytes_before_recommendations', 1, 1e-6)} MB without`,
    on: 'the demo, local host',
    tuned: 'no',
  },
  {
    what: 'Encoder against transformers.js, same graph, weights and threads',
    page: 'encoder',
    text: (f) => `${f('encoder.throughput_ratio', 2)} times its texts a second`,
    on: 'texts of stories and apps, WebAssembly',
    tuned: 'no',
  },
  {
    what: 'Own language among the ten nearest, over its fair share (1 is fair)',
    page: 'languages',
    text: (f) => languageText(f, 'languages.stories_'),
    on: 'stories',
    tuned: 'no: on apps',
  },
  {
    what: 'The same',
    page: 'languages',
    text: (f) => languageText(f, 'languages.'),
    on: 'apps',
    tuned: 'yes',
  },
  {
    what: 'Recommending from text, nDCG@10 of the full ranking',
    page: 'quality',
    text: (f) =>
      `${f('quality.mean_embedding_ndcg10_k_fold', 3)}; TF-IDF ${f('quality.tfidf_knn_ndcg10_k_fold', 3)}, EASE ${f('quality.ease_ndcg10_k_fold', 3)}, popularity ${f('quality.popularity_ndcg10_k_fold', 3)}`,
    on: 'Debian’s baskets, five folds of users',
    tuned: 'yes; the language adapter was learnt from texts of these packages too',
  },
  {
    what: 'Exact search, re-scored in float32, one thread',
    page: 'index',
    text: (f) =>
      `recall@10 ${f('index.recall_at_10_rescored', 3)}, built in ${f('index.rescored.build_ms', 1, 1e-3)} s, ${f('index.rescored.query_ms', 1)} ms a query. A graph index answers faster once it is built: hnswlib-wasm ${f('index.hnswlib_wasm.query_ms', 1)} ms, after ${f('index.hnswlib_wasm.build_ms', 0, 1e-3)} s (recall@10 ${f('index.hnswlib_wasm.recall_at_10', 3)})`,
    on: '100,000 × 384, noisy copies of real vectors',
    tuned: 'no',
  },
];

function languageText(f, prefix) {
  const of = (system) => f(`${prefix}${system}same_language_over_fair`, 2);
  const [raw, centred, adapter, fitted] = ['raw_', 'centred_', 'adapter_', ''].map(of);
  const compared = Number(adapter) > Number(centred) ? 'worse' : 'better';
  return `${raw} as the encoder gives them; ${centred} less the mean of their language; ${adapter} with the shipped adapter alone (${compared} than the mean alone); ${fitted} fitted on the catalogue’s translations`;
}

/** @returns {Map<string, number>} the figures of a page's section "Figures"; none where it has no such section */
export function figuresOf(markdown) {
  const section = /^## Figures\n+```text\n([\s\S]*?)\n```$/m.exec(markdown)?.[1] ?? '';
  return new Map([...section.matchAll(/^(\S+): (.+)$/gm)].map(([, name, value]) => [name, Number(value)]));
}

const factOf = (markdown, name) => new RegExp(`^\\| ${name} +\\| (.*?) *\\|$`, 'm').exec(markdown)?.[1] ?? '';

/** @param {(page: string) => string | undefined} readPage markdown of a page by its name @returns {string} the table */
export function figureTable(readPage) {
  const rows = ROWS.flatMap(({ what, page, text, on, tuned }) => {
    const markdown = readPage(page);
    if (markdown === undefined) return [];
    const figures = figuresOf(markdown);
    let complete = true;
    const shown = text((name, decimals, factor = 1) => {
      const value = figures.get(name);
      complete &&= Number.isFinite(value);
      return complete ? (value * factor).toFixed(decimals) : '';
    });
    const command = /`[^`]+`/.exec(factOf(markdown, 'Command'))?.[0] ?? '';
    return complete ? [[what, shown, on, tuned, `${command}, [${factOf(markdown, 'Date')}](docs/benchmarks/${page}.md)`]] : [];
  });
  return aligned([['what', 'figure', 'measured on', 'constants chosen on it', 'command'], ...rows]);
}

/** As the formatter aligns tables, so that it changes nothing here. */
function aligned([head, ...rows]) {
  const width = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column].length)));
  const line = (cells) => `| ${cells.map((text, column) => text.padEnd(width[column])).join(' | ')} |`;
  return [line(head), line(width.map((length) => '-'.repeat(length))), ...rows.map(line)].join('\n');
}

/** @returns {string} README with the table in its place */
export function withFigures(readme, table) {
  const [from, to] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`README.md has no place for the figures: "${BEGIN}" … "${END}".`);
  return `${readme.slice(0, from + BEGIN.length)}\n\n${table}\n\n${readme.slice(to)}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const path = join(ROOT, 'README.md');
  const readme = readFileSync(path, 'utf8');
  const made = withFigures(
    readme,
    figureTable((page) => {
      const file = join(ROOT, 'docs/benchmarks', `${page}.md`);
      return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    }),
  );
  if (!process.argv.includes('--check')) writeFileSync(path, made);
  else if (made !== readme) {
    console.error('README.md does not say what the pages of docs/benchmarks say. Run: node scripts/readme-figures.mjs');
    process.exitCode = 1;
  } else console.log('README says what the pages say.');
}
