// The docs site: every page of docs/ as HTML beside the product, at dist/docs/. No script, nothing from elsewhere.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import MarkdownIt from 'markdown-it';
import { apiMarkdown } from './api.mjs';

/** In the order of the menu; benchmarks and decisions follow by themselves. */
const GUIDE = [
  'index',
  'quick-start',
  'embedding',
  'catalogue-format',
  'api',
  'how-it-works',
  'architecture',
  'owner-training',
  'privacy',
  'troubleshooting',
];

/**
 * @param {string} root folder of the repository
 * @returns {{ path: string, content: string | Buffer }[]} files below docs/: pages, the style sheet, pictures
 */
export function docsFiles(root) {
  const pages = readPages(root);
  const asset = (path) => ({ path, content: readFileSync(join(root, 'docs', path)) });
  const pictures = filesBelow(root).filter((path) => /\.(svg|png)$/.test(path));
  return [
    ...pages.map((page) => ({ path: htmlPath(page.path), content: renderPage(page, pages) })),
    { path: 'docs.css', content: readFileSync(join(root, 'scripts/docs/docs.css')) },
    ...pictures.map(asset),
  ];
}

const filesBelow = (root) =>
  readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .sort();

function readPages(root) {
  const written = filesBelow(root).filter((path) => path.endsWith('.md'));
  const sources = new Map(written.map((path) => [path, readFileSync(join(root, 'docs', path), 'utf8')]));
  sources.set('api.md', apiMarkdown(root));
  if (!sources.has('index.md')) sources.set('index.md', frontPage(sources));
  const guide = GUIDE.map((name) => `${name}.md`).filter((path) => sources.has(path));
  const others = [...sources.keys()].filter((path) => !guide.includes(path)).sort();
  return [...guide, ...others].map((path) => {
    const markdown = sources.get(path);
    const title = titleOf(markdown) ?? path;
    return { path, markdown, title, group: groupOf(path) };
  });
}

/** Title of a page, without backticks and without the date that decisions begin with. */
const titleOf = (markdown) => /^# (?:\d{4}-\d\d-\d\d: )?(.+)$/m.exec(markdown)?.[1]?.replaceAll('`', '');

function groupOf(path) {
  if (path.startsWith('benchmarks/')) return 'Benchmarks';
  return path.startsWith('decisions/') ? 'Decisions' : 'Guide';
}

function frontPage(sources) {
  const links = GUIDE.filter((name) => sources.has(`${name}.md`)).map((name) => `- [${titleOf(sources.get(`${name}.md`)) ?? name}](${name}.md)`);
  return `# Kindred\n\nA recommender that lives in the browser tab: it reads a catalogue in any mix of languages, learns from what the visitor likes, on the visitor's own device, and nothing leaves the page.\n\n${links.join('\n')}\n\n[Open the demo](../index.html)\n`;
}

const htmlPath = (path) => path.replace(/\.md$/, '.html');

/** Anchors as GitHub makes them, so that links work in both places. */
export const slugOf = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

function renderer() {
  const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });
  markdown.renderer.rules.heading_open = (tokens, at, options, _env, self) => {
    tokens[at].attrSet('id', slugOf(tokens[at + 1].content));
    return self.renderToken(tokens, at, options);
  };
  // Alignment as a class: the policy of the pages forbids style attributes.
  const cell = (tokens, at, options, _env, self) => {
    const token = tokens[at];
    if (token.attrGet('style')?.includes('right')) token.attrSet('class', 'number');
    token.attrs = token.attrs?.filter(([name]) => name !== 'style') ?? null;
    return self.renderToken(tokens, at, options);
  };
  markdown.renderer.rules.th_open = cell;
  markdown.renderer.rules.td_open = cell;
  markdown.renderer.rules.table_open = () => '<div class="table" role="region" tabindex="0" aria-label="Table"><table>';
  markdown.renderer.rules.table_close = () => '</table></div>';
  markdown.renderer.rules.fence = (tokens, at) => `<pre tabindex="0"><code>${markdown.utils.escapeHtml(tokens[at].content)}</code></pre>\n`;
  markdown.renderer.rules.link_open = (tokens, at, options, _env, self) => {
    const href = tokens[at].attrGet('href') ?? '';
    if (!/^[a-z]+:/i.test(href)) tokens[at].attrSet('href', href.replace(/\.md(?=$|#)/, '.html'));
    return self.renderToken(tokens, at, options);
  };
  return markdown;
}

function renderPage(page, pages) {
  const up = '../'.repeat(page.path.split('/').length - 1);
  const markdown = renderer();
  const { escapeHtml } = markdown.utils;
  const entry = (one) => {
    const current = one === page ? ' aria-current="page"' : '';
    return `<li><a href="${up}${htmlPath(one.path)}"${current}>${escapeHtml(one.title)}</a></li>`;
  };
  const groups = [...new Set(pages.map(({ group }) => group))];
  const menu = groups
    .map(
      (group) =>
        `<h2>${group}</h2><ul>${pages
          .filter((one) => one.group === group)
          .map(entry)
          .join('')}</ul>`,
    )
    .join('');
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${escapeHtml(page.title)} – Kindred</title>
    <link rel="icon" type="image/svg+xml" href="${up}../icon.svg" />
    <link rel="stylesheet" href="${up}docs.css" />
  </head>
  <body>
    <a class="skip" href="#content">Skip to content</a>
    <header><a href="${up}index.html">Kindred docs</a> <a href="${up}../index.html">Open the recommender</a></header>
    <div class="columns">
      <nav aria-label="Pages">${menu}</nav>
      <main id="content" tabindex="-1">
${markdown.render(page.markdown)}
      </main>
    </div>
  </body>
</html>
`;
}

/** @returns {import('vite').Plugin} emits the site with the build, and serves it in development */
export function docsSite() {
  let root = '';
  return {
    name: 'kindred:docs-site',
    configResolved(config) {
      root = config.root;
    },
    generateBundle() {
      for (const { path, content } of docsFiles(root)) this.emitFile({ type: 'asset', fileName: `docs/${path}`, source: content });
    },
    configureServer(server) {
      server.middlewares.use('/docs', (request, response, next) => {
        const path = (request.url ?? '/').split('?')[0].replace(/^\//, '') || 'index.html';
        const found = docsFiles(root).find((file) => file.path === path);
        if (!found) return next();
        response.setHeader(
          'content-type',
          path.endsWith('.css') ? 'text/css' : path.endsWith('.svg') ? 'image/svg+xml' : path.endsWith('.png') ? 'image/png' : 'text/html',
        );
        response.end(found.content);
      });
    },
  };
}
