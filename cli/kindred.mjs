#!/usr/bin/env node
// The command line for owners of catalogues: `kindred --help`. Only loads and starts it; see main.ts.
import { load } from './load.mjs';

const { module, close } = await load('kindred.js', '/cli/main.ts');
try {
  process.exitCode = await module.main(process.argv.slice(2));
} finally {
  await close();
}
