#!/usr/bin/env node
// Starts the command line for owners of catalogues, `kindred --help`; see main.ts.
import { load } from './load.mjs';

const { module, close } = await load('kindred.js', '/cli/main.ts');
try {
  process.exitCode = await module.main(process.argv.slice(2));
} finally {
  await close();
}
