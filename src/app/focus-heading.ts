// Where the focus goes when another part of the page is shown: its first heading, in whichever element that is drawn.
import { ReactiveElement } from 'lit';

/** Focuses the first visible `h2` in or below a part of the page and scrolls to the top. */
export async function focusHeading(part: Element): Promise<void> {
  const heading = await firstHeading(part);
  if (!heading) return;
  if (!heading.hasAttribute('tabindex')) heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  scrollTo({ top: 0, behavior: 'instant' });
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
