#!/usr/bin/env node
// For catalogue owners: reads a catalogue file as the page would and says what it found. Usage:
//   node cli/check.mjs FILE
// Exit code 0 when every row is usable, 1 when rows were left out, 2 when the file cannot be used.
import { existsSync, openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const [file] = process.argv.slice(2);
if (!file || !existsSync(file)) {
  console.error(file ? `There is no file ${file}.` : 'usage: node cli/check.mjs FILE');
  process.exit(2);
}

const server = await createServer({
  root: fileURLToPath(new URL('..', import.meta.url)),
  configFile: false,
  server: { middlewareMode: true, ws: false },
  logLevel: 'error',
  appType: 'custom',
});
try {
  const { parseCatalogue } = await server.ssrLoadModule('/src/catalogue/index.ts');
  const { loadDetector } = await server.ssrLoadModule('/src/language/detect.ts');
  const report = await parseCatalogue({ name: basename(file), data: await openAsBlob(file) }, { detectLanguage: await loadDetector() });
  const languages = new Map();
  for (const { language } of report.items) languages.set(language, (languages.get(language) ?? 0) + 1);
  const counts = [...languages].sort((a, b) => b[1] - a[1]).map(([tag, count]) => `${tag} ${count}`);
  console.log(`${report.items.length} items of ${report.rowCount} rows, ${report.format}; ${report.detectedLanguages} languages detected from the text`);
  console.log(`languages: ${counts.join(', ')}`);
  const mapped = Object.entries(report.headerMapping);
  if (mapped.length > 0) console.log(`columns: ${mapped.map(([column, field]) => `${column} → ${field}`).join(', ')}`);
  if (report.unmappedColumns.length > 0) console.log(`not used: ${report.unmappedColumns.join(', ')}`);
  for (const { row, field, value, message, remedy, severity } of report.problems) {
    console.log(`${severity}, row ${row}, ${field} "${value}": ${message} ${remedy}`);
  }
  if (report.problemCount > report.problems.length) console.log(`and ${report.problemCount - report.problems.length} more`);
  process.exitCode = report.errorCount > 0 ? 1 : 0;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
} finally {
  await server.close();
}
