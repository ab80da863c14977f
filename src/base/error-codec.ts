// Carries RecommenderError across the worker boundary with its code: comlink's own handler would lose it. Any other error arrives
// as `internal-error`, which does not end the worker.
import * as Comlink from 'comlink';
import { ERROR_CODES, type ErrorCode, messageOf, RecommenderError } from './errors.ts';

interface WireError {
  message: string;
  code: string;
  details: Record<string, string | number | boolean>;
  stack: string;
}

/** Call once on each side before the first message. */
export function installErrorCodec(): void {
  const builtIn = Comlink.transferHandlers.get('throw'); // the only one that knows comlink's mark on what was thrown
  const handler: Comlink.TransferHandler<{ value: unknown }, WireError> = {
    canHandle: (value): value is { value: unknown } => builtIn?.canHandle(value) ?? false,
    serialize: ({ value }) => [toWire(value), []],
    deserialize: (wire) => {
      throw fromWire(wire);
    },
  };
  Comlink.transferHandlers.set('throw', handler);
}

function toWire(error: unknown): WireError {
  const known = error instanceof RecommenderError;
  return {
    message: messageOf(error),
    code: known ? error.code : 'internal-error',
    details: known ? { ...error.details } : {},
    stack: error instanceof Error ? (error.stack ?? '') : '',
  };
}

function fromWire(wire: WireError): RecommenderError {
  const error = new RecommenderError(isCode(wire.code) ? wire.code : 'internal-error', wire.message, wire.details);
  if (wire.stack) error.stack = wire.stack;
  return error;
}

function isCode(code: string): code is ErrorCode {
  return (ERROR_CODES as readonly string[]).includes(code);
}
