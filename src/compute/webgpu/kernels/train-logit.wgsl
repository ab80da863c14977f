// The logit of a pair, as `HeadShape` says. After train-batch and train-forward.
//
// In:  low as train-project.wgsl (`bilinear`) or train-hidden.wgsl (`mlp`) writes it

@group(0) @binding(5) var<storage, read> low: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> pairs: array<vec2<f32>>;

const ONES = vec4<f32>(1.0);

// α_u·u + α_v·v + b, or w·v + b
fn linear_logit(i: u32, u: u32, v: u32) -> f32 {
  let own = select(0u, D4, HEAD == CONCAT_LINEAR);
  let at = person_of(i) * (own + D4 + 1u);
  var sum = vec4<f32>();
  for (var k = 0u; k < own; k++) { sum += parameters[at + k] * users[u + k]; }
  for (var k = 0u; k < D4; k++) { sum += parameters[at + own + k] * items[v + k]; }
  return dot(sum, ONES) + parameters[at + own + D4].x;
}

// @returns (logit, what logScale multiplies)
fn logit_of(i: u32, j: u32) -> vec2<f32> {
  let u = user_at(i);
  let item = item_of(i, j);
  let v = item_at(item);
  if (HEAD == CONCAT_LINEAR || HEAD == LINEAR_PROBE) { return vec2<f32>(linear_logit(i, u, v), 0.0); }
  var sum = vec4<f32>();
  for (var k = 0u; k < D4; k++) { sum += users[u + k] * items[v + k]; }
  if (HEAD == BILINEAR) {
    for (var c = 0u; c < W4; c++) { sum += low[i * W4 + c] * low[(params.size + item) * W4 + c]; }
  }
  let x = dot(sum, ONES);
  var logit = scale() * x + parameters[QUADS - 1u].y;
  if (HEAD == MLP) {
    let pair = i * params.candidates + j;
    var output = vec4<f32>();
    for (var c = 0u; c < W4; c++) {
      let before = low[pair * W4 + c];
      output += before * sigmoid(before) * parameters[(12u * D4 + 1u) * W4 + c];
    }
    logit += dot(output, ONES);
  }
  return vec2<f32>(logit, x);
}
