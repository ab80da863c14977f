// Slopes of `mlp`: its three blocks of W a tile of 16 × 16 a workgroup, the rest by the last workgroup. After train-batch,
// train-learn and train-slots.
//
// In:  hidden [pair][WIDTH] = d loss / d (before the silu); rows as train-rows.wgsl leaves them
// Out: as train-learn.wgsl says
// Invariants: GROUP = 256 = TILE²; workgroup w < SLOTS − 1 has tile (w / tiles across units, w % that) of all three blocks, so u, v and
// hidden are read once for the three; sums run over pairs in order.

const TILE = 16u;

var<workgroup> vectors: array<array<vec2<f32>, TILE>, TILE>;     // [pair][k] of (u, v)
var<workgroup> slopes: array<array<f32, TILE>, TILE>;            // [pair][unit]

// d W_u, d W_v, d W_uv at row `k` and column `unit`, which may lie past the edge.
fn weight_slopes(first_k: u32, first_unit: u32, x: u32, y: u32) -> vec3<f32> {
  let pair_count = params.size * params.candidates;
  var sum = vec3<f32>(0.0);
  for (var start = 0u; start < pair_count; start += TILE) {
    let pair = start + y;
    var vector = vec2<f32>(0.0);
    var slope = 0.0;
    if (pair < pair_count) {
      let i = pair / params.candidates;
      let k = first_k + x;
      if (k < DIMENSIONS) { vector = vec2<f32>(users[user_at(i) + k], items[item_at(i, pair % params.candidates) + k]); }
      if (first_unit + x < WIDTH) { slope = hidden[pair * WIDTH + first_unit + x]; }
    }
    vectors[y][x] = vector;
    slopes[y][x] = slope;
    workgroupBarrier();
    for (var p = 0u; p < TILE; p++) {
      let uv = vectors[p][y];
      sum += slopes[p][x] * vec3<f32>(uv, uv.x * uv.y);
    }
    workgroupBarrier();
  }
  return sum;
}

// Hidden offsets, output weights, logScale, offset: in this order behind W.
fn rest_slope(at: u32) -> f32 {
  if (at < WIDTH) { return total_of(HEADER + WIDTH + at); }
  if (at < 2u * WIDTH) { return total_of(HEADER + at - WIDTH); }
  if (at == 2u * WIDTH) { return total_of(2u); }
  if (RANKING) { return 0.0; }
  return total_of(1u);
}

@compute @workgroup_size(GROUP)
fn train_gradient_mlp(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let block = DIMENSIONS * WIDTH;
  var learnt = vec2<f32>(0.0);
  if (group.x == SLOTS - 1u) {
    for (var at = lane; at < 2u * WIDTH + 2u; at += GROUP) { learnt += learn(3u * block + at, rest_slope(at)); }
  } else {
    let across = (WIDTH + TILE - 1u) / TILE;
    let first_k = group.x / across * TILE;
    let first_unit = group.x % across * TILE;
    let x = lane % TILE;
    let y = lane / TILE;
    let slope = weight_slopes(first_k, first_unit, x, y);
    let k = first_k + y;
    let unit = first_unit + x;
    if (k < DIMENSIONS && unit < WIDTH) {
      let at = k * WIDTH + unit;
      learnt = learn(at, slope.x) + learn(block + at, slope.y) + learn(2u * block + at, slope.z);
    }
  }
  settle(group.x, learnt, lane);
}
