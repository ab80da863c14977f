// `kindred check`: what the page would find in a catalogue file.
import { countBy } from '../../src/base/group-by.ts';
import { type Command, problemLine } from '../lib/command.ts';
import { readCatalogue } from '../lib/read-catalogue.ts';

export const check: Command = {
  operands: 'FILE',
  options: {},
  details: 'Exit code 0 when every row is usable, 1 when rows were left out, 2 when the file cannot be used.',
  run: async ({ operands }, { out, signal }) => {
    const { report } = await readCatalogue(operands[0] ?? '', signal);
    const counts = [...countBy(report.items.map(({ language }) => language))].sort((a, b) => b[1] - a[1]).map(([tag, count]) => `${tag} ${count}`);
    out(`${report.items.length} items of ${report.rowCount} rows, ${report.format}; ${report.detectedLanguages} languages detected from the text`);
    const counted = report.items.filter(({ popularity }) => popularity !== undefined).length;
    out(`languages: ${counts.join(', ')}`);
    if (counted > 0) out(`popularity: stated by ${counted} of ${report.items.length} items`);
    const mapped = Object.entries(report.headerMapping);
    if (mapped.length > 0) out(`columns: ${mapped.map(([column, field]) => `${column} → ${field}`).join(', ')}`);
    if (report.unmappedColumns.length > 0) out(`not used: ${report.unmappedColumns.join(', ')}`);
    for (const problem of report.problems) out(`${problem.severity}, ${problemLine(problem)}`);
    if (report.problemCount > report.problems.length) out(`and ${report.problemCount - report.problems.length} more`);
    return report.errorCount > 0 ? 1 : 0;
  },
};
