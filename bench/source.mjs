// The project's own TypeScript, for benchmarks that run in Node: one server for all modules, so that each exists once.
import { sourceServer } from '../cli/load.mjs';

process.env.KINDRED_SOURCE = '1'; // child processes too: a build may be older
const server = await sourceServer();

/** @param {string[]} paths from the root of the package, such as /src/base/random.ts @returns what these modules export, together */
export const bring = async (...paths) => Object.assign({}, ...(await Promise.all(paths.map((path) => server.ssrLoadModule(path)))));

/** What the benchmarks use of src/evaluation. */
export const bringEvaluation = () =>
  bring(
    '/src/evaluation/aggregate.ts',
    '/src/evaluation/bootstrap.ts',
    '/src/evaluation/compare.ts',
    '/src/evaluation/run.ts',
    '/src/evaluation/splits/by-item.ts',
    '/src/evaluation/splits/by-user.ts',
    '/src/evaluation/splits/language-masked.ts',
    '/src/evaluation/splits/leakage.ts',
  );
export const closeSource = () => server.close();
