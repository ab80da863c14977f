// The project's own TypeScript, for benchmarks that run in Node: one server for all modules, so that each exists once.
import { sourceServer } from '../cli/load.mjs';

process.env.KINDRED_SOURCE = '1'; // child processes too: a build may be older
const server = await sourceServer();

/** @param {string} path from the root of the package, such as /src/base/random.ts */
export const bring = (path) => server.ssrLoadModule(path);
export const closeSource = () => server.close();
