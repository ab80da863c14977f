// A pack's folder on disk: reads and writes its files, and deletes those of an older pack.
import { readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RecommenderError } from '../../src/base/errors.ts';
import { MANIFEST_FILE, type PackManifest } from '../../src/pack/manifest.ts';
import { openPack, type PackReader } from '../../src/pack/reader.ts';
import { writeWholeFile } from './files.ts';

/** The names of a pack's files; nothing else in the folder is ever deleted. */
const PACK_FILE = /^(vectors|languages|sums)[.-][0-9a-f]+\.(bin|f32|f64)$/;

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

/** @returns a function that writes a file of the pack */
export function packFolderWriter(folder: string): (file: string, bytes: Uint8Array<ArrayBuffer>) => void {
  return (file, bytes) => writeWholeFile(join(folder, file), bytes);
}

/** Deletes files of earlier packs that the manifest does not name. */
export function clearOldFiles(folder: string, { chunks, languages }: PackManifest): void {
  const named = new Set([MANIFEST_FILE, ...chunks.map(({ file }) => file), languages.file, ...(languages.sums ? [languages.sums.file] : [])]);
  for (const file of readdirSync(folder)) if (PACK_FILE.test(file) && !named.has(file)) rmSync(join(folder, file));
}

export function megabytes(manifest: PackManifest): string {
  const bytes = manifest.chunks.reduce((sum, chunk) => sum + chunk.bytes, manifest.languages.bytes);
  return `${(bytes / 1e6).toFixed(2)} MB in ${manifest.chunks.length} chunks`;
}
