// What all training kernels know: the kind of head, the training set, and the batch of one step. Put before each train-*.wgsl.
//
// In:  users [U][DIMENSIONS], items [N][DIMENSIONS], for the whole training
//      batch, from word first_word: user rows [size], persons [size], labels [size], weights [size] (floats as bits),
//      item rows [shared ? candidates : size * candidates]; correction [candidates] from correction_at; excluded, bit p & 31 of
//      word excluded_at + (p >> 5) for pair p. Either may be absent: then its place is 0, where user rows lie.
// Invariants: pair p = i * candidates + j scores user i with item j (shared) or p; a step reads no word of another step.

const CONCAT_LINEAR = 0u;
const DOT = 1u;
const BILINEAR = 2u;
const MLP = 3u;
const LINEAR_PROBE = 4u;

override HEAD: u32 = 1u;
override DIMENSIONS: u32 = 384u;
override WIDTH: u32 = 1u;        // rank of `bilinear`, hidden units of `mlp`, else 1
override COUNT: u32 = 2u;        // parameters
override ROW: u32 = 4u;          // floats a row of `rows`, see train-rows.wgsl

struct StepParams {
  size: u32,
  candidates: u32,
  is_shared: u32,
  first_word: u32,
  correction_at: u32,
  excluded_at: u32,
  rate: f32,            // learning rate, for Adam divided by 1 - beta1^t
  unbias: f32,          // 1 / (1 - beta2^t)
  keep: f32,            // 1 - learning rate * decay
}

@group(0) @binding(0) var<uniform> params: StepParams;
@group(0) @binding(1) var<storage, read> users: array<f32>;
@group(0) @binding(2) var<storage, read> items: array<f32>;
@group(0) @binding(3) var<storage, read> batch: array<u32>;

// Where the vector of user i starts in `users`.
fn user_at(i: u32) -> u32 { return batch[params.first_word + i] * DIMENSIONS; }

fn person_of(i: u32) -> u32 { return batch[params.first_word + params.size + i]; }

fn label_of(i: u32) -> f32 { return bitcast<f32>(batch[params.first_word + 2u * params.size + i]); }

fn weight_of(i: u32) -> f32 { return bitcast<f32>(batch[params.first_word + 3u * params.size + i]); }

// Where the vector of the item of pair (i, j) starts in `items`.
fn item_at(i: u32, j: u32) -> u32 {
  let item = select(i * params.candidates + j, j, params.is_shared != 0u);
  return batch[params.first_word + 4u * params.size + item] * DIMENSIONS;
}

fn correction_of(j: u32) -> f32 {
  if (params.correction_at == 0u) { return 0.0; }
  return bitcast<f32>(batch[params.correction_at + j]);
}

fn is_excluded(i: u32, j: u32) -> bool {
  if (params.excluded_at == 0u) { return false; }
  let pair = i * params.candidates + j;
  return ((batch[params.excluded_at + (pair >> 5u)] >> (pair & 31u)) & 1u) == 1u;
}

// silu(x) = x * sigmoid(x), without overflow.
fn sigmoid(x: f32) -> f32 {
  let e = exp(-abs(x));
  return select(e, 1.0, x >= 0.0) / (1.0 + e);
}
