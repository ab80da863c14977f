// Where the focus goes when another part of the page is shown: its first heading, in whichever element that is drawn.
import { ReactiveElement } from 'lit';

/** Focuses the first visible `h2` in or below a part of the page, without scrolling. @returns whether there is one */
export async function focusHeading(part: Element): Promise<boolean> {
  const heading = await firstHeading(part);
  if (!heading) return false;
  if (!heading.hasAttribute('tabindex')) heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  return true;
}

async function firstHeading(part: Element): Promise<HTMLElement | null> {
  for (const element of part.querySelectorAll<HTMLElement>('*')) {
    if (element.closest('[hidden]')) continue;
    if (element.localName === 'h2') return element;
    if (!(element instanceof ReactiveElement)) continue;
    await element.updateComplete;
    const inner = element.renderRoot.querySelector<HTMLElement>('h2');
    if (inner) return inner;
  }
  return null;
}
