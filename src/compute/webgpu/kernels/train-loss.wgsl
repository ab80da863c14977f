// The loss of one example and its slopes, by one workgroup. Put between train-batch.wgsl and train-rows.wgsl.
//
// In:  pairs[p] = (logit, x) of every pair of example i
// Out: pairs[p] = (d loss / d logit, x); the example's share of the batch's loss is returned to every thread
// Invariants: formulas and their order are those of src/head/losses.ts; a candidate that is excluded is never read by the
// softmax and its slope is 0; sums over the lanes have a fixed order, so a run repeats itself bit for bit.

const MSE = 0u;
const BCE = 1u;
const BPR = 2u;
const SOFTMAX = 3u;

override GROUP: u32 = 64u;             // threads, power of two
override LOSS: u32 = 1u;
override POSITIVE_WEIGHT: f32 = 1.0;   // of BCE
override NEGATIVE_WEIGHT: f32 = 1.0;

const LOWEST = -3.0e38;

@group(0) @binding(6) var<storage, read_write> pairs: array<vec2<f32>>;

const CHUNK = 8u;

var<workgroup> lanes: array<f32, GROUP>;
var<workgroup> chunks: array<f32, GROUP / CHUNK>;

// Sum over each `width` neighbouring lanes (a power of two), given to each of them; in chunks, because a
// barrier costs more than a few additions. In uniform control flow only; two barriers, the last one after the last read of `lanes`.
fn sum_over(value: f32, lane: u32, width: u32) -> f32 {
  lanes[lane] = value;
  workgroupBarrier();
  var sum = 0.0;
  let first = lane & ~(min(width, CHUNK) - 1u);
  if (width <= CHUNK || first == lane) {
    for (var other = first; other < first + min(width, CHUNK); other++) { sum += lanes[other]; }
  }
  if (width > CHUNK && first == lane) { chunks[lane / CHUNK] = sum; }
  workgroupBarrier();
  if (width <= CHUNK) { return sum; }
  sum = 0.0;
  let start = (lane & ~(width - 1u)) / CHUNK;
  for (var chunk = start; chunk < start + width / CHUNK; chunk++) { sum += chunks[chunk]; }
  return sum;
}

fn highest_of(value: f32, lane: u32) -> f32 {
  lanes[lane] = value;
  workgroupBarrier();
  if (lane % CHUNK == 0u) {
    var highest = lanes[lane];
    for (var other = lane + 1u; other < lane + CHUNK; other++) { highest = max(highest, lanes[other]); }
    chunks[lane / CHUNK] = highest;
  }
  workgroupBarrier();
  var highest = chunks[0];
  for (var chunk = 1u; chunk < GROUP / CHUNK; chunk++) { highest = max(highest, chunks[chunk]); }
  return highest;
}

// log(1 + e^x); below 1e-3 by its series, because 1 + e loses what is small.
fn softplus(x: f32) -> f32 {
  let e = exp(-abs(x));
  return max(x, 0.0) + select(log(1.0 + e), e * (1.0 - e * (0.5 - e / 3.0)), e < 1.0e-3);
}

fn pointwise(i: u32, lane: u32) -> f32 {
  let y = pairs[i].x;
  workgroupBarrier();
  let weight = weight_of(i) / f32(params.size);
  let label = label_of(i);
  let score = sigmoid(y);
  var loss: f32;
  var slope: f32;
  if (LOSS == MSE) {
    let error = score - label;
    loss = error * error;
    slope = 2.0 * error * score * (1.0 - score);
  } else {
    let as_positive = POSITIVE_WEIGHT * label;
    let as_negative = NEGATIVE_WEIGHT * (1.0 - label);
    loss = as_positive * softplus(-y) + as_negative * softplus(y);
    slope = as_negative * score - as_positive * (1.0 - score);
  }
  if (lane == 0u) { pairs[i].x = weight * slope; }
  return weight * loss;
}

fn pairwise(i: u32, lane: u32) -> f32 {
  let first = i * params.candidates;
  let own = pairs[first].x;
  let weight = weight_of(i) / f32(params.size * (params.candidates - 1u));
  var loss = 0.0;
  var pull = 0.0;
  for (var j = 1u + lane; j < params.candidates; j += GROUP) {
    let margin = own - pairs[first + j].x;
    let slope = weight * sigmoid(-margin);
    loss += weight * softplus(-margin);
    pairs[first + j].x = slope;
    pull += slope;
  }
  let total_pull = sum_over(pull, lane, GROUP);
  if (lane == 0u) { pairs[first].x = -total_pull; }
  return sum_over(loss, lane, GROUP);
}

fn softmax(i: u32, lane: u32) -> f32 {
  let first = i * params.candidates;
  let positive = select(0u, i, params.is_shared != 0u);
  let own = pairs[first + positive].x - correction_of(positive);
  var highest = LOWEST;
  for (var j = lane; j < params.candidates; j += GROUP) {
    if (!is_excluded(i, j)) { highest = max(highest, pairs[first + j].x - correction_of(j)); }
  }
  highest = highest_of(highest, lane);
  var sum = 0.0;
  for (var j = lane; j < params.candidates; j += GROUP) {
    if (!is_excluded(i, j)) { sum += exp(pairs[first + j].x - correction_of(j) - highest); }
  }
  sum = sum_over(sum, lane, GROUP);
  let weight = weight_of(i) / f32(params.size);
  for (var j = lane; j < params.candidates; j += GROUP) {
    var share = 0.0;
    if (!is_excluded(i, j)) { share = exp(pairs[first + j].x - correction_of(j) - highest) / sum; }
    pairs[first + j].x = weight * (share - select(0.0, 1.0, j == positive));
  }
  return weight * (highest - own + log(sum));
}

fn loss_and_slopes(i: u32, lane: u32) -> f32 {
  if (LOSS == SOFTMAX) { return softmax(i, lane); }
  if (LOSS == BPR) { return pairwise(i, lane); }
  return pointwise(i, lane);
}
