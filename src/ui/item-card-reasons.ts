// Why an item is recommended, in one sentence: the liked items behind it, each with its language.
import { html, nothing, type TemplateResult } from 'lit';
import type { Reason } from '../protocol/engine-api.ts';
import type { CardLocalizer } from './messages/card-localize.ts';

/** Marks the place of the list in the sentence. No language's text contains this character. */
const GAP = '\u{fffc}';

/** @param itemHref address of an item's page; null: titles are no links */
export function reasonsView(
  reasons: readonly Reason[],
  localizer: CardLocalizer,
  itemHref: ((id: string) => string) | null,
): TemplateResult | typeof nothing {
  if (reasons.length === 0) return nothing;
  const [before = '', after = ''] = localizer.text('becauseLiked', { titles: GAP }).split(GAP);
  return html`<p class="reasons" part="reasons">${before}${listOf(reasons, localizer, itemHref)}${after}</p>`;
}

function listOf(reasons: readonly Reason[], localizer: CardLocalizer, itemHref: ((id: string) => string) | null): unknown[] {
  const parts = new Intl.ListFormat(localizer.tag, { type: 'conjunction' }).formatToParts(reasons.map((_, at) => String(at)));
  return parts.map(({ type, value }) => {
    const item = type === 'element' ? reasons[Number(value)]?.item : undefined;
    if (!item) return value;
    const title = html`<bdi lang=${item.language}>${item.title}</bdi>`;
    return html`${itemHref ? html`<a href=${itemHref(item.id)}>${title}</a>` : title} (${localizer.languageName(item.language)})`;
  });
}
