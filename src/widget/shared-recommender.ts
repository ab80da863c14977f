// One recommender for each pair of assets and catalogue, so that several elements on a page share a worker and a model.
import type { Recommender, RecommenderOptions } from '../client/recommender.ts';
import type { CatalogueSummary, EncoderChoice, Speed } from '../protocol/engine-api.ts';

export interface SharedRecommender {
  recommender: Recommender;
  summary: CatalogueSummary;
}

export type RecommenderFactory = (options: RecommenderOptions) => Promise<Recommender>;

const createReal: RecommenderFactory = async (options) => (await import('../client/create.ts')).createRecommender(options);

/** They live as long as the page: an element that is moved or put back finds its model loaded. A failed one is forgotten. */
const shared = new Map<string, Promise<SharedRecommender>>();

/**
 * @param assetsUrl absolute URL of the folder with `models/`; undefined: beside the script
 * @param catalogueUrl absolute URL
 * @param choices of the first element with this pair; the others get what is there
 */
export function sharedRecommender(
  assetsUrl: string | undefined,
  catalogueUrl: string,
  choices: { encoder: EncoderChoice; speed: Speed },
  create: RecommenderFactory = createReal,
): Promise<SharedRecommender> {
  const key = JSON.stringify([assetsUrl, catalogueUrl]);
  const known = shared.get(key);
  if (known) return known;
  const opened = (async () => {
    const recommender = await create(assetsUrl ? { assetsUrl, ...choices } : choices);
    try {
      return { recommender, summary: await recommender.openCatalogue(catalogueUrl) };
    } catch (error) {
      await recommender.dispose();
      throw error;
    }
  })();
  shared.set(key, opened);
  opened.catch(() => shared.delete(key));
  return opened;
}
