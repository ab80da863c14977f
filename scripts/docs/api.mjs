// The API page, made from the types so that it cannot differ from them: every exported declaration of the public
// files with its docstring, interfaces member by member.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseAst } from 'vite';

/** Public files, by what a reader looks for. */
const SECTIONS = [
  ['The recommender', ['src/client/recommender.ts', 'src/client/create.ts']],
  ['What goes in and comes out', ['src/protocol/engine-api.ts', 'src/base/types.ts']],
  ['The element', ['src/widget/types.ts']],
  ['Errors', ['src/base/errors.ts']],
];
/** The worker's side of the protocol is not for embedders. */
const INTERNAL = new Set(['EngineApi', 'EngineSettings', 'FORWARDED', 'installErrorCodec', 'throwIfAborted', 'messageOf']);

/** @param {string} root folder of the repository @returns {string} Markdown */
export function apiMarkdown(root) {
  const shown = new Set();
  const parts = SECTIONS.map(([title, files]) => `## ${title}\n\n${files.flatMap((file) => fileDeclarations(join(root, file), shown)).join('\n')}`);
  return `# API\n\nGenerated from the types when the site is built. How the pieces fit together: [Embedding](embedding.md#library).\n\n${parts.join('\n')}`;
}

/** Declarations of a file, and of the names that it re-exports from others; each name once. */
function fileDeclarations(path, shown) {
  const source = readFileSync(path, 'utf8');
  const elsewhere = parseAst(source, { lang: 'ts' }).body.flatMap((node) => {
    if (node.type !== 'ExportNamedDeclaration' || !node.source) return [];
    const names = new Set(node.specifiers.map(({ exported }) => exported.name));
    const target = readFileSync(join(dirname(path), node.source.value), 'utf8');
    return declarationsOf(target, (name) => names.has(name) && isNew(shown, name));
  });
  return [...declarationsOf(source, (name) => isNew(shown, name)), ...elsewhere];
}

function isNew(shown, name) {
  const before = shown.size;
  return shown.add(name).size > before;
}

/** @param {string} source TypeScript @param {(name: string) => boolean} wanted @returns {string[]} Markdown of each exported declaration */
export function declarationsOf(source, wanted = () => true) {
  return parseAst(source, { lang: 'ts' }).body.flatMap((node) => {
    const declared = node.type === 'ExportNamedDeclaration' ? node.declaration : null;
    if (!declared) return [];
    const name = declared.id?.name ?? declared.declarations?.[0]?.id.name;
    if (!name || INTERNAL.has(name) || !wanted(name)) return [];
    const head = `### ${name}\n\n${docBefore(source, node.start)}`;
    if (declared.type === 'TSInterfaceDeclaration') return [`${head}${interfaceTable(source, declared)}`];
    return [`${head}${fenced(signatureOf(source, declared))}`];
  });
}

function interfaceTable(source, { body, extends: bases }) {
  const from = bases.length > 0 ? `Extends ${bases.map((base) => `\`${textOf(source, base)}\``).join(', ')}.\n\n` : '';
  const members = body.body.map((member) => `${fenced(textOf(source, member).replace(/;$/, ''))}${docBefore(source, member.start)}`);
  return `${from}${members.join('')}`;
}

/** Functions and classes without their bodies: what a caller sees. */
function signatureOf(source, declared) {
  if (declared.type === 'FunctionDeclaration') return source.slice(declared.start, declared.body.start).trim();
  if (declared.type === 'ClassDeclaration') {
    const members = declared.body.body.filter(({ key, accessibility }) => key?.type !== 'PrivateIdentifier' && accessibility !== 'private');
    const lines = members.map(
      (member) =>
        `  ${source
          .slice(member.start, member.value?.body?.start ?? member.end)
          .trim()
          .replace(/;?$/, ';')}`,
    );
    return `${source.slice(declared.start, declared.body.start).trim()} {\n${lines.join('\n')}\n}`;
  }
  return textOf(source, declared);
}

const textOf = (source, { start, end }) => source.slice(start, end);

const fenced = (code) => `\`\`\`ts\n${dedented(code)}\n\`\`\`\n\n`;

/** Takes the indent of the last line from all lines but the first. */
function dedented(code) {
  const [first = '', ...rest] = code.split('\n');
  const cut = rest.at(-1)?.search(/\S/) ?? 0;
  return [first, ...rest.map((line) => (line.slice(0, cut).trim() === '' ? line.slice(cut) : line))].join('\n');
}

/** The docstring that ends right before `at`. */
function docBefore(source, at) {
  const match = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*$/.exec(source.slice(0, at));
  if (!match) return '';
  const lines = match[1].split('\n').map((line) => line.replace(/^\s*\* ?/, '').trim());
  const text = lines
    .join('\n')
    .trim()
    .replace(/^@(param|returns|throws|see)\b ?/gm, (_, tag) => `\n**${LABELS[tag]}** `);
  return `${text}\n\n`;
}

const LABELS = { param: 'Parameter', returns: 'Returns', throws: 'Throws', see: 'See' };
