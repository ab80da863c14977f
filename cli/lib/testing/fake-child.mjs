// Answers the encoder pool as lib/encoder-child.ts does, without a model: the vector of a text is [its length, 1]. The folder
// it is given says how it fails: a file `broken` keeps it from starting; a text "crash once" ends the first process that has
// it, "poison" ends every one, "hang" is never answered.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [, , folder = ''] = process.argv;
process.on('disconnect', () => process.exit());

if (existsSync(join(folder, 'broken'))) {
  process.send?.({ kind: 'failed', code: 'asset-damaged', message: 'weights.bin is damaged' }, () => process.exit(1));
} else {
  process.on('message', ({ chunk, texts }) => {
    writeFileSync(join(folder, `seen-${process.pid}`), '');
    if (texts.includes('poison')) process.exit(7);
    if (texts.includes('crash once') && !existsSync(join(folder, 'crashed'))) {
      writeFileSync(join(folder, 'crashed'), '');
      process.kill(process.pid, 'SIGKILL');
      return;
    }
    if (texts.includes('hang')) return;
    process.send?.({ kind: 'vectors', chunk, vectors: Float32Array.from(texts.flatMap((text) => [text.length, 1])) });
  });
  process.send?.({ kind: 'ready', fingerprint: 'fake', dimensions: 2 });
}
