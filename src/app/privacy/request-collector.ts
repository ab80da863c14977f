// Collects the requests that every thread of the site reports, while the panel is open.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { type LoggedRequest, REQUEST_CHANNEL, type RequestMessage, type SentRequest } from '../../base/request-log.ts';
import { type Receipt, receiptOf } from './receipt.ts';

export class RequestCollector implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #channel: BroadcastChannel | undefined;
  #requests: LoggedRequest[] = [];
  #sent: SentRequest[] = [];

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get receipt(): Receipt {
    return receiptOf(this.#requests, this.#sent, location.origin);
  }

  hostConnected(): void {
    if (typeof BroadcastChannel === 'undefined') return;
    this.#requests = [];
    this.#sent = [];
    this.#channel = new BroadcastChannel(REQUEST_CHANNEL);
    this.#channel.addEventListener('message', ({ data }: MessageEvent<RequestMessage>) => {
      if (data.kind === 'requests') this.#requests = [...this.#requests, ...data.requests];
      else if (data.kind === 'sent') this.#sent = [...this.#sent, ...data.sent];
      this.#host.requestUpdate();
    });
    this.#channel.postMessage({ kind: 'ask' } satisfies RequestMessage);
  }

  hostDisconnected(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }
}
