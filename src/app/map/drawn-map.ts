// A map with the items of its points. It is computed again only if vectors may have changed.
import type { Item } from '../../base/types.ts';
import type { Recommender } from '../../client/recommender.ts';
import type { EngineStatus } from '../../protocol/engine-api.ts';
import type { DrawnMap, MapLook, Measured } from '../measured.ts';

/** Items fetched at a time. */
const SLICE = 1000;

export interface DrawnMapContext {
  measured: Measured;
  correction: MapLook['correction'];
  status: EngineStatus | null;
  /** Known items, which are not fetched again. */
  items: readonly Item[];
}

/** The result is kept in `measured`, also if the panel was left. @throws as `Recommender.map` and `items` */
export async function drawnMap(recommender: Recommender, { measured, correction, status, items }: DrawnMapContext): Promise<DrawnMap> {
  const vectors = measured.vectorsNow(status);
  const kept = measured.maps.get(correction);
  if (kept?.vectors === vectors) return kept;
  const map = await recommender.map(correction);
  const known = new Map(items.map((item) => [item.id, item]));
  for (let from = 0; from < map.ids.length; from += SLICE) {
    const missing = map.ids.slice(from, from + SLICE).filter((id) => !known.has(id));
    if (missing.length > 0) for (const item of await recommender.items(missing)) known.set(item.id, item);
  }
  const drawn = { map, items: map.ids.flatMap((id) => known.get(id) ?? []), vectors };
  measured.maps.set(correction, drawn);
  return drawn;
}
