import { expect, test } from 'vitest';
import { deadPaths } from './doc-paths.mjs';
import { figuresOf, figureTable, withFigures } from './readme-figures.mjs';

const page = (figures: string) =>
  `# Size\n\n| Measured | with |\n|---|---|\n| Date     | 2026-11-25 |\n| Command  | \`npm run bench -- size\` |\n\n## Figures\n\n\`\`\`text\n${figures}\n\`\`\`\n`;

test('figures come from the section of the page', () => {
  expect(figuresOf(page('size.shell_gzip_kb: 46.6\nsize.model_mb: 59.7'))).toEqual(
    new Map([
      ['size.shell_gzip_kb', 46.6],
      ['size.model_mb', 59.7],
    ]),
  );
});

test('a row names figure, command and date of its page, and a row without its figures is left out', () => {
  const read = (name: string) => (name === 'size' ? page('size.model_mb: 59.7') : undefined);
  const rows = figureTable(read).split('\n').slice(2);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatch(/\| 60 MB \|.*`npm run bench -- size`, \[2026-11-25\]\(docs\/benchmarks\/size\.md\) \|$/);
});

test('the table stands between its comments, and only there', () => {
  const readme = 'before\n<!-- figures: node scripts/readme-figures.mjs -->\nold\n<!-- end of figures -->\nafter\n';
  expect(withFigures(readme, '| new |')).toBe(readme.replace('old', '\n| new |\n'));
  expect(() => withFigures('nothing', '')).toThrow(/no place/);
});

test('dead paths and links are named with their line, places to fill in are not', () => {
  const text =
    'see `src/base/random.ts` and `src/base/gone.ts`\n[here](../README.md) [not here](gone.md#part) [web](https://example.org/gone.md) [top](#top)\n`bench/NAME.mjs` and `src/*`';
  expect(deadPaths(`${import.meta.dirname}/..`, 'docs/page.md', text)).toEqual([
    { line: 1, path: 'src/base/gone.ts' },
    { line: 2, path: 'gone.md#part' },
  ]);
});
