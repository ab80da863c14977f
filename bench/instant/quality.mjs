// Quality of quick vectors, of refined ones, and of mixtures, by the protocol. Each encoder's rows are centred by their own language means, as
// the engine does; what is mixed afterwards are unit vectors of one space, that of the adapter's first columns.
import { measure, seeded } from './protocol.mjs';

const SAMPLES = 1000;

/**
 * @param {{quick: Float32Array, refined: Float32Array, adapter: object, correction: object}} parts raw vectors of candidates, then queries
 * @returns {object[]} rows {key, name, selfMrr, categoryPrecision, sameLanguage, gain}; `gain` is against quick
 */
export function qualityTable(task, { quick, refined, adapter, correction }) {
  const count = task.candidates.length;
  const d = quick.length / (count + task.queries.length);
  const full = adapter.projectedDimensions;
  const shared = cutAdapter(adapter, d);
  const random = seeded(7);
  const drawn = { rows: task.candidates.map(() => random()), queries: task.queries.map(() => random()) };

  /** Centred vectors; means are fitted on the candidates that have one from this encoder (`has`). */
  const corrected = (shape, raw, has = () => true) => {
    const languages = task.candidates.map(({ language }) => language);
    const rows = raw.slice(0, count * shape.dimensions);
    const fitted = correction.firstCorrection(shape, { raw: rows, languages: languages.map((language, row) => (has(row) ? language : undefined)) });
    const queries = correction.correctStated(
      fitted,
      raw.slice(count * shape.dimensions),
      task.queries.map(({ language }) => language),
    );
    return { width: shape.projectedDimensions, rows: correction.correctStated(fitted, rows, languages), queries };
  };
  const quickVectors = corrected(correction.identityAdapter(d), quick);
  const compare = (query, candidate) => (q, c) => {
    const from = query(q);
    const to = candidate(c);
    const width = Math.min(from.width, to.width); // the narrower one is padded with zeros
    let dot = 0;
    for (let j = 0; j < width; j++) dot += from.queries[q * from.width + j] * to.rows[c * to.width + j];
    return dot;
  };
  const mixed = (share, shape, everyQueryRefined = false) => {
    const isRefined = (row) => drawn.rows[row] < share;
    const refinedVectors = corrected(shape, refined, isRefined);
    const query = (q) => (everyQueryRefined || drawn.queries[q] < share ? refinedVectors : quickVectors);
    return compare(query, (c) => (isRefined(c) ? refinedVectors : quickVectors));
  };
  const systems = [
    ['quick', `quick (${d} dimensions)`, mixed(0, shared)],
    ['quarter_refined', 'a quarter refined', mixed(0.25, shared)],
    ['half_refined', 'half refined', mixed(0.5, shared)],
    ['half_refined_query_refined', 'half refined, every query refined', mixed(0.5, shared, true)],
    ['half_refined_padded', `half refined, refined rows of ${full}, quick ones padded with zeros`, mixed(0.5, adapter)],
    ['half_refined_padded_query_refined', 'the same, every query refined', mixed(0.5, adapter, true)],
    ['three_quarters_refined', 'three quarters refined', mixed(0.75, shared)],
    [`refined_${d}`, `refined (${d} dimensions)`, mixed(2, shared)],
    [`refined_${full}`, `refined (${full} dimensions)`, mixed(2, adapter)],
  ];
  let base;
  return systems.map(([key, name, score]) => {
    const { perQuery, ...row } = measure(task, score);
    base ??= perQuery;
    return { key, name, ...row, gain: pairedGain(task, perQuery, base) };
  });
}

/** The adapter with the first columns of its projection. */
function cutAdapter(adapter, columns) {
  const { dimensions, projectedDimensions, projection } = adapter;
  const cut = new Float32Array(dimensions * columns);
  for (let i = 0; i < dimensions; i++) cut.set(projection.subarray(i * projectedDimensions, i * projectedDimensions + columns), i * columns);
  return { ...adapter, projectedDimensions: columns, projection: cut };
}

/** Difference in self MRR with a 95 % bootstrap interval; apps are drawn, not queries, because queries of one app are not independent. */
function pairedGain(task, perQuery, base) {
  const byItem = new Map();
  task.queries.forEach(({ item }, q) => {
    const entry = byItem.get(item) ?? { sum: 0, count: 0 };
    entry.sum += perQuery[q].self - base[q].self;
    entry.count++;
    byItem.set(item, entry);
  });
  const items = [...byItem.values()];
  const meanOf = (list) => list.reduce((sum, one) => sum + one.sum, 0) / list.reduce((sum, one) => sum + one.count, 0);
  const random = seeded(11);
  const means = Array.from({ length: SAMPLES }, () => meanOf(items.map(() => items[Math.floor(random() * items.length)]))).sort((a, b) => a - b);
  return { mean: meanOf(items), low: means[Math.floor(SAMPLES * 0.025)], high: means[Math.floor(SAMPLES * 0.975)] };
}
