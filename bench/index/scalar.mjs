// Exact scans in scalar JavaScript, as fast as plain loops can be: four independent sums, so that no addition waits for the one before.
import { topK } from '../../src/compute/cpu/top-k.ts';
import { quantizeRows } from '../../src/compute/quantize.ts';

/** @param rows [count × dimensions], dimensions a multiple of 4 */
export function floatScan(rows, dimensions) {
  const scores = new Float32Array(rows.length / dimensions);
  return (query, k) => {
    floatScores(rows, query, scores);
    return topK(scores, k).map(({ row }) => row);
  };
}

/** @param quantized as from quantizeRows */
export function int8Scan(quantized) {
  const { dimensions, count, values, scales } = quantized;
  const scores = new Float32Array(count);
  return (query, k) => {
    int8Scores(values, scales, quantizeRows(query, dimensions).values, scores);
    return topK(scores, k).map(({ row }) => row);
  };
}

function floatScores(rows, query, scores) {
  const d = query.length;
  for (let row = 0, at = 0; row < scores.length; row++) {
    let a = 0;
    let b = 0;
    let c = 0;
    let e = 0;
    for (let j = 0; j < d; j += 4, at += 4) {
      a += rows[at] * query[j];
      b += rows[at + 1] * query[j + 1];
      c += rows[at + 2] * query[j + 2];
      e += rows[at + 3] * query[j + 3];
    }
    scores[row] = a + b + (c + e);
  }
}

function int8Scores(rows, scales, query, scores) {
  const d = query.length;
  for (let row = 0, at = 0; row < scores.length; row++) {
    let a = 0;
    let b = 0;
    let c = 0;
    let e = 0;
    for (let j = 0; j < d; j += 4, at += 4) {
      a = (a + rows[at] * query[j]) | 0;
      b = (b + rows[at + 1] * query[j + 1]) | 0;
      c = (c + rows[at + 2] * query[j + 2]) | 0;
      e = (e + rows[at + 3] * query[j + 3]) | 0;
    }
    scores[row] = (a + b + c + e) * scales[row];
  }
}
