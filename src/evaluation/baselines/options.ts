// Checks of what callers set: a wrong parameter must fail when the system is made, not after minutes of fitting.
import { RecommenderError } from '../../base/errors.ts';

interface Range {
  min: number;
  /** Default: no limit. */
  max?: number;
  integer?: boolean;
}

/** Returns the value. @throws bad-argument when it is not a finite number in the range */
export function inRange(system: string, name: string, value: number, { min, max = Number.MAX_VALUE, integer = false }: Range): number {
  if (value >= min && value <= max && (!integer || Number.isInteger(value))) return value;
  const limits = max === Number.MAX_VALUE ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new RecommenderError('bad-argument', `${system}: ${name} is ${value}. Pass ${integer ? 'a whole number' : 'a number'} ${limits}.`, {
    system,
    name,
    value,
  });
}
