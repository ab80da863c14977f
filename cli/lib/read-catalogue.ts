// Reads a catalogue file as the page does.
import { existsSync, openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { RecommenderError } from '../../src/base/errors.ts';
import { sha256Hex } from '../../src/base/hash.ts';
import type { CatalogueReport } from '../../src/catalogue/parse.ts';
import { parseDetecting } from '../../src/language/parse-detecting.ts';

export interface ReadCatalogue {
  report: CatalogueReport;
  /** SHA-256 of the file, in hex. */
  sha256: string;
  title: string;
}

/** @throws catalogue-* ; asset-missing when there is no such file */
export async function readCatalogue(file: string, signal?: AbortSignal): Promise<ReadCatalogue> {
  if (!existsSync(file)) throw new RecommenderError('asset-missing', `There is no file ${file}. Check the path of the catalogue.`, { file });
  const data = await openAsBlob(file);
  const report = await parseDetecting({ name: basename(file), data }, signal ? { signal } : {});
  return { report, sha256: await sha256Hex(await data.arrayBuffer()), title: basename(file) };
}
