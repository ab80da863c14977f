// Files that options name.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../../src/base/errors.ts';
import { UsageError } from './command.ts';

/** Writes a file and the folders above it. The file is complete or not there: it gets its name when all is written. */
export function writeWholeFile(file: string, content: string | Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.partial`, content);
  renameSync(`${file}.partial`, file);
}

/** @param option with its dashes, for the message @throws UsageError when the file cannot be read */
export function readTextFile(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${option} ${file} cannot be read: ${messageOf(error)}.`);
  }
}
