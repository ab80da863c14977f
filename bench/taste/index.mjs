// Whose list is good for real people: `npm run bench -- taste [--users 1000] [--readers 100] [--sets anime,series,debian,languages,questions]`.
// All systems of `kindred evaluate`, the product among them, on anime (a like is a rating of 8 and more) and Debian's baskets. What is
// measured is kept part by part under .cache/taste/KEY, so that a run that was cut off goes on; KEY changes with the code and the model.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { figure, measurementKey } from '../lib.mjs';
import { tasteFigures, writeTastePage } from './report.mjs';

const { values: args } = parseArgs({
  options: {
    users: { type: 'string', default: '1000' },
    readers: { type: 'string', default: '100' },
    sets: { type: 'string', default: 'anime,series,debian,languages,questions' },
  },
});
if (!existsSync(new URL('../../../shared/data/', import.meta.url))) {
  console.log('The benchmark of tastes is left out: the data folder is missing.');
  process.exit();
}
const CODE = ['src/evaluation', 'src/owner', 'src/head', 'src/ranking', 'src/feedback', 'src/language', 'src/compute/interests.ts', 'bench/taste'];
const KEY = measurementKey(...CODE, 'public/models/multilingual-e5-small/manifest.json');
const OUT = fileURLToPath(new URL(`../../.cache/taste/${KEY}/`, import.meta.url));
mkdirSync(OUT, { recursive: true });
process.chdir(fileURLToPath(new URL('../../', import.meta.url)));

async function kept(name, measure) {
  const file = `${OUT}${name}.json`;
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const result = await measure();
  writeFileSync(file, JSON.stringify(result));
  return result;
}

const wanted = args.sets.split(',');
const [users, readers] = [Number(args.users), Number(args.readers)];
const { closeRoom } = await import('./room.mjs');
const { bySeries, measureTastes, readTastes } = await import('./tastes.mjs');
const { measureOwnLanguage } = await import('./own-language.mjs');
const { measureQuestions } = await import('./questions.mjs');
const measures = {
  anime: () => kept(`anime-${users}`, async () => measureTastes(await readTastes('anime', users))),
  series: () => kept(`series-${users}`, async () => measureTastes(bySeries(await readTastes('anime', users)))),
  debian: () => kept('debian', async () => measureTastes(await readTastes('debian'))),
  languages: () => kept('languages', measureOwnLanguage),
  questions: () => kept(`questions-${users}-${readers}`, async () => measureQuestions(await readTastes('anime', users), readers)),
};
const results = {};
for (const [name, measure] of Object.entries(measures)) if (wanted.includes(name)) results[name] = await measure();
await closeRoom();
for (const [name, value] of tasteFigures(results)) figure(name, value);
writeTastePage(results, { users });
process.exit();
