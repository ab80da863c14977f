// The visible part of the map: a window on the square from −1 to 1, which can be zoomed and moved. Pure.

export interface Viewport {
  /** The point in the middle, in map units. */
  x: number;
  y: number;
  /** 1 shows the whole map. */
  zoom: number;
}

export const WHOLE: Viewport = { x: 0, y: 0, zoom: 1 };
const MAX_ZOOM = 64;
/** Part of the picture that stays empty at the edges. */
const MARGIN = 0.06;

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

/** Pixels per map unit. */
export function scaleOf({ zoom }: Viewport, width: number, height: number): number {
  return ((1 - MARGIN) * zoom * Math.min(width, height)) / 2;
}

/** Map units to pixels; y grows downwards on the screen. */
export function toScreen(view: Viewport, width: number, height: number, x: number, y: number): { left: number; top: number } {
  const scale = scaleOf(view, width, height);
  return { left: width / 2 + (x - view.x) * scale, top: height / 2 - (y - view.y) * scale };
}

/** Zooms by a factor so that the point under `left`, `top` (pixels) stays where it is. */
export function zoomed(view: Viewport, factor: number, width: number, height: number, left = width / 2, top = height / 2): Viewport {
  const zoom = clamp(view.zoom * factor, 1, MAX_ZOOM);
  const before = scaleOf(view, width, height);
  const after = scaleOf({ ...view, zoom }, width, height);
  const away = 1 / before - 1 / after;
  return within({ x: view.x + (left - width / 2) * away, y: view.y - (top - height / 2) * away, zoom });
}

/** Moves the map by pixels, as a drag does. */
export function moved(view: Viewport, byLeft: number, byTop: number, width: number, height: number): Viewport {
  const scale = scaleOf(view, width, height);
  return within({ ...view, x: view.x - byLeft / scale, y: view.y + byTop / scale });
}

/** Keeps the middle on the map, so that the map never leaves the window. */
function within({ x, y, zoom }: Viewport): Viewport {
  const free = 1 - 1 / zoom;
  return { x: clamp(x, -free, free), y: clamp(y, -free, free), zoom };
}

/** Index of the point nearest to a place on the screen, at most `reach` pixels away; −1: none. */
export function nearestPoint(
  view: Viewport,
  width: number,
  height: number,
  { x, y }: { x: Float32Array; y: Float32Array },
  left: number,
  top: number,
  reach = 14,
): number {
  let best = -1;
  let least = reach * reach;
  for (let at = 0; at < x.length; at++) {
    const point = toScreen(view, width, height, x[at] as number, y[at] as number);
    const away = (point.left - left) ** 2 + (point.top - top) ** 2;
    if (away <= least) [least, best] = [away, at];
  }
  return best;
}
