// Language information removal: each language's leading principal components, which hold what its texts share.
import { dot, normalizeRows } from '../../compute/cpu/linear.ts';

/** Iterations at most, and the cosine with the step before at which a component stands. */
const ITERATIONS = 30;
const STANDS = 1 - 1e-7;

/**
 * Leading right singular vectors of the uncentred rows and some copies of a prior row, by orthogonal iteration (Golub & Van Loan,
 * Matrix Computations, section 8.2.4); deterministic. Yang et al. 2021 (arXiv:2109.04727) project these out.
 * @param rows [n × d] @param prior [d] @param strength copies of the prior row
 * @returns [count × d], orthonormal; fewer than `count` where the rows span less
 */
export function leadingComponents(rows: Float32Array, d: number, prior: Float32Array, strength: number, count: number): Float32Array {
  const found: Float32Array[] = [];
  const n = rows.length / d;
  for (let c = 0; c < count; c++) {
    let v = start(rows, n, d, prior, found);
    if (!v) break;
    for (let step = 0; step < ITERATIONS; step++) {
      const next = new Float64Array(d);
      for (let r = 0; r < n; r++) addScaled(next, rows, r * d, dot(rows, r * d, v, 0, d));
      addScaled(next, prior, 0, strength * dot(prior, 0, v, 0, d));
      const candidate = orthonormal(Float32Array.from(next), found, d);
      if (!candidate) break;
      const turned = dot(candidate, 0, v, 0, d);
      v = candidate;
      if (turned > STANDS) break;
    }
    found.push(v);
  }
  const out = new Float32Array(found.length * d);
  found.forEach((v, i) => {
    out.set(v, i * d);
  });
  return out;
}

/** The prior, or the first row with something left beyond the components found. */
function start(rows: Float32Array, n: number, d: number, prior: Float32Array, found: readonly Float32Array[]): Float32Array | undefined {
  const first = orthonormal(prior.slice(), found, d);
  if (first) return first;
  for (let r = 0; r < n; r++) {
    const v = orthonormal(rows.slice(r * d, (r + 1) * d), found, d);
    if (v) return v;
  }
  return undefined;
}

/** Unit vector of what is left of v beyond the found ones, or undefined when that is nothing but rounding. */
function orthonormal(v: Float32Array, found: readonly Float32Array[], d: number): Float32Array | undefined {
  const before = Math.sqrt(dot(v, 0, v, 0, d));
  for (const u of found) {
    const along = dot(v, 0, u, 0, d);
    for (let j = 0; j < d; j++) v[j] = (v[j] as number) - along * (u[j] as number);
  }
  const after = Math.sqrt(dot(v, 0, v, 0, d));
  return after > before * 1e-4 && after > 0 ? normalizeRows(v, d) : undefined;
}

function addScaled(out: Float64Array, x: Float32Array, at: number, factor: number): void {
  for (let j = 0; j < out.length; j++) out[j] = (out[j] as number) + factor * (x[at + j] as number);
}
