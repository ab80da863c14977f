#!/usr/bin/env node
// The older name of `kindred check FILE`.
process.argv.splice(2, 0, 'check');
await import('./kindred.mjs');
