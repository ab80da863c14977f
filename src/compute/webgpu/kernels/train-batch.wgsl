// Declarations that all training kernels share: sizes, the training set, and the batch of one step. Put before each train-*.wgsl.
//
// In:  users [U][D4], items [N][D4], for the whole training
//      batch, from word first_word: user rows [size], persons [size], labels [size], weights [size] (floats as bits),
//      item rows [shared ? candidates : size * candidates]; correction [candidates] from correction_at; excluded, bit p & 31 of
//      word excluded_at + (p >> 5) for pair p. An offset of 0 means that the part is absent (the batch begins with user rows).
// Invariants: a quad is four neighbouring floats. Rows of vectors and matrices are whole quads, filled up with zeros; the padding is only
// multiplied with padding, so that its slope is 0 and it stays 0. Pair p = i * candidates + j scores user i with item j (shared) or with
// item p. A step reads no word of another step. No kernel has a barrier: two threads never write the same word, and sums have a fixed
// order. A sum is set to zero where it is declared: in Chromium 156 on SwiftShader a loop's variable without initialiser kept its value.

const CONCAT_LINEAR = 0u;
const DOT = 1u;
const BILINEAR = 2u;
const MLP = 3u;
const LINEAR_PROBE = 4u;

override GROUP: u32 = 32u;       // threads of a workgroup
override HEAD: u32 = 1u;
override D4: u32 = 96u;          // quads of a vector
override W4: u32 = 1u;           // quads of a row of A, B or W; 1 where the head has none
override QUADS: u32 = 1u;        // of the parameters
override SIZE: u32 = 64u;        // of the largest batch
override SINGLE: bool = true;    // one candidate a user

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
@group(0) @binding(1) var<storage, read> users: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> items: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> batch: array<u32>;

// Dispatches are rows of at most 2^15 workgroups.
fn thread_of(id: vec3<u32>) -> u32 { return id.x + id.y * (GROUP << 15u); }

// Where the vector of user i starts in `users`.
fn user_at(i: u32) -> u32 { return batch[params.first_word + i] * D4; }

fn person_of(i: u32) -> u32 { return batch[params.first_word + params.size + i]; }

fn label_of(i: u32) -> f32 { return bitcast<f32>(batch[params.first_word + 2u * params.size + i]); }

fn weight_of(i: u32) -> f32 { return bitcast<f32>(batch[params.first_word + 3u * params.size + i]); }

// Items of the batch.
fn item_count() -> u32 { return select(params.size * params.candidates, params.candidates, params.is_shared != 0u); }

// The item of the batch that pair (i, j) scores.
fn item_of(i: u32, j: u32) -> u32 { return select(i * params.candidates + j, j, params.is_shared != 0u); }

// Where the vector of an item of the batch starts in `items`.
fn item_at(item: u32) -> u32 { return batch[params.first_word + 4u * params.size + item] * D4; }

fn correction_of(j: u32) -> f32 {
  if (params.correction_at == 0u) { return 0.0; }
  return bitcast<f32>(batch[params.correction_at + j]);
}

fn is_excluded(i: u32, j: u32) -> bool {
  if (params.excluded_at == 0u) { return false; }
  let pair = i * params.candidates + j;
  return ((batch[params.excluded_at + (pair >> 5u)] >> (pair & 31u)) & 1u) == 1u;
}

fn sigmoid(x: vec4<f32>) -> vec4<f32> {
  let e = exp(-abs(x));
  return select(e, vec4<f32>(1.0), x >= vec4<f32>(0.0)) / (1.0 + e);
}

// a b^T, a's element n times b in column n.
fn outer(a: vec4<f32>, b: vec4<f32>) -> mat4x4<f32> { return mat4x4<f32>(a.x * b, a.y * b, a.z * b, a.w * b); }

// Column n times a's element n.
fn times_each(m: mat4x4<f32>, a: vec4<f32>) -> mat4x4<f32> { return mat4x4<f32>(a.x * m[0], a.y * m[1], a.z * m[2], a.w * m[3]); }
