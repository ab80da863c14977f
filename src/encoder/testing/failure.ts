// What several tests of the encoder need.
import { RecommenderError } from '../../base/errors.ts';

/** The error that the work fails with. */
export async function failure(work: Promise<unknown>): Promise<RecommenderError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof RecommenderError) return error;
  throw new Error(`no RecommenderError but ${String(error)}`);
}
