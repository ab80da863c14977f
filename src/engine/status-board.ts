// The one status object that the page sees. Every change goes through here; progress is thinned out.
import type { Progress } from '../base/types.ts';
import type { EngineStatus, Notice } from '../protocol/engine-api.ts';
import { IDLE_STATUS } from '../protocol/idle-status.ts';

const PROGRESS_INTERVAL_MS = 100;
const MAX_NOTICES = 20;

export class StatusBoard {
  #status: EngineStatus = IDLE_STATUS;
  readonly #send: (status: EngineStatus) => void;
  readonly #nowMs: () => number;
  #lastProgressMs = Number.NEGATIVE_INFINITY;

  constructor(send: (status: EngineStatus) => void, nowMs: () => number) {
    this.#send = send;
    this.#nowMs = nowMs;
  }

  get status(): EngineStatus {
    return this.#status;
  }

  update(change: Partial<EngineStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.#send(this.#status);
  }

  progress(progress: Progress): void {
    const now = this.#nowMs();
    if (progress.done < progress.total && now - this.#lastProgressMs < PROGRESS_INTERVAL_MS) return;
    this.#lastProgressMs = now;
    this.update({ progress });
  }

  /** The same sentence is said once. */
  notice(code: Notice['code'], text: string): void {
    const { notices } = this.#status;
    if (notices.some((notice) => notice.code === code && notice.text === text)) return;
    this.update({ notices: [...notices, { code, text }].slice(-MAX_NOTICES) });
  }
}
