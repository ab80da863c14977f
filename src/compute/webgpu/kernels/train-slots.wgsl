// Rows in, slots out: what both gradient kernels share. After train-learn.wgsl, before train-gradient*.wgsl.

@group(0) @binding(5) var<storage, read> hidden: array<f32>;
@group(0) @binding(7) var<storage, read> rows: array<f32>;

const HEADER = 3u;

// Sum over the batch of column `at` of `rows`.
fn total_of(at: u32) -> f32 {
  var sum = 0.0;
  for (var i = 0u; i < params.size; i++) { sum += rows[i * ROW + at]; }
  return sum;
}

// Adds a workgroup's share to its slot; slot 0 takes the loss of the examples too.
fn settle(slot: u32, learnt: vec2<f32>, lane: u32) {
  var share = learnt;
  if (slot == 0u) {
    for (var i = lane; i < params.size; i += GROUP) { share.x += rows[i * ROW]; }
  }
  let total = sum_of_group(share, lane);
  if (lane == 0u) {
    sums[slot] += total.x;
    if (CLIP) { sums[SLOTS + slot] = total.y; }
  }
}
