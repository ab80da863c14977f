// How a test says that it was left out because something is missing on this machine. `npm test` counts such tests apart from
// passed and failed ones and prints the reasons; a test that is skipped in any other way counts as failed.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { TestContext } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** Why the test was left out; read by scripts/count-tests.mjs. */
    leftOut?: string;
  }
}

/** Larger catalogues and logs, which are not in the repository. KINDRED_DATA names another folder. */
const DATA_FOLDER = process.env.KINDRED_DATA ? pathToFileURL(`${process.env.KINDRED_DATA}/`) : new URL('../../../../shared/data/', import.meta.url);

/** @param path such as `apps/items.ndjson` */
export const dataFile = (path: string): URL => new URL(path, DATA_FOLDER);

/** @returns why a test that reads these files of the data folder has to be left out; undefined when all are there */
export function missingData(...paths: string[]): string | undefined {
  if (!existsSync(DATA_FOLDER)) return 'the data folder (../shared/data or KINDRED_DATA) is missing';
  const missing = paths.find((path) => !existsSync(dataFile(path)));
  return missing === undefined ? undefined : `${missing} is missing in the data folder`;
}

/** Ends a unit test as left out when there is a reason. A Playwright test calls `test.skip(true, leftOutNote(reason))`. */
export function leaveOut({ task, skip }: Pick<TestContext, 'task' | 'skip'>, reason: string | undefined): void {
  if (reason === undefined) return;
  task.meta.leftOut = reason;
  skip(leftOutNote(reason));
}

/** The form in which scripts/count-tests.mjs recognises the reason of a skipped Playwright test. */
export const leftOutNote = (reason: string): string => `left out: ${reason}`;
