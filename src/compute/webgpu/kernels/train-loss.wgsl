// The loss and the slopes of the logits, an example a thread. After train-batch, train-forward and train-logit.
//
// In:  pairs as train-score.wgsl writes them; with SINGLE computed here
// Out: pairs [pair] = (d loss / d logit, x); rows [example] = (0, sum of slopes, d logScale, 0);
//      sums [example] += its share of the batch's loss
// Invariants: formulas and their order are those of src/head/losses.ts; a candidate that is excluded is never read by the
// softmax and its slope is 0.

const MSE = 0u;
const BCE = 1u;
const BPR = 2u;
const SOFTMAX = 3u;

override LOSS: u32 = 1u;
override POSITIVE_WEIGHT: f32 = 1.0;   // of BCE
override NEGATIVE_WEIGHT: f32 = 1.0;

const LOWEST = -3.0e38;

@group(0) @binding(7) var<storage, read_write> rows: array<vec4<f32>>;
@group(0) @binding(8) var<storage, read_write> sums: array<f32>;

fn sigmoid_of(x: f32) -> f32 {
  let e = exp(-abs(x));
  return select(e, 1.0, x >= 0.0) / (1.0 + e);
}

// log(1 + e^x); below 1e-3 by its series, because 1 + e loses what is small.
fn softplus(x: f32) -> f32 {
  let e = exp(-abs(x));
  return max(x, 0.0) + select(log(1.0 + e), e * (1.0 - e * (0.5 - e / 3.0)), e < 1.0e-3);
}

// The three below: @returns the example's share of the loss.
fn pointwise(i: u32) -> f32 {
  let y = pairs[i].x;
  let weight = weight_of(i) / f32(params.size);
  let label = label_of(i);
  let score = sigmoid_of(y);
  if (LOSS == MSE) {
    let error = score - label;
    pairs[i].x = weight * 2.0 * error * score * (1.0 - score);
    return weight * error * error;
  }
  let as_positive = POSITIVE_WEIGHT * label;
  let as_negative = NEGATIVE_WEIGHT * (1.0 - label);
  pairs[i].x = weight * (as_negative * score - as_positive * (1.0 - score));
  return weight * (as_positive * softplus(-y) + as_negative * softplus(y));
}

fn pairwise(i: u32) -> f32 {
  let first = i * params.candidates;
  let own = pairs[first].x;
  let weight = weight_of(i) / f32(params.size * (params.candidates - 1u));
  var loss = 0.0;
  var pull = 0.0;
  for (var j = 1u; j < params.candidates; j++) {
    let margin = own - pairs[first + j].x;
    let slope = weight * sigmoid_of(-margin);
    loss += weight * softplus(-margin);
    pairs[first + j].x = slope;
    pull += slope;
  }
  pairs[first].x = -pull;
  return loss;
}

fn softmax(i: u32) -> f32 {
  let first = i * params.candidates;
  let positive = select(0u, i, params.is_shared != 0u);
  let own = pairs[first + positive].x - correction_of(positive);
  var highest = LOWEST;
  for (var j = 0u; j < params.candidates; j++) {
    if (!is_excluded(i, j)) { highest = max(highest, pairs[first + j].x - correction_of(j)); }
  }
  var sum = 0.0;
  for (var j = 0u; j < params.candidates; j++) {
    var power = 0.0;
    if (!is_excluded(i, j)) { power = exp(pairs[first + j].x - correction_of(j) - highest); }
    pairs[first + j].x = power;
    sum += power;
  }
  let weight = weight_of(i) / f32(params.size);
  for (var j = 0u; j < params.candidates; j++) {
    pairs[first + j].x = weight * (pairs[first + j].x / sum - select(0.0, 1.0, j == positive));
  }
  return weight * (highest - own + log(sum));
}

@compute @workgroup_size(GROUP)
fn train_loss(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = thread_of(id);
  if (i >= params.size) { return; }
  if (SINGLE) { pairs[i] = logit_of(i, 0u); }
  var loss: f32;
  if (LOSS == SOFTMAX) { loss = softmax(i); } else if (LOSS == BPR) { loss = pairwise(i); } else { loss = pointwise(i); }
  var slopes = vec2<f32>(0.0);
  for (var pair = i * params.candidates; pair < (i + 1u) * params.candidates; pair++) {
    slopes += pairs[pair].x * vec2<f32>(1.0, pairs[pair].y);
  }
  rows[i] = vec4<f32>(0.0, slopes.x, scale() * slopes.y, 0.0);
  sums[i] += loss;
}
