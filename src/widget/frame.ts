// What embed.html does: one element that fills the frame, and messages to and from the page around it (frame-messages.ts).
import { messageOf, RecommenderError } from '../base/errors.ts';
import { type FrameMessage, type FrameSettings, readFrameSettings, readParentOrigin, readSetMessage } from './frame-messages.ts';
import type { KindredRecommendationsElement } from './types.ts';

/** Never throws: an error is shown in the frame and, where the origin of the page around is known, posted to it. */
export function startFrame(frame: Window): void {
  const { document, location } = frame;
  document.body.style.margin = '0';
  let parentOrigin: string | null = null;
  const post = (message: FrameMessage): void => {
    if (parentOrigin !== null && frame.parent !== frame) frame.parent.postMessage(message, parentOrigin);
  };
  try {
    parentOrigin = readParentOrigin(location.search, document.baseURI);
    const settings = readFrameSettings(location.search, document.baseURI, allowedOrigins(document));
    const element = createElement(document, settings);
    postEvents(element, post);
    listen(frame, settings.parentOrigin, element);
    document.body.append(element);
  } catch (error) {
    const code = error instanceof RecommenderError ? error.code : 'unknown';
    const text = document.createElement('p');
    text.setAttribute('role', 'alert');
    text.textContent = messageOf(error);
    document.body.append(text);
    post({ kindred: 1, type: 'error', code, message: messageOf(error) });
  }
  postHeight(document, post);
}

/** Origins in `<meta name="kindred-catalogues">`, which only the owner of embed.html can write. */
function allowedOrigins(document: Document): string[] {
  const content = document.querySelector<HTMLMetaElement>('meta[name="kindred-catalogues"]')?.content ?? '';
  return content
    .split(/\s+/)
    .filter((text) => URL.canParse(text))
    .map((text) => new URL(text).origin);
}

function createElement(document: Document, settings: FrameSettings): KindredRecommendationsElement {
  const element = document.createElement('kindred-recommendations');
  for (const [name, value] of settings.attributes) element.setAttribute(name, value);
  if (settings.lang !== null) document.documentElement.lang = settings.lang;
  return element;
}

function postEvents(element: KindredRecommendationsElement, post: (message: FrameMessage) => void): void {
  element.addEventListener('ready', ({ detail }) => post({ kindred: 1, type: 'ready', itemCount: detail.itemCount }));
  element.addEventListener('error', ({ detail: { code, message } }) => post({ kindred: 1, type: 'error', code, message }));
  element.addEventListener('select', ({ detail: { item } }) => {
    const { id, title, link } = item;
    post({ kindred: 1, type: 'select', item: { id, title, ...(link === undefined ? {} : { link }) } });
  });
}

/** Only the page around, and only from the origin that the address names. */
function listen(frame: Window, origin: string, element: Element): void {
  frame.addEventListener('message', (event) => {
    if (event.source !== frame.parent || event.origin !== origin) return;
    for (const [name, value] of readSetMessage(event.data) ?? []) {
      if (value === null) element.removeAttribute(name);
      else element.setAttribute(name, value);
    }
  });
}

function postHeight(document: Document, post: (message: FrameMessage) => void): void {
  let postedPx = -1;
  new ResizeObserver(() => {
    const heightPx = Math.ceil(document.body.getBoundingClientRect().height);
    if (heightPx === postedPx) return;
    postedPx = heightPx;
    post({ kindred: 1, type: 'resize', heightPx });
  }).observe(document.body);
}
