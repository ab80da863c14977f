// Problems of rows, as the owner of the catalogue reads them: where, which value, what to do. The list is bounded, the count is not.

type Severity = 'error' | 'warning';

export interface RowProblem {
  /** 1-based data row (blank rows and the header not counted); in NDJSON the line of the file. */
  row: number;
  id?: string;
  /** A field of the item such as `title` or `translations.de`, or `row` for the row as a whole. */
  field: string;
  /** As found, shortened to 80 characters. */
  value: string;
  message: string;
  remedy: string;
  /** error: the row was kept out. warning: the row is in, or it repeated an earlier row. */
  severity: Severity;
}

export type Finding = Omit<RowProblem, 'row' | 'id' | 'value'> & { value: unknown };

const MAX_VALUE_LENGTH = 80;
const LONE_SURROGATE = /\p{Cs}/gu;

/** `value` as text of at most 80 UTF-16 units, never half a surrogate pair. */
export function shorten(value: unknown): string {
  let text: string;
  if (typeof value === 'string') text = value;
  else {
    try {
      text = JSON.stringify(value) ?? String(value);
    } catch {
      text = Object.prototype.toString.call(value);
    }
  }
  if (text.length <= MAX_VALUE_LENGTH) return text.replace(LONE_SURROGATE, '\uFFFD');
  return `${text
    .slice(0, MAX_VALUE_LENGTH - 1)
    .replace(/[\uD800-\uDBFF]$/, '')
    .replace(LONE_SURROGATE, '\uFFFD')}…`;
}

/** Collects problems. When the list is full an error takes the place of the last warning. */
export class ProblemList {
  count = 0;
  errorCount = 0;
  readonly #max: number;
  readonly #kept: RowProblem[] = [];
  /** Positions of warnings in #kept, ascending. */
  readonly #warnings: number[] = [];

  constructor(max: number) {
    this.#max = max;
  }

  add(row: number, id: string | undefined, { field, value, message, remedy, severity }: Finding): void {
    this.count += 1;
    if (severity === 'error') this.errorCount += 1;
    let place = this.#kept.length;
    if (place >= this.#max) {
      const replaced = severity === 'error' ? this.#warnings.pop() : undefined;
      if (replaced === undefined) return;
      place = replaced;
    } else if (severity === 'warning') this.#warnings.push(place);
    this.#kept[place] = { row, ...(id === undefined ? {} : { id }), field, value: shorten(value), message, remedy, severity };
  }

  /** In order of rows. */
  list(): RowProblem[] {
    return this.#kept.toSorted((a, b) => a.row - b.row);
  }
}
