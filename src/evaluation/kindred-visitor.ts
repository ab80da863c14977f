// The product's own list as systems beside the baselines: several interests over text and features, and the catalogue's column of
// popularity where it has one; without a head, for a reader whose site has no log.
import type { FeedbackEvent } from '../base/types.ts';
import { type Interest, readerInterests } from '../feedback/interests.ts';
import { languageGroup } from '../feedback/language-group.ts';
import { appendFeatures } from '../head/features.ts';
import { LEAST_HUB_ROWS } from '../language/correction/build.ts';
import { drawReferences, HUBNESS_WEIGHT, itemBias, neighboursFor } from '../language/correction/hubness.ts';
import { gatherRows } from '../language/correction/matrix.ts';
import { standardParts } from '../ranking/blend.ts';
import { popularityPrior, popularityWeight } from '../ranking/popularity.ts';
import { catalogueFeatures } from '../ranking/ranked-rows.ts';
import { type InterestScoring, interestVectors, scoreRowsByInterests } from '../ranking/taste.ts';
import { likedHistory, lowestWhereUnknown } from './baselines/common.ts';
import { encodedRows, requireVectors } from './baselines/embedding.ts';
import { popularitySystem } from './baselines/popularity.ts';
import type { EvaluationCatalogue, FittedSystem, RecommenderSystem } from './types.ts';

/**
 * The list of a visitor without a log, by the scorer of the page (`scoreRowsByInterests`) on the vectors of the evaluation. Where the
 * catalogue states `popularity`, z(interests) + w · prior as in the list (`popularityWeight`, familiarity 0); counts are taken as they
 * stand, because a log has no one date. Every like weighs the same, as on the page; weights below 0 are dislikes, 0 says nothing. Without
 * a like the prior alone counts. Items without a vector (zero row) get the lowest score of the others. Fitting throws bad-argument, bad-vector.
 */
export function kindredVisitorSystem(): RecommenderSystem {
  return {
    name: 'kindred-visitor',
    title: 'Kindred without a log',
    needsVectors: true,
    fit: ({ catalogue }) => visitorOf(catalogue, popularityPrior(catalogue.items, Number.POSITIVE_INFINITY)),
  };
}

/** As `kindred-visitor` on a site that states for each item how many of the training users liked it. */
export function kindredVisitorPopularitySystem(): RecommenderSystem {
  return {
    name: 'kindred-visitor-popularity',
    title: 'Kindred without a log, with a column of popularity',
    needsVectors: true,
    async fit(context) {
      const { catalogue, train } = context;
      const counts = new Float32Array(train.itemCount);
      (await popularitySystem().fit(context)).score(new Int32Array(0), new Float32Array(0), counts);
      const items = catalogue.items.map((item, row) => ({ ...item, popularity: counts[row] as number }));
      return visitorOf(catalogue, popularityPrior(items, Number.POSITIVE_INFINITY));
    },
  };
}

interface VisitorRows extends Omit<InterestScoring, 'interests' | 'vectors'> {
  /** [encoded] row numbers of the items with a vector */
  encoded: number[];
  /** [encoded × dimensions] */
  vectors: Float32Array;
  /** undefined without a vector */
  vectorOf: (id: string) => Float32Array | undefined;
}

/** Splits share a catalogue; what does not depend on the split is made once. */
const made = new WeakMap<EvaluationCatalogue, VisitorRows>();

function visitorRows(catalogue: EvaluationCatalogue): VisitorRows {
  const known = made.get(catalogue);
  if (known) return known;
  const text = requireVectors(catalogue, 'kindred-visitor');
  const { items, languages, dimensions: d } = catalogue;
  const encoded = [...encodedRows(text, d)].flatMap((is, row) => (is === 1 ? row : []));
  const projection = catalogueFeatures(items);
  const textShare = projection ? 1 - projection.share : 1;
  const joined = projection ? appendFeatures(projection, text, d, items) : text;
  const dimensions = d + (projection?.dimensions ?? 0);
  const vectors = gatherRows(joined, encoded, dimensions);
  const bias = hubnessBias(text, d, encoded);
  const groups = languages.map(languageGroup);
  const placeOf = new Map(encoded.map((row, place) => [items[row]?.id as string, place]));
  const rows: VisitorRows = {
    dimensions,
    textShare,
    encoded,
    vectors,
    vectorOf: (id) => {
      const place = placeOf.get(id);
      return place === undefined ? undefined : vectors.subarray(place * dimensions, (place + 1) * dimensions);
    },
    groupOf: (row) => groups[row] ?? '',
    biasOf: (row) => textShare * (bias[row] ?? 0),
  };
  made.set(catalogue, rows);
  return rows;
}

/** @param present rows with a vector @returns [rows] */
function hubnessBias(vectors: Float32Array, d: number, present: readonly number[]): Float32Array {
  const references = present.length < LEAST_HUB_ROWS ? [] : drawReferences(present);
  return itemBias(vectors, d, {
    references: gatherRows(vectors, references, d),
    neighbours: neighboursFor(references.length),
    weight: HUBNESS_WEIGHT,
  });
}

/** @param prior [items] of `popularityPrior` */
function visitorOf(catalogue: EvaluationCatalogue, prior: Float32Array | undefined): FittedSystem {
  const { items } = catalogue;
  const rows = visitorRows(catalogue);
  const { encoded } = rows;
  return {
    score(history, weights, scores) {
      const liked = likedHistory(history, weights, scores, items.length).items;
      const interests = interestsOf(history, weights);
      scores.fill(0);
      if (interests.some(({ kind }) => kind === 'like')) {
        const scoring = { ...rows, interests, vectors: interestVectors(rows, interests) };
        const found = Float32Array.from(scoreRowsByInterests(scoring, encoded, rows.vectors));
        const { head } = prior ? standardParts({ headScores: found }) : { head: found };
        encoded.forEach((row, place) => {
          scores[row] = head[place] as number;
        });
      }
      if (prior) {
        const weight = popularityWeight(prior, [...liked], 0);
        for (let row = 0; row < scores.length; row++) scores[row] = (scores[row] as number) + weight * (prior[row] as number);
      }
      const known = new Set(encoded);
      lowestWhereUnknown(scores, (row) => known.has(row));
    },
  };

  /** A history has no times: all ratings are of the same age, and the newest are the last. */
  function interestsOf(history: Int32Array, weights: Float32Array): Interest[] {
    const ratings = new Map(Array.from(history, (row, at) => [row, weights[at] as number]));
    const groupById = new Map<string, string>();
    const events = [...ratings].flatMap(([row, weight], timeMs): FeedbackEvent[] => {
      const item = items[row];
      if (!item || weight === 0) return [];
      groupById.set(item.id, rows.groupOf(row));
      return [{ itemId: item.id, kind: weight > 0 ? 'like' : 'dislike', timeMs }];
    });
    return readerInterests(
      events,
      (id) => rows.vectorOf(id) !== undefined,
      (id) => groupById.get(id) ?? '',
      {
        nowMs: events.length,
        halfLifeMs: Number.POSITIVE_INFINITY,
      },
    );
  }
}
