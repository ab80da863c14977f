// Progress: on a terminal one line that is redrawn, in a log one line every ten seconds.
import type { Progress } from '../../src/base/types.ts';
import type { ProgressStream } from './command.ts';

const REDRAW_MS = 100;
const LOG_MS = 10_000;
const BAR_CELLS = 24;

export interface ProgressReport extends Omit<Progress, 'unit'> {
  unit: Progress['unit'] | 'cases';
  perSecond?: number | undefined;
  remainingMs?: number | undefined;
}

export interface ProgressLine {
  update(report: ProgressReport): void;
  /** Clears the line, so that other output starts at the left. */
  end(): void;
}

export function progressLine(label: string, stream: ProgressStream | undefined, nowMs: () => number): ProgressLine {
  let lastMs = stream?.isTTY ? Number.NEGATIVE_INFINITY : nowMs();
  let drawn = false;
  return {
    update: (report) => {
      const now = nowMs();
      if (!stream || now - lastMs < (stream.isTTY ? REDRAW_MS : LOG_MS)) return;
      lastMs = now;
      const text = `${label} ${stream.isTTY ? `${bar(report)} ` : ''}${figuresOf(report)}`;
      stream.write(stream.isTTY ? `\r${text.slice(0, (stream.columns ?? 80) - 1)}\u001b[K` : `${text}\n`);
      drawn = stream.isTTY === true;
    },
    end: () => {
      if (drawn) stream?.write('\r\u001b[K');
      drawn = false;
    },
  };
}

function bar({ done, total }: ProgressReport): string {
  const filled = total > 0 ? Math.min(BAR_CELLS, Math.floor((done / total) * BAR_CELLS)) : 0;
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR_CELLS - filled)}]`;
}

function figuresOf({ done, total, unit, perSecond, remainingMs }: ProgressReport): string {
  const parts = [`${done} of ${total} ${unit}`];
  if (perSecond !== undefined) parts.push(`${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)} a second`);
  if (remainingMs !== undefined && done < total) parts.push(`${duration(remainingMs)} left`);
  return parts.join(', ');
}

/** 7 s, 4 min, 1 h 40 min. */
export function duration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
