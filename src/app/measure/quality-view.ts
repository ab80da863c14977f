// The evaluation of a log: a dot with its interval for each system, and the same numbers as a table.
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { MeasuredSystem, QualityReport } from '../../protocol/engine-api.ts';
import type { Localizer } from '../../ui/messages/localize.ts';

const PLOT_WIDTH = 320;
const ROW_HEIGHT = 26;

export function qualityView(report: QualityReport, localizer: Localizer): TemplateResult {
  const names = [...new Set(report.systems.flatMap(({ metrics }) => metrics.map(({ name }) => name)))];
  const main = names[0] ?? '';
  const systems = [...report.systems].sort((a, b) => metricOf(b, main) - metricOf(a, main));
  const number = (value: number): string => localizer.number(value, { maximumFractionDigits: 3, minimumFractionDigits: 3 });
  return html`
    <p>${localizer.text('qualityUsers', { count: report.users })}</p>
    ${whiskers(systems, main, localizer)}
    <div class="scroll" role="group" tabindex="0" aria-label=${localizer.text('qualityTitle')}>
      <table class="measures">
        <thead>
          <tr>
            <th scope="col" class="text">${localizer.text('qualitySystem')}</th>
            ${names.map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${systems.map(
            (system) => html`
              <tr>
                <th scope="row">${system.title}</th>
                ${names.map((name) => {
                  const metric = system.metrics.find((one) => one.name === name);
                  return html`<td>${metric ? html`${number(metric.value)} <small>[${number(metric.low)}; ${number(metric.high)}]</small>` : '–'}</td>`;
                })}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
    ${problemsView(report, localizer)}
  `;
}

function problemsView({ problems, problemCount }: QualityReport, localizer: Localizer): TemplateResult | typeof nothing {
  if (problemCount === 0) return nothing;
  return html`
    <details>
      <summary>${localizer.text('problemCount', { count: problemCount })}</summary>
      <ul>
        ${problems.slice(0, 20).map(({ row, message, remedy }) => html`<li lang="en" dir="auto">${localizer.text('problemRow')} ${localizer.number(row)}: ${message} ${remedy}</li>`)}
      </ul>
    </details>
  `;
}

const metricOf = ({ metrics }: MeasuredSystem, name: string): number => metrics.find((metric) => metric.name === name)?.value ?? 0;

function whiskers(systems: readonly MeasuredSystem[], name: string, localizer: Localizer): TemplateResult {
  const metrics = systems.flatMap((system) =>
    system.metrics.filter((metric) => metric.name === name).map((metric) => ({ ...metric, title: system.title })),
  );
  const most = Math.max(...metrics.map(({ high }) => high), 1e-9);
  const at = (value: number): number => 8 + (Math.max(0, value) / most) * (PLOT_WIDTH - 16);
  const height = metrics.length * ROW_HEIGHT;
  return html`
    <figure>
      <figcaption>${name}</figcaption>
      <svg class="whiskers" viewBox="0 0 ${PLOT_WIDTH} ${height}" role="img" aria-label=${metrics.map(({ title, value }) => `${title} ${localizer.number(value, { maximumFractionDigits: 3 })}`).join(', ')}>
        ${metrics.map(({ title, value, low, high }, row) => {
          const y = (row + 0.72) * ROW_HEIGHT;
          return svg`
            <text x="8" y=${y - 9}>${title}</text>
            <line x1=${at(low)} x2=${at(high)} y1=${y} y2=${y}></line>
            <circle cx=${at(value)} cy=${y} r="4"></circle>
          `;
        })}
      </svg>
    </figure>
  `;
}
