// The product's own list as systems beside the baselines: several interests over text and features, without a head, for a reader whose
// site has no log.
import { groupBy } from '../base/group-by.ts';
import type { FeedbackEvent } from '../base/types.ts';
import { type Interest, interestWeights, readerInterests } from '../feedback/interests.ts';
import { languageGroup } from '../feedback/language-group.ts';
import { appendFeatures, fitFeatures } from '../head/features.ts';
import { drawReferences, HUBNESS_WEIGHT, itemBias, neighboursFor } from '../language/correction/hubness.ts';
import { gatherRows } from '../language/correction/matrix.ts';
import { scoreByInterests, TEMPERATURE } from '../ranking/interest-scores.ts';
import { likedHistory, lowestWhereUnknown } from './baselines/common.ts';
import { encodedRows, requireVectors } from './baselines/embedding.ts';
import { popularitySystem } from './baselines/popularity.ts';
import type { EvaluationCatalogue, FittedSystem, RecommenderSystem } from './types.ts';

/** How categories and numbers are joined to the text. @see docs/decisions/2026-11-25-several-interests.md */
const FEATURES = { dimensions: 64, share: 0.2, numericShare: 0.2 };
/** With fewer rows no item can be a hub. */
const LEAST_HUB_ROWS = 50;

/**
 * The list of a visitor without a log: score of `Interests` with a soft maximum over the likes, weighted by language (`interestWeights`), on
 * text joined with features where the catalogue has some, and the hubness bias. Every like weighs the same, as on the page; weights below 0
 * are dislikes, 0 says nothing. Without a like all scores are 0. Items without a vector (zero row) get the lowest score of the others.
 * Fitting throws bad-argument, bad-vector.
 */
export function kindredVisitorSystem(): RecommenderSystem {
  return {
    name: 'kindred-visitor',
    title: 'Kindred without a log',
    needsVectors: true,
    fit: ({ catalogue }) => visitorOf(catalogue),
  };
}

/**
 * As `kindred-visitor`, with the number of training users who liked an item as the site's own count: z(interests) + w · z(log(1 + count)),
 * w = 2 + 2 / √n for n likes, z over all items. Without a like, the count alone.
 */
export function kindredVisitorPopularitySystem(): RecommenderSystem {
  return {
    name: 'kindred-visitor-popularity',
    title: 'Kindred without a log, with a count of popularity',
    needsVectors: true,
    async fit(context) {
      const visitor = visitorOf(context.catalogue);
      const counts = new Float32Array(context.train.itemCount);
      (await popularitySystem().fit(context)).score(new Int32Array(0), new Float32Array(0), counts);
      const known = standardised(counts.map((count) => Math.log1p(count)));
      return {
        score(history, weights, scores) {
          visitor.score(history, weights, scores);
          const likes = likedHistory(history, weights, scores, known.length).items.length;
          const taste = standardised(scores);
          const strength = 2 + 2 / Math.sqrt(Math.max(1, likes));
          for (let row = 0; row < scores.length; row++) scores[row] = (taste[row] as number) + strength * (known[row] as number);
        },
      };
    },
  };
}

/** Less the mean, over the standard deviation; zeros where all values are the same. */
function standardised(values: Float32Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return Float64Array.from(values, (value) => (deviation > 1e-9 ? (value - mean) / deviation : 0));
}

/** Rows of one language group, gathered. */
interface GroupRows {
  group: string;
  rows: readonly number[];
  /** [rows × dimensions] */
  vectors: Float32Array;
  /** [rows] */
  bias: Float32Array;
}

interface VisitorRows {
  dimensions: number;
  temperature: number;
  /** [items] 1 where the item has a vector */
  encoded: Uint8Array;
  /** [items × dimensions] */
  vectors: Float32Array;
  /** [items] language group */
  groupOf: readonly string[];
  groups: readonly GroupRows[];
}

/** Splits share a catalogue; what does not depend on the split is made once. */
const made = new WeakMap<EvaluationCatalogue, VisitorRows>();

function visitorRows(catalogue: EvaluationCatalogue): VisitorRows {
  const known = made.get(catalogue);
  if (known) return known;
  const text = requireVectors(catalogue, 'kindred-visitor');
  const { items, languages, dimensions: d } = catalogue;
  const encoded = encodedRows(text, d);
  const hasFeatures = items.some(({ categories, attributes = {} }) => categories.length > 0 || Object.keys(attributes).length > 0);
  const projection = hasFeatures ? fitFeatures(items, FEATURES) : undefined;
  const textShare = projection ? 1 - projection.share : 1;
  const vectors = projection ? appendFeatures(projection, text, d, items) : text;
  const dimensions = d + (projection?.dimensions ?? 0);
  const bias = hubnessBias(
    text,
    d,
    [...encoded.keys()].filter((row) => encoded[row] === 1),
  ).map((value) => textShare * value);
  const groupOf = languages.map(languageGroup);
  const groups = [...groupBy(groupOf.keys(), (row) => groupOf[row] as string)].map(([group, rows]) => ({
    group,
    rows,
    vectors: gatherRows(vectors, rows, dimensions),
    bias: Float32Array.from(rows, (row) => bias[row] as number),
  }));
  const rows = { dimensions, temperature: TEMPERATURE * textShare, encoded, vectors, groupOf, groups };
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

function visitorOf(catalogue: EvaluationCatalogue): FittedSystem {
  const { items } = catalogue;
  const { dimensions, temperature, encoded, vectors, groupOf, groups } = visitorRows(catalogue);
  const rowOf = new Map(items.map(({ id }, row) => [id, row]));
  return {
    score(history, weights, scores) {
      likedHistory(history, weights, scores, items.length);
      const interests = interestsOf(history, weights);
      const likes = interests.filter(({ kind }) => kind === 'like').length;
      if (likes === 0) {
        scores.fill(0);
        return;
      }
      const own = gatherRows(
        vectors,
        interests.map(({ itemId }) => rowOf.get(itemId) as number),
        dimensions,
      );
      for (const { group, rows, vectors: those, bias } of groups) {
        const weightsHere = interestWeights(interests, group);
        const found = scoreByInterests(those, dimensions, { vectors: own, likes, weights: weightsHere, temperature }, bias);
        rows.forEach((row, at) => {
          scores[row] = found[at] as number;
        });
      }
      lowestWhereUnknown(scores, (row) => encoded[row] === 1);
    },
  };

  /** A history has no times: all ratings are of the same age, and the newest are the last. */
  function interestsOf(history: Int32Array, weights: Float32Array): Interest[] {
    const ratings = new Map(Array.from(history, (row, at) => [row, weights[at] as number]));
    const events = [...ratings].flatMap(([row, weight], timeMs): FeedbackEvent[] => {
      const item = items[row];
      return item && weight !== 0 ? [{ itemId: item.id, kind: weight > 0 ? 'like' : 'dislike', timeMs }] : [];
    });
    const hasVector = (id: (typeof items)[number]['id']): boolean => encoded[rowOf.get(id) ?? -1] === 1;
    return readerInterests(events, hasVector, (id) => groupOf[rowOf.get(id) ?? -1] ?? '', {
      nowMs: events.length,
      halfLifeMs: Number.POSITIVE_INFINITY,
    });
  }
}
