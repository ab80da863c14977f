// The heads that were trained here, newest first: on how many ratings, with which score, and whether it is in use.
import { html, nothing, type TemplateResult } from 'lit';
import type { HeadHistory, HeadSummary } from '../../protocol/engine-api.ts';
import type { Localizer, MessageKey } from '../../ui/messages/localize.ts';

export const HEAD_KINDS: Readonly<Record<HeadSummary['kind'], MessageKey>> = {
  profile: 'kindProfile',
  'concat-linear': 'kindConcat',
  dot: 'kindDot',
  bilinear: 'kindBilinear',
  mlp: 'kindMlp',
  'linear-probe': 'kindProbe',
};

export function scoreText(value: number | null, localizer: Localizer): string {
  return value === null ? '–' : localizer.number(value, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
}

/** @param chosen id of the head whose curves are shown */
export function headHistoryView(
  history: HeadHistory,
  localizer: Localizer,
  chosen: string | null,
  actions: { restore: (id: string) => void; show: (id: string) => void },
): TemplateResult {
  const when = new Intl.DateTimeFormat(localizer.tag, { dateStyle: 'medium', timeStyle: 'short' });
  return html`
    <ol class="history" reversed>
      ${history.records.map((head) => {
        const active = head.id === history.activeId;
        return html`
          <li data-head=${head.id} aria-current=${active ? 'true' : nothing}>
            <div class="head">
              <strong>${localizer.text(HEAD_KINDS[head.kind])}</strong>
              ${head.createdMs === 0 ? nothing : html`<time datetime=${new Date(head.createdMs).toISOString()}>${when.format(head.createdMs)}</time>`}
              <span class="state ${head.installed ? '' : 'refused'}">${localizer.text(active ? 'historyInUse' : head.installed ? 'historyInstalled' : 'historyRefused')}</span>
            </div>
            <p class="muted">
              ${
                head.origin === 'shipped' && head.examples === 0
                  ? nothing
                  : html`${localizer.text('headExamples', { count: head.examples })} · nDCG@10 ${scoreText(head.heldOutNdcg, localizer)}
                      ${head.parentNdcg === null ? nothing : html`(${localizer.text('historyBefore')} ${scoreText(head.parentNdcg, localizer)})`}`
              }
            </p>
            ${head.reason === '' ? nothing : html`<p class="muted" lang="en" dir="auto">${head.reason}</p>`}
            <div class="row">
              ${active ? nothing : html`<button type="button" class="restore" @click=${() => actions.restore(head.id)}>${localizer.text('historyRestore')}</button>`}
              ${head.points.length === 0 ? nothing : html`<button type="button" aria-pressed=${chosen === head.id} @click=${() => actions.show(head.id)}>${localizer.text('curvesTitle')}</button>`}
            </div>
          </li>
        `;
      })}
    </ol>
  `;
}
