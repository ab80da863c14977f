// Draws the map's dots on a canvas.
import { type Group, markOf, type Shape } from './groups.ts';
import { toScreen, type Viewport } from './viewport.ts';

export interface Picture {
  x: Float32Array;
  y: Float32Array;
  groups: readonly Group[];
  /** [points] index into `groups` */
  groupOf: Uint8Array;
  /** Indices of liked points. */
  liked: ReadonlySet<number>;
  /** The point under the pointer, or −1. */
  active: number;
  ink: string;
}

/** @param width CSS pixels, as the viewport counts them */
export function drawMap(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  view: Viewport,
  { x, y, groups, groupOf, liked, active, ink }: Picture,
): void {
  context.clearRect(0, 0, width, height);
  const size = Math.min(7, Math.max(2.5, (5 * Math.sqrt(view.zoom)) / Math.max(1, Math.log10(x.length / 100))));
  context.globalAlpha = 0.85;
  groups.forEach((group, place) => {
    const { colour, shape } = markOf(group, place);
    context.fillStyle = colour;
    context.strokeStyle = colour;
    context.lineWidth = 1.5;
    for (let at = 0; at < x.length; at++) {
      if (groupOf[at] !== place) continue;
      const { left, top } = toScreen(view, width, height, x[at] as number, y[at] as number);
      if (left < -10 || top < -10 || left > width + 10 || top > height + 10) continue;
      drawShape(context, shape, left, top, size);
    }
  });
  context.globalAlpha = 1;
  context.strokeStyle = ink;
  for (const at of liked) ring(context, toScreen(view, width, height, x[at] as number, y[at] as number), size + 4, 2);
  if (active >= 0) ring(context, toScreen(view, width, height, x[active] as number, y[active] as number), size + 7, 3);
}

function ring(context: CanvasRenderingContext2D, { left, top }: { left: number; top: number }, radius: number, width: number): void {
  context.lineWidth = width;
  context.beginPath();
  context.arc(left, top, radius, 0, 2 * Math.PI);
  context.stroke();
}

const CORNERS: Partial<Record<Shape, readonly (readonly [number, number])[]>> = {
  square: [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  triangle: [
    [0, -1.1],
    [1, 0.8],
    [-1, 0.8],
  ],
  down: [
    [0, 1.1],
    [1, -0.8],
    [-1, -0.8],
  ],
  diamond: [
    [0, -1.25],
    [1.25, 0],
    [0, 1.25],
    [-1.25, 0],
  ],
  bar: [
    [-1.3, -0.45],
    [1.3, -0.45],
    [1.3, 0.45],
    [-1.3, 0.45],
  ],
};

export function drawShape(context: CanvasRenderingContext2D, shape: Shape, left: number, top: number, size: number): void {
  context.beginPath();
  const corners = CORNERS[shape];
  if (corners) {
    for (const [dx, dy] of corners) context.lineTo(left + dx * size, top + dy * size);
    context.closePath();
    context.fill();
  } else if (shape === 'cross') {
    for (const [dx, dy] of [
      [1, 1],
      [1, -1],
    ] as const) {
      context.moveTo(left - dx * size, top - dy * size);
      context.lineTo(left + dx * size, top + dy * size);
    }
    context.stroke();
  } else {
    context.arc(left, top, shape === 'dot' ? size * 0.7 : size, 0, 2 * Math.PI);
    if (shape === 'ring') context.stroke();
    else context.fill();
  }
}
