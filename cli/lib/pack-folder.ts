// A pack's folder on disk: its files are read and written here, and what an older pack left in it is cleared away.
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RecommenderError } from '../../src/base/errors.ts';
import { MANIFEST_FILE, type PackManifest } from '../../src/pack/manifest.ts';
import { openPack, type PackReader } from '../../src/pack/reader.ts';

/** Names that the writer gives, so that nothing else in the folder is ever deleted. */
const OURS = /^(vectors|languages|sums)[.-][0-9a-f]+\.(bin|f32|f64)$/;

/** @throws asset-missing, bad-pack */
export function openPackFolder(folder: string, signal?: AbortSignal): Promise<PackReader> {
  return openPack(async (file) => {
    try {
      return new Uint8Array(await readFile(join(folder, file)));
    } catch {
      throw new RecommenderError('asset-missing', `There is no ${join(folder, file)}. Write the pack again with "kindred pack".`, { file });
    }
  }, signal);
}

/** Takes the files of a pack, each in place only when it is whole. */
export function packFolderWriter(folder: string): (file: string, bytes: Uint8Array<ArrayBuffer>) => void {
  mkdirSync(folder, { recursive: true });
  return (file, bytes) => {
    const partial = join(folder, `${file}.partial`);
    writeFileSync(partial, bytes);
    renameSync(partial, join(folder, file));
  };
}

/** Deletes files of earlier packs that the manifest does not name. @returns how many */
export function clearOldFiles(folder: string, { chunks, languages }: PackManifest): number {
  const named = new Set([MANIFEST_FILE, ...chunks.map(({ file }) => file), languages.file, ...(languages.sums ? [languages.sums.file] : [])]);
  const old = readdirSync(folder).filter((file) => OURS.test(file) && !named.has(file));
  for (const file of old) rmSync(join(folder, file));
  return old.length;
}

export function megabytes(manifest: PackManifest): string {
  const bytes = manifest.chunks.reduce((sum, chunk) => sum + chunk.bytes, manifest.languages.bytes);
  return `${(bytes / 1e6).toFixed(2)} MB in ${manifest.chunks.length} chunks`;
}
