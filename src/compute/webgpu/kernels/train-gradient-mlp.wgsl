// Slopes of `mlp`: its three blocks of W a tile of 16 dimensions × 32 units a workgroup, the rest by the last workgroup. After
// train-batch, train-tile, train-learn and train-slots.
//
// In:  hidden [pair][WIDTH] = d loss / d (before the silu); rows as train-rows.wgsl leaves them
// Out: as train-learn.wgsl says
// Invariants: GROUP = THREADS; workgroup w < SLOTS − 1 has tile (w / tiles across units, w % that) of all three blocks, so u, v and
// hidden are read once for the three; sums run over pairs in order. With ONE_USER, T = sum over a user's pairs of v (d hidden)^T
// comes first, and d W_v = sum of T, d W_uv = sum of diag(u) T.

var<workgroup> slopes: array<array<vec4<f32>, SIDE>, TILE>;            // [pair][x]

const NEAR = 0u;        // dimension y of the tile
const FAR = 1u;         // dimension y + 8

fn stage_slopes(tile: Tile, first_unit: u32, lane: u32) {
  let units = vec4<u32>(first_unit + 4u * (lane % SIDE)) + vec4<u32>(0u, 1u, 2u, 3u);
  for (var row = lane / SIDE; row < TILE; row += SIDE) {
    let at = vec4<u32>(min(tile.first + row, tile.end - 1u) * WIDTH) + min(units, vec4<u32>(WIDTH - 1u));
    let slope = vec4<f32>(hidden[at.x], hidden[at.y], hidden[at.z], hidden[at.w]);
    let is_there = (units < vec4<u32>(WIDTH)) & vec4<bool>(tile.first + row < tile.end);
    slopes[row][lane % SIDE] = select(vec4<f32>(0.0), slope, is_there);
  }
}

// @returns [W_u near, far, W_v near, far, W_uv near, far]; with ONE_USER nothing for W_u
fn slopes_of_tile(first_k: u32, first_unit: u32, lane: u32) -> array<vec4<f32>, 6> {
  let x = lane % SIDE;
  let y = lane / SIDE;
  var of_u = array<vec4<f32>, 2>();
  var of_v = array<vec4<f32>, 2>();
  var of_uv = array<vec4<f32>, 2>();
  for (var index = 0u; index < tile_count(); index++) {
    let tile = tile_of(index);
    stage_vectors(tile, first_k, lane);
    stage_slopes(tile, first_unit, lane);
    workgroupBarrier();
    var near = vec4<f32>(0.0);
    var far = vec4<f32>(0.0);
    for (var p = 0u; p < TILE; p++) {
      let slope = slopes[p][x];
      let uv = vectors[y][p];
      let uv_far = vectors[y + SIDE][p];
      near += uv.y * slope;
      far += uv_far.y * slope;
      if (!ONE_USER) {
        of_u[NEAR] += uv.x * slope;
        of_u[FAR] += uv_far.x * slope;
        of_uv[NEAR] += uv.x * uv.y * slope;
        of_uv[FAR] += uv_far.x * uv_far.y * slope;
      }
    }
    of_v[NEAR] += near;
    of_v[FAR] += far;
    if (ONE_USER) {
      of_uv[NEAR] += vectors[y][0].x * near;
      of_uv[FAR] += vectors[y + SIDE][0].x * far;
    }
    workgroupBarrier();
  }
  return array<vec4<f32>, 6>(of_u[NEAR], of_u[FAR], of_v[NEAR], of_v[FAR], of_uv[NEAR], of_uv[FAR]);
}

// d W_u at row k and column `unit` from what each user's pairs add up to.
fn user_slope(k: u32, unit: u32) -> f32 {
  var sum = 0.0;
  for (var i = 0u; i < params.size; i++) { sum += users[user_at(i) + k] * rows[i * ROW + HEADER + WIDTH + unit]; }
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
  let is_rest = group.x == SLOTS - 1u;
  let across = (WIDTH + UNITS - 1u) / UNITS;
  let first_k = group.x / across * TILE;
  let first_unit = group.x % across * UNITS;
  var sums_of = array<vec4<f32>, 6>();
  if (!is_rest) { sums_of = slopes_of_tile(first_k, first_unit, lane); }
  // One call of `learn`, because compilers inline it: a thread's 24 places of the tile, or its share of the rest.
  let work = select(24u, (2u * WIDTH + 2u + GROUP - 1u) / GROUP, is_rest);
  var learnt = vec2<f32>(0.0);
  for (var n = 0u; n < work; n++) {
    let k = first_k + lane / SIDE + (n / 4u % 2u) * SIDE;
    let unit = first_unit + 4u * (lane % SIDE) + n % 4u;
    let block = n / 8u;
    var index = (block * DIMENSIONS + k) * WIDTH + unit;
    var is_there = k < DIMENSIONS && unit < WIDTH;
    var slope = 0.0;
    if (is_rest) {
      let at = n * GROUP + lane;
      index = 3u * DIMENSIONS * WIDTH + at;
      is_there = at < 2u * WIDTH + 2u;
      if (is_there) { slope = rest_slope(at); }
    } else if (is_there) {
      slope = sums_of[n / 4u][n % 4u];
      if (ONE_USER && block == 0u) { slope = user_slope(k, unit); }
    }
    if (is_there) { learnt += learn(index, slope); }
  }
  settle(group.x, learnt, lane);
}
