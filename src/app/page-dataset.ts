// Writes the state of the page into attributes of its element, for style sheets and for tests of the built page.
import type { RecommenderController } from '../ui/recommender-controller.ts';
import type { PanelId } from './route.ts';

export function describePage(dataset: DOMStringMap, panel: PanelId, { status, list }: RecommenderController): void {
  dataset.panel = panel;
  dataset.phase = status?.phase ?? 'idle';
  dataset.basis = list?.basis ?? '';
  dataset.encoded = String(status?.encodedCount ?? 0);
  dataset.quick = String(status?.quickCount ?? 0);
  dataset.speed = status?.speed ?? '';
  dataset.topRefined = String(status?.topRefined ?? false);
  dataset.textsEncoded = String(status?.textsEncoded ?? 0);
  dataset.pack = status?.pack ? `${status.pack.state} ${status.pack.items}` : '';
  dataset.rung = status?.encoder?.rung ?? '';
}
