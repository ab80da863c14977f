// The one error type of the project. Every failure carries a code and says what happened and what to do.
// base/error-codec.ts carries it across the worker boundary.

export const ERROR_CODES = [
  'aborted', // the caller's AbortSignal fired
  'asset-missing', // a file of the model or catalogue is not there (404, or index.html in its place)
  'asset-damaged', // size or SHA-256 differs from the manifest, twice
  'asset-unreachable', // the network failed
  'bad-manifest', // a model or adapter manifest does not have the expected form
  'bad-argument', // a parameter of a public function is out of range
  'bad-vector', // a vector holds NaN or infinity, or has the wrong length
  'catalogue-empty', // no usable item
  'catalogue-format', // not NDJSON, JSON, CSV or TSV
  'catalogue-too-large', // over the stated limit
  'encoder-failed', // no rung of the ladder works
  'encoder-fault', // a run failed or the device was lost: the worker must be replaced
  'encoder-mismatch', // vectors of another encoder
  'device-lost', // the GPU device went away
  'out-of-memory', // the device refused a buffer
  'bad-head', // a head file is damaged, of another version, or made for another encoder
  'bad-pack', // a pack's manifest or a chunk of it is damaged or not of this form
  'evaluation-empty', // a split has no user or item left to evaluate
  'interactions-format', // an interaction log that cannot be read, or without a usable row
  'training-failed', // a loss or parameter became NaN or infinite
  'insecure-context', // crypto.subtle is missing: the page is not on https or localhost
  'internal-error', // a mistake of ours: an error that no room foresaw
  'not-ready', // called before a catalogue was opened
  'storage-blocked', // another tab holds an older version of the database open
  'storage-quota', // the browser refused more space
  'storage-unavailable', // no IndexedDB (private mode); memory is used
  'unknown-item', // an id that the catalogue does not hold
  'worker-failed', // the worker could not start, or ended and could not be replaced
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** What happened, which value, what to do: all three belong in `message`; `code` is for programs. */
export class RecommenderError extends Error {
  override readonly name = 'RecommenderError';
  readonly code: ErrorCode;
  /** The offending values, structured-cloneable. */
  readonly details: Readonly<Record<string, string | number | boolean>>;

  constructor(code: ErrorCode, message: string, details: Readonly<Record<string, string | number | boolean>> = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const MOST_SHOWN = 80;

/** Any value as short text for a message. Never throws. */
export function shownValue(value: unknown): string {
  let text: string;
  try {
    // A BigInt or a cycle inside an object cannot be written as JSON.
    text = typeof value === 'object' || typeof value === 'string' ? (JSON.stringify(value) ?? 'nothing') : String(value);
  } catch {
    text = Object.prototype.toString.call(value);
  }
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)} …` : text;
}

export function isAborted(error: unknown): boolean {
  return error instanceof RecommenderError && error.code === 'aborted';
}

/** Throws `aborted` when the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted) throw new RecommenderError('aborted', `${what} was stopped on request.`);
}
