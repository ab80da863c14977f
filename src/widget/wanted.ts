// What an element's attributes ask for, with every address made absolute. Pure.
import { RecommenderError } from '../base/errors.ts';
import type { CatalogueSource, EncoderChoice, Speed } from '../protocol/engine-api.ts';
import type { KindredRecommendationsElement } from './types.ts';

export interface Wanted {
  /** Absolute URL of the folder with `models/`; undefined: beside the script. */
  assetsUrl?: string | undefined;
  /** Absolute URLs. */
  source: Extract<CatalogueSource, { kind: 'url' }>;
  /** Of the first element with these assets and catalogue; the others get what is there. */
  encoder: EncoderChoice;
  speed: Speed;
}

type Choices = Pick<KindredRecommendationsElement, 'catalogue' | 'assets' | 'pack' | 'head' | 'encoder' | 'speed'>;

/**
 * @param baseUrl address of the page, which relative addresses go from
 * @returns null without a catalogue
 * @throws bad-argument for an attribute that is no address
 */
export function wantedFrom({ catalogue, assets, pack, head, encoder, speed }: Choices, baseUrl: string): Wanted | null {
  if (!catalogue) return null;
  const absolute = (name: string, address: string): string => {
    if (URL.canParse(address, baseUrl)) return new URL(address, baseUrl).href;
    throw new RecommenderError(
      'bad-argument',
      `The attribute ${name} is ${JSON.stringify(address)}, which is no address. Give an absolute or relative URL.`,
    );
  };
  return {
    ...(assets === null ? {} : { assetsUrl: absolute('assets', assets) }),
    source: {
      kind: 'url',
      url: absolute('catalogue', catalogue),
      ...(pack === null ? {} : { packUrl: absolute('pack', pack) }),
      ...(head === null ? {} : { headUrl: absolute('head', head) }),
    },
    encoder,
    speed,
  };
}
