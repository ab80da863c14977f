// The fairness report: the exposure of each language next to its share of the catalogue, and the measures of bias.
import { html, type TemplateResult } from 'lit';
import type { FairnessReport, LanguageBias, LanguageExposure } from '../../protocol/engine-api.ts';
import type { Localizer, MessageKey } from '../../ui/messages/localize.ts';
import { headRow } from '../table-head.ts';
import { ndcgView } from './ndcg-view.ts';

const LANGUAGES_SHOWN = 20;

const MEASURES: readonly (readonly [keyof LanguageBias, MessageKey, MessageKey])[] = [
  ['sameLanguageOverFair', 'fairOver', 'fairOneIsFair'],
  ['selfMrr', 'fairSelf', 'fairOneIsBest'],
  ['rankCorrelation', 'fairCorrelation', 'fairOneIsBest'],
  ['peer', 'fairPeer', 'fairOneIsBest'],
  ['preferenceRate', 'fairPreference', 'fairHalfIsFair'],
  ['languageNdcg', 'fairLangNdcg', 'fairHigherIsBetter'],
];
/** These measures need categories; the others need translations. */
const NEED_CATEGORIES: ReadonlySet<keyof LanguageBias> = new Set(['peer', 'preferenceRate', 'languageNdcg']);

export function fairnessView(
  { languages, before, after, ndcg, method, dimensions, queries, translations }: FairnessReport,
  localizer: Localizer,
): TemplateResult {
  const shown = [...languages].sort((a, b) => b.items - a.items).slice(0, LANGUAGES_SHOWN);
  const widest = Math.max(
    ...shown.flatMap(({ catalogueShare, exposureBefore, exposureAfter, meritShare }) => [
      catalogueShare,
      exposureBefore,
      exposureAfter,
      meritShare ?? 0,
    ]),
    1e-9,
  );
  const number = (value: number | null): string =>
    value === null ? '–' : localizer.number(value, { maximumFractionDigits: 2, minimumFractionDigits: 2 });
  return html`
    <p class="muted">${localizer.text('fairMethod', { method, dimensions })} · ${localizer.text('fairQueries', { count: queries })} · ${localizer.text('fairTranslations', { translations })}</p>
    <div class="row key" aria-hidden="true">
      <span class="share">${localizer.text('fairShare')}</span><span class="merit">${localizer.text('fairMerit')}</span><span class="before">${localizer.text('fairBefore')}</span><span class="after">${localizer.text('fairAfter')}</span>
    </div>
    <table class="exposure">
      <thead class="visually-hidden">${headRow(['columnLanguage', 'fairShare', 'fairMerit', 'fairBefore', 'fairAfter'], localizer)}</thead>
      <tbody>
        ${shown.map((language) => exposureRow(language, widest, localizer))}
      </tbody>
    </table>
    <div class="scroll" role="group" tabindex="0" aria-label=${localizer.text('fairTitle')}>
      <table class="measures">
        <thead>${headRow([null, 'fairBefore', 'fairAfter', 'fairGood'], localizer, { fairGood: 'text' })}</thead>
        <tbody>
          ${MEASURES.map(
            ([key, name, good]) => html`
              <tr>
                <th scope="row">${localizer.text(name)}</th>
                <td>${number(before[key])}</td>
                <td>${number(after[key])}</td>
                <td class="text muted">${localizer.text(after[key] !== null ? good : NEED_CATEGORIES.has(key) ? 'fairNoCategories' : 'fairNoTranslations')}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
    ${ndcg.map((one) => ndcgView(one, localizer))}
  `;
}

function exposureRow(
  { tag, catalogueShare, exposureBefore, exposureAfter, meritShare }: LanguageExposure,
  widest: number,
  localizer: Localizer,
): TemplateResult {
  const cell = (name: string, value: number | null): TemplateResult => html`
    <td class="cell">
      <span class="bar ${name}" aria-hidden="true" .style=${`inline-size:${(100 * (value ?? 0)) / widest}%`}></span>
      <span class="value">${value === null ? '–' : localizer.number(value, { style: 'percent', maximumFractionDigits: 1 })}</span>
    </td>
  `;
  return html`
    <tr>
      <th scope="row">${localizer.languageName(tag)}</th>
      ${cell('share', catalogueShare)} ${cell('merit', meritShare)} ${cell('before', exposureBefore)} ${cell('after', exposureAfter)}
    </tr>
  `;
}
