// Starts one process of the encoder pool; see lib/encoder-child.ts.
import { load } from './load.mjs';

const { module, close } = await load('encoder-child.js', '/cli/lib/encoder-child.ts');
try {
  await module.serve(process.argv[2] ?? '');
} finally {
  await close();
}
