// The icons of the ratings. They are decoration: the buttons have names.
import { html, type TemplateResult } from 'lit';
import type { FeedbackKind } from '../base/types.ts';

const PATHS: Readonly<Record<FeedbackKind, string>> = {
  like: 'M12 20.5 4.3 12.9a5 5 0 0 1 7.1-7.1l.6.7.6-.7a5 5 0 0 1 7.1 7.1z',
  dislike: 'M17 4v9l-4 7.5a2 2 0 0 1-2.6-2.2L11 14H6a2 2 0 0 1-2-2.3l1-6A2 2 0 0 1 7 4zh3v9h-3',
  hide: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM6 6l12 12',
};

export function icon(kind: FeedbackKind): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
    <path d=${PATHS[kind]} />
  </svg>`;
}
