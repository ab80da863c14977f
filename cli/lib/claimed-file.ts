// Gives a process a file of its own among NAME-0, NAME-1, …, so that two writers never share one. The lock of a process that
// crashed is taken over by the next process on the same machine.
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { RecommenderError } from '../../src/base/errors.ts';

const MOST_FILES = 1000;
/** A lock that has no owner's name after this time was left unfinished by a process that is gone. */
const UNFINISHED_MS = 60_000;

export interface ClaimedFile {
  path: string;
  release(): Promise<void>;
}

/** @param name letters and digits @param ending with its dot @throws storage-unavailable when 1,000 are taken */
export async function claimFile(folder: string, name: string, ending: string): Promise<ClaimedFile> {
  for (let i = 0; i < MOST_FILES; i++) {
    const path = join(folder, `${name}-${i}${ending}`);
    const lock = `${path}.lock`;
    if ((await lockFile(lock)) || ((await isStale(lock)) && (await takeOver(lock)))) return { path, release: () => rm(lock, { force: true }) };
  }
  throw new RecommenderError(
    'storage-unavailable',
    `${folder} has ${MOST_FILES} files that are being written. Remove the .lock files of processes that are gone.`,
  );
}

/** @returns whether this process has the lock now */
async function lockFile(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, ownerText(), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Several processes may find the same stale lock. The one that gets the token checks the lock again and replaces it. The token is
 * itself a lock and is taken over in the same way when its owner is gone.
 */
async function takeOver(lock: string): Promise<boolean> {
  const token = `${lock}.takeover`;
  if (!(await lockFile(token)) && !((await isStale(token)) && (await takeOver(token)))) return false;
  try {
    if (!(await isStale(lock))) return false;
    await writeFile(lock, ownerText());
    return true;
  } finally {
    await rm(token, { force: true });
  }
}

function ownerText(): string {
  return JSON.stringify({ pid: process.pid, host: hostname() });
}

async function isStale(lock: string): Promise<boolean> {
  let owner: unknown;
  try {
    owner = JSON.parse(await readFile(lock, 'utf8'));
  } catch {
    return isUnfinished(lock); // it is being written, or gone: the caller tries the next number
  }
  if (typeof owner !== 'object' || owner === null || !('pid' in owner) || !('host' in owner)) return false;
  return owner.host === hostname() && typeof owner.pid === 'number' && !isAlive(owner.pid);
}

async function isUnfinished(lock: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(lock)).mtimeMs > UNFINISHED_MS;
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
