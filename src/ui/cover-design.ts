// Designs a cover for an item without a picture. The same item always gets the same cover. Pure data; item-card.ts draws it.
import { fnv1a } from '../base/hash.ts';
import { type RandomSource, seededRandom } from '../base/random.ts';
import type { Item } from '../base/types.ts';

export const COVER_WIDTH = 240;
export const COVER_HEIGHT = 150;

export interface CoverShape {
  /** SVG path data. */
  d: string;
  fill: string;
}

export interface CoverDesign {
  ground: string;
  shapes: readonly CoverShape[];
}

/** Hues in degrees (OKLCH). Lightness is fixed, so that white text always has enough contrast. */
const HUES = [25, 50, 80, 130, 160, 185, 215, 245, 270, 300, 330, 355];

const n = (value: number): string => String(Math.round(value * 10) / 10);
const disc = (x: number, y: number, r: number): string =>
  `M${n(x - r)} ${n(y)}a${n(r)} ${n(r)} 0 1 0 ${n(2 * r)} 0a${n(r)} ${n(r)} 0 1 0 ${n(-2 * r)} 0z`;
const polygon = (...points: readonly [number, number][]): string => `M${points.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}z`;

/** Gives shapes: path data and a tone, which is an index from 0 to 3 into the fills. */
type Pattern = (random: RandomSource) => { d: string; tone: number }[];

const rings: Pattern = (random) => {
  const x = 60 + random() * 140;
  const y = random() * 60;
  return [110, 86, 62, 40, 20].map((r, i) => ({ d: disc(x, y, r), tone: i % 4 }));
};

const discs: Pattern = (random) =>
  Array.from({ length: 5 }, (_, i) => ({ d: disc(20 + i * 48 + random() * 30, random() * 70, 18 + random() * 34), tone: i % 4 }));

const hills: Pattern = (random) =>
  Array.from({ length: 5 }, (_, i) => {
    const x = i * 52 - 10 + random() * 24;
    const top = 6 + random() * 44;
    const half = 44 + random() * 34;
    return { d: polygon([x - half, COVER_HEIGHT], [x, top], [x + half, COVER_HEIGHT]), tone: i % 4 };
  });

const stripes: Pattern = (random) => {
  const lean = 30 + random() * 60;
  return Array.from({ length: 7 }, (_, i) => {
    const x = i * 44 - 20 + random() * 12;
    const width = 8 + random() * 18;
    return {
      d: polygon([x, 0], [x + width, 0], [x + width - lean, COVER_HEIGHT], [x - lean, COVER_HEIGHT]),
      tone: Math.floor(random() * 4),
    };
  });
};

/** Tiles with a quarter of a disc, turned at random (S. Truchet, 1704). */
const tiles: Pattern = (random) => {
  const side = 40;
  const shapes: { d: string; tone: number }[] = [];
  for (let y = 0; y < 2 * side; y += side) {
    for (let x = 0; x < COVER_WIDTH; x += side) {
      const turn = Math.floor(random() * 4);
      const [cx, cy] = [x + (turn % 2) * side, y + (turn > 1 ? side : 0)];
      const [sx, sy] = [turn % 2 ? -side : side, turn > 1 ? -side : side];
      const sweep = sx * sy > 0 ? 1 : 0;
      const d = `M${cx} ${cy}h${sx}a${side} ${side} 0 0 ${sweep} ${-sx} ${sy}z`;
      shapes.push({ d, tone: Math.floor(random() * 4) });
    }
  }
  return shapes;
};

const dots: Pattern = (random) => {
  const shapes: { d: string; tone: number }[] = [];
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column < 11; column++) {
      const r = 2 + random() * 8;
      shapes.push({ d: disc(column * 24 + (row % 2) * 12, 12 + row * 22, r), tone: Math.floor(random() * 4) });
    }
  }
  return shapes;
};

const waves: Pattern = (random) => {
  const lift = 14 + random() * 16;
  return [10, 34, 58, 82].map((y, i) => {
    const shift = random() * 60;
    const from = -80 + shift;
    const crests = Array.from({ length: 4 }, () => `q20 ${n(-lift)} 40 0t40 0`).join('');
    return { d: `M${n(from)} ${n(y + 14)}${crests}V${COVER_HEIGHT}H${n(from)}z`, tone: i };
  });
};

const PATTERNS: readonly Pattern[] = [rings, discs, hills, stripes, tiles, dots, waves];

/**
 * @returns background and shapes on COVER_WIDTH × COVER_HEIGHT: hue from the first category, pattern from id and kind.
 * The card covers the lower part, for the title.
 */
export function coverDesign(item: Pick<Item, 'id' | 'title' | 'categories' | 'kind'>): CoverDesign {
  const hue = HUES[fnv1a(item.categories[0] ?? item.kind ?? '') % HUES.length] ?? 160;
  const seed = fnv1a(`${item.kind ?? ''}\n${item.id}\n${item.title}`);
  const pattern = PATTERNS[fnv1a(`${item.kind ?? ''}/${item.id}`) % PATTERNS.length] ?? rings;
  const neighbour = (hue + 40) % 360;
  const fills = [`oklch(0.46 0.09 ${hue})`, `oklch(0.56 0.1 ${hue})`, `oklch(0.74 0.09 ${neighbour})`, `oklch(0.85 0.06 ${neighbour})`];
  return {
    ground: `oklch(0.36 0.075 ${hue})`,
    shapes: pattern(seededRandom(seed)).map(({ d, tone }) => ({ d, fill: fills[tone] ?? fills[0] ?? '' })),
  };
}
