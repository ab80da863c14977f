// `kindred pack merge`: joins shards into the pack that one machine would have written.
import { resolve } from 'node:path';
import { mergePacks } from '../../src/pack/merge.ts';
import { type Command, UsageError } from '../lib/command.ts';
import { clearOldFiles, megabytes, openPackFolder, packFolderWriter } from '../lib/pack-folder.ts';

export const packMerge: Command = {
  operands: 'DIR…',
  options: {
    out: { value: 'DIR', summary: 'folder of the whole pack', required: true },
    'chunk-mb': { value: 'N', summary: 'size of a chunk at most; default 4' },
  },
  run: async (options, { out, signal }) => {
    const folder = options.required('out');
    // Merging deletes the files of --out that the new manifest does not name.
    if (options.operands.some((operand) => resolve(operand) === resolve(folder))) {
      throw new UsageError(`--out ${folder} is one of the shards. Name another folder.`);
    }
    const chunkMb = options.number('chunk-mb', { least: 0.01, most: 20 });
    const shards = await Promise.all(options.operands.map((operand) => openPackFolder(operand, signal)));
    const manifest = await mergePacks(shards, {
      put: packFolderWriter(folder),
      signal,
      ...(chunkMb === undefined ? {} : { chunkBytes: chunkMb * 2 ** 20 }),
    });
    clearOldFiles(folder, manifest);
    out(`${folder}: ${manifest.count} vectors of ${shards.length} shards, ${megabytes(manifest)}.`);
    return 0;
  },
};
