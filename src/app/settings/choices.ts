// A group of radio buttons, each with a line that says what the choice costs.
import { css, html, nothing, type TemplateResult } from 'lit';
import type { Localizer, MessageKey } from '../../ui/messages/localize.ts';

export interface Choice<T extends string> {
  value: T;
  name: MessageKey;
  hint?: MessageKey;
}

export const choicesStyles = css`
  .choice {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0 0.6rem;
    padding-block: 0.45rem;
  }
  .choice label {
    cursor: pointer;
  }
  .choice input {
    margin: 0.15rem 0 0;
  }
  .choice .muted {
    grid-column: 2;
    margin: 0;
  }
`;

/** @param title message of the group; also the name of its inputs */
export function choicesView<T extends string>(
  title: MessageKey,
  choices: readonly Choice<T>[],
  chosen: T,
  localizer: Localizer,
  onChoose: (choice: T) => void,
): TemplateResult {
  return html`
    <fieldset>
      <legend><h3>${localizer.text(title)}</h3></legend>
      ${choices.map(({ value, name, hint }) => {
        const id = `${title}-${value}`;
        return html`
          <div class="choice">
            <input
              type="radio"
              name=${title}
              id=${id}
              value=${value}
              aria-describedby=${hint ? `${id}-hint` : nothing}
              .checked=${chosen === value}
              @change=${() => onChoose(value)}
            />
            <label for=${id}>${localizer.text(name)}</label>
            ${hint ? html`<p class="muted" id="${id}-hint">${localizer.text(hint)}</p>` : nothing}
          </div>
        `;
      })}
    </fieldset>
  `;
}
