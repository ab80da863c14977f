// nDCG by the language of the query, before and after the correction: bars with intervals, and the numbers.
import { html, type TemplateResult } from 'lit';
import type { LanguageNdcg, MeanInterval, NdcgByLanguage } from '../../protocol/engine-api.ts';
import type { Localizer } from '../../ui/messages/localize.ts';

const LANGUAGES_SHOWN = 20;

/** Bars start where a line of text starts, so they fit both directions of writing. The scale is 0 to 1. */
export function ndcgView({ relevance, languages }: NdcgByLanguage, localizer: Localizer): TemplateResult {
  const title = localizer.text(relevance === 'category' ? 'fairNdcgCategory' : 'fairNdcgTranslation');
  return html`
    <h4>${title}</h4>
    <p class="muted">${localizer.text('fairInterval')}</p>
    <div class="scroll" role="group" tabindex="0" aria-label=${title}>
      <table class="ndcg measures">
        <thead>
          <tr>
            <th scope="col" class="text">${localizer.text('fairAskedIn')}</th>
            <th scope="col">${localizer.text('fairAsked')}</th>
            <td aria-hidden="true"></td>
            <th scope="col">${localizer.text('fairBefore')}</th>
            <th scope="col">${localizer.text('fairAfter')}</th>
            <th scope="col">${localizer.text('fairChange')}</th>
          </tr>
        </thead>
        <tbody>
          ${languages.slice(0, LANGUAGES_SHOWN).map((language) => ndcgRow(language, localizer))}
        </tbody>
      </table>
    </div>
  `;
}

function ndcgRow({ tag, queries, before, after, change }: LanguageNdcg, localizer: Localizer): TemplateResult {
  return html`
    <tr>
      <th scope="row">${localizer.languageName(tag)}</th>
      <td>${localizer.number(queries)}</td>
      <td class="plot" aria-hidden="true">${whiskered('before', before)} ${whiskered('after', after)}</td>
      ${[before, after, change].map((interval) => html`<td>${numbers(interval, localizer)}</td>`)}
    </tr>
  `;
}

function whiskered(name: 'before' | 'after', { mean, low, high }: MeanInterval): TemplateResult {
  const percent = (value: number): string => `${100 * Math.min(1, Math.max(0, value))}%`;
  const whisker =
    low === null || high === null
      ? ''
      : html`<span class="whisker" .style=${`inset-inline-start:${percent(low)};inline-size:${percent(high - low)}`}></span>`;
  return html`<span class="track"><span class="bar ${name}" .style=${`inline-size:${percent(mean)}`}></span>${whisker}</span>`;
}

function numbers({ mean, low, high }: MeanInterval, localizer: Localizer): TemplateResult {
  const number = (value: number): string => localizer.number(value, { maximumFractionDigits: 2, minimumFractionDigits: 2 });
  return html`<bdi>${number(mean)}${low === null || high === null ? '' : html` <small>[${number(low)}; ${number(high)}]</small>`}</bdi>`;
}
