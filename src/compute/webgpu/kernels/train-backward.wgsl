// From the slopes of the logits to those of what `bilinear` made of the vectors. After train-batch and train-forward.
//
// In:  low as train-project.wgsl writes it; pairs as train-loss.wgsl writes them
// Out: rows [SIZE + row of low][W4] = d loss / d low
// Invariant: a thread has a quad of one row.

@group(0) @binding(5) var<storage, read> low: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read> pairs: array<vec2<f32>>;
@group(0) @binding(7) var<storage, read_write> rows: array<vec4<f32>>;

@compute @workgroup_size(GROUP)
fn train_backward(@builtin(global_invocation_id) id: vec3<u32>) {
  let c = thread_of(id) % W4;
  let row = thread_of(id) / W4;
  if (row >= params.size + item_count()) { return; }
  var sum = vec4<f32>();
  if (row < params.size) {
    for (var j = 0u; j < params.candidates; j++) {
      sum += pairs[row * params.candidates + j].x * low[(params.size + item_of(row, j)) * W4 + c];
    }
  } else {
    // A shared item has a pair with every user; any other item has one pair.
    let item = row - params.size;
    let is_shared = params.is_shared != 0u;
    let last = select(item, (params.size - 1u) * params.candidates + item, is_shared);
    for (var pair = item; pair <= last; pair += params.candidates) { sum += pairs[pair].x * low[pair / params.candidates * W4 + c]; }
  }
  rows[SIZE + row * W4 + c] = scale() * sum;
}
