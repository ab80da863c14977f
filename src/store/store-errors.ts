// Turns what IndexedDB throws into RecommenderError, so that no caller reads DOMException names.
import { messageOf, RecommenderError } from '../base/errors.ts';
import { storageSpace } from './storage-space.ts';

/** The `name` of a DOMException (also of the newer QuotaExceededError class), or undefined. */
export function domErrorName(error: unknown): string | undefined {
  return error instanceof DOMException ? error.name : undefined;
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

async function quotaError(what: string, cause: unknown): Promise<RecommenderError> {
  const { usedBytes, quotaBytes } = await storageSpace();
  const used = `this site uses ${megabytes(usedBytes)}`;
  // Browsers state a round limit rather than the real one, so that it does not tell visitors apart by their disks.
  const limit = usedBytes > 0.8 * quotaBytes ? ` of ${megabytes(quotaBytes)}` : ', far less than it may, so the disk is probably nearly full';
  return new RecommenderError(
    'storage-quota',
    `The browser refused more space while ${what}: ${used}${quotaBytes > 0 ? limit : ''}. Nothing stored before is lost. ` +
      'Remove a catalogue that is no longer needed or free disk space, then try again.',
    { usedBytes, quotaBytes },
    { cause },
  );
}

/**
 * @param error anything thrown by IndexedDB or by the code around it
 * @param what the work that failed, as in "while saving a catalogue"
 * @returns the error to throw: storage-quota, storage-blocked, bad-argument or storage-unavailable; a RecommenderError as it is
 */
export async function toStoreError(error: unknown, what: string): Promise<RecommenderError> {
  if (error instanceof RecommenderError) return error;
  const name = domErrorName(error);
  if (name === 'QuotaExceededError') return quotaError(what, error);
  if (name === 'VersionError') {
    return new RecommenderError(
      'storage-blocked',
      `A newer version of this page has changed the database (found while ${what}). Reload this tab.`,
      {},
      { cause: error },
    );
  }
  if (name === 'DataCloneError') {
    return new RecommenderError(
      'bad-argument',
      `A value cannot be stored (${messageOf(error)}, while ${what}). Pass plain data: no functions, no elements.`,
      {},
      { cause: error },
    );
  }
  return new RecommenderError(
    'storage-unavailable',
    `The browser's database failed while ${what}: ${messageOf(error)}. Try again; if it stays, reload the page.`,
    {},
    { cause: error },
  );
}

/** Another tab does not let go of the database. */
export function blockedError(what: string, waitedMs: number): RecommenderError {
  return new RecommenderError(
    'storage-blocked',
    `Another tab holds the database open, so ${what} waited ${waitedMs} ms in vain. Close or reload the other tabs of this site, then try again.`,
    { waitedMs },
  );
}

/** The store was disposed of and is called again. */
export function disposedError(): RecommenderError {
  return new RecommenderError('not-ready', 'This store was disposed of. Open another one with openStore().');
}
