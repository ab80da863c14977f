// Loads the code of a panel when it is shown first, and remembers whether that worked.
import type { ReactiveControllerHost } from 'lit';
import type { Panel } from './panels.ts';
import type { PanelId } from './route.ts';

export type PanelState = 'loading' | 'ready' | 'failed';

export class PanelLoader {
  readonly #host: ReactiveControllerHost;
  readonly #states = new Map<PanelId, PanelState>();

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
  }

  /** Starts loading the panel if that was not tried yet. */
  stateOf(panel: Panel): PanelState {
    const state = this.#states.get(panel.id);
    if (state) return state;
    if (!panel.lazy) return 'ready';
    void this.load(panel);
    return 'loading';
  }

  /** Loads the panel, also after a failure. Never rejects. */
  async load({ id, lazy }: Panel): Promise<void> {
    if (!lazy) return;
    this.#states.set(id, 'loading');
    this.#host.requestUpdate();
    try {
      await lazy.load();
      this.#states.set(id, 'ready');
    } catch {
      this.#states.set(id, 'failed'); // offline, or a newer version of the page replaced the file
    }
    this.#host.requestUpdate();
  }
}
