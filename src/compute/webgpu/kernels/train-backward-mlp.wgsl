// From the slopes of the logits to those of the hidden units of `mlp`. After train-batch and train-forward.
//
// In:  low as train-hidden.wgsl writes it; pairs as train-loss.wgsl writes them
// Out: rows, from quad SIZE: [example][d output weights: W4, d hidden offsets: W4], then [pair][W4] = d loss / d (before the silu)
// Invariant: a thread has a quad of units of one example.

@group(0) @binding(5) var<storage, read> low: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read> pairs: array<vec2<f32>>;
@group(0) @binding(7) var<storage, read_write> rows: array<vec4<f32>>;

@compute @workgroup_size(GROUP)
fn train_backward_mlp(@builtin(global_invocation_id) id: vec3<u32>) {
  let c = thread_of(id) % W4;
  let i = thread_of(id) / W4;
  if (i >= params.size) { return; }
  let weight = parameters[(12u * D4 + 1u) * W4 + c];
  let own = SIZE + 2u * i * W4 + c;
  let first = SIZE + 2u * params.size * W4 + c;
  var d_output = vec4<f32>();
  var d_offset = vec4<f32>();
  for (var pair = i * params.candidates; pair < (i + 1u) * params.candidates; pair++) {
    let slope = pairs[pair].x;
    let before = low[pair * W4 + c];
    let gate = sigmoid(before);
    let d_before = slope * weight * gate * (1.0 + before * (1.0 - gate));
    d_output += slope * before * gate;
    d_offset += d_before;
    rows[first + pair * W4] = d_before;
  }
  rows[own] = d_output;
  rows[own + W4] = d_offset;
}
