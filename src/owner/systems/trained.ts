// Trained heads, the item–item table and the blend as systems for evaluation beside the baselines; each is fitted on the training users of
// a split alone.
import { RecommenderError } from '../../base/errors.ts';
import type { EvaluationCatalogue, FitContext, FittedSystem, InteractionMatrix, RecommenderSystem } from '../../evaluation/types.ts';
import { appendFeatures, type FeatureProjection, fitFeatures } from '../../head/features.ts';
import { itemItemScores } from '../../head/log-knowledge.ts';
import { blendScores } from '../../ranking/blend.ts';
import { type OwnerModel, trainOwnerModel } from '../owner-model.ts';
import type { PretrainedKind } from '../pretrain.ts';
import { type TasteScorer, tasteScorer } from '../taste-scorer.ts';

export interface TrainedOptions {
  kind: PretrainedKind;
  rank?: number;
  hidden?: number;
  epochs?: number;
  /** Dimensions of the categories joined to the item vector (a fifth of the cosine); 0, the default: text alone. */
  featureDimensions?: number;
  seed?: number;
  /** Milliseconds since the epoch: date of the prior. Default 0. */
  asOfMs?: number;
}

interface Fitted extends OwnerModel {
  taste: TasteScorer;
}

/**
 * Three systems of one training: the head alone (`head-KIND`), the item–item table alone (`table`), and the blend of head, prior and table
 * (`blend-KIND`); names end in `-features` where categories are used. Splits with the same training matrix share one fit.
 * Fitting throws bad-argument without vectors, and as `trainOwnerModel`.
 */
export function trainedSystems(options: TrainedOptions): { head: RecommenderSystem; table: RecommenderSystem; blend: RecommenderSystem } {
  const fits = new WeakMap<InteractionMatrix, { catalogue: EvaluationCatalogue; fitted: Promise<Fitted> }>();
  const fitOnce = (context: FitContext): Promise<Fitted> => {
    const known = fits.get(context.train);
    if (known?.catalogue === context.catalogue) return known.fitted;
    const fitted = fitTrained(context, options, (items) => featuresOf(items, options.featureDimensions));
    fits.set(context.train, { catalogue: context.catalogue, fitted });
    fitted.catch(() => fits.delete(context.train));
    return fitted;
  };
  const suffix = `${options.kind}${options.featureDimensions ? '-features' : ''}`;
  const about = `${options.kind} head${options.featureDimensions ? ' with categories' : ''}`;
  return {
    head: {
      name: `head-${suffix}`,
      title: `Trained ${about}`,
      needsVectors: true,
      fit: async (context) => headOf(await fitOnce(context)),
    },
    table: {
      name: 'table',
      title: 'Item–item table alone (int8, pairs of 5 users)',
      needsVectors: true,
      fit: async (context) => tableOf(await fitOnce(context)),
    },
    blend: {
      name: `blend-${suffix}`,
      title: `Blend of ${about}, prior and item–item table`,
      needsVectors: true,
      fit: async (context) => blendOf(await fitOnce(context)),
    },
  };
}

function featuresOf(items: EvaluationCatalogue['items'], dimensions = 0): FeatureProjection | undefined {
  return dimensions > 0 ? fitFeatures(items, { dimensions, numericShare: 0 }) : undefined;
}

/** Trains on the training users as `kindred train` does. @throws bad-argument without vectors, and as `trainOwnerModel` */
export async function fitTrained(
  { catalogue, train, signal }: FitContext,
  { kind, rank, hidden, epochs, seed = 1, asOfMs = 0 }: Omit<TrainedOptions, 'featureDimensions'>,
  projectionOf: (items: EvaluationCatalogue['items']) => FeatureProjection | undefined,
): Promise<Fitted> {
  const { vectors: text, dimensions: textDimensions, items } = catalogue;
  if (!text)
    throw new RecommenderError('bad-argument', `A ${kind} head needs a vector of each item. Encode the catalogue first or leave it out.`, { kind });
  const projection = projectionOf(items);
  const vectors = projection ? appendFeatures(projection, text, textDimensions, items) : text;
  const textShare = 1 - (projection?.share ?? 0);
  const model = await trainOwnerModel(train, vectors, textDimensions + (projection?.dimensions ?? 0), {
    kind,
    seed,
    textShare,
    prior: { asOfMs },
    ...(rank !== undefined && { rank }),
    ...(hidden !== undefined && { hidden }),
    ...(epochs !== undefined && { epochs }),
    ...(signal && { signal }),
  });
  return { ...model, taste: tasteScorer(model.head, vectors, textShare) };
}

function headOf({ taste }: Fitted): FittedSystem {
  return { score: (history, weights, scores) => scores.set(taste(likedOf(history, weights))) };
}

function tableOf({ itemItem }: Fitted): FittedSystem {
  return { score: (history, weights, scores) => itemItemScores(itemItem, likedOf(history, weights), scores) };
}

function likedOf(history: Int32Array, weights: Float32Array): Int32Array {
  return history.filter((_, at) => (weights[at] as number) > 0);
}

/** The blend as lists have it. */
export function blendOf(fitted: Fitted): FittedSystem {
  return {
    score(history, weights, scores) {
      const liked = likedOf(history, weights);
      const itemItem = new Float32Array(scores.length);
      itemItemScores(fitted.itemItem, liked, itemItem);
      const headScores = fitted.taste(liked);
      scores.set(blendScores({ headScores, prior: fitted.prior.values, itemItem, history: liked, weights: fitted.weights }));
    },
  };
}
