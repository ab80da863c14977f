// The hidden layer of `mlp` before its silu, a tile of 16 pairs × 32 units a workgroup. After train-batch and train-tile.
//
// In:  parameters [W_u][W_v][W_uv: DIMENSIONS × WIDTH each][offsets: WIDTH] ...
// Out: hidden [pair][WIDTH] = u W_u + v W_v + (u∘v) W_uv + offsets; [u; v; u∘v] is never stored
// Invariant: with ONE_USER the matrix W_v + diag(u) W_uv of the tile's user is staged, so that a pair costs one product a weight
// and not three, and u W_u is summed once for all pairs.

@group(0) @binding(4) var<storage, read> parameters: array<f32>;
@group(0) @binding(5) var<storage, read_write> hidden: array<f32>;

var<workgroup> weights_u: array<array<vec4<f32>, SIDE>, TILE>;       // [k][x]
var<workgroup> weights_v: array<array<vec4<f32>, SIDE>, TILE>;       // of W_v, or with ONE_USER of W_v + diag(u) W_uv
var<workgroup> weights_uv: array<array<vec4<f32>, SIDE>, TILE>;
var<workgroup> user_sides: array<array<vec4<f32>, SIDE>, SIDE>;

fn are_units(unit: u32) -> vec4<bool> { return vec4<u32>(unit) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(WIDTH); }

// Four neighbours of row k of a block of W.
fn weights_at(block: u32, k: u32, unit: u32) -> vec4<f32> {
  let row = (block * DIMENSIONS + min(k, DIMENSIONS - 1u)) * WIDTH;
  let at = vec4<u32>(row) + min(vec4<u32>(unit) + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(WIDTH - 1u));
  let w = vec4<f32>(parameters[at.x], parameters[at.y], parameters[at.z], parameters[at.w]);
  return select(vec4<f32>(0.0), w, are_units(unit) & vec4<bool>(k < DIMENSIONS));
}

fn stage_weights(first_k: u32, first_unit: u32, user: u32, lane: u32) {
  let x = lane % SIDE;
  for (var row = lane / SIDE; row < TILE; row += SIDE) {
    let k = first_k + row;
    let unit = first_unit + 4u * x;
    weights_u[row][x] = weights_at(0u, k, unit);
    var of_v = weights_at(1u, k, unit);
    let of_uv = weights_at(2u, k, unit);
    if (ONE_USER) { of_v += users[user + min(k, DIMENSIONS - 1u)] * of_uv; }
    weights_v[row][x] = of_v;
    if (!ONE_USER) { weights_uv[row][x] = of_uv; }
  }
}

// u W_u of the tile's user: each of the 8 threads of a column has summed its share.
fn user_side(share: vec4<f32>, lane: u32) -> vec4<f32> {
  user_sides[lane / SIDE][lane % SIDE] = share;
  workgroupBarrier();
  var sum = vec4<f32>(0.0);
  for (var y = 0u; y < SIDE; y++) { sum += user_sides[y][lane % SIDE]; }
  return sum;
}

fn write_units(pair: u32, end: u32, unit: u32, values: vec4<f32>) {
  if (pair >= end) { return; }
  for (var n = 0u; n < min(4u, max(unit, WIDTH) - unit); n++) {
    hidden[pair * WIDTH + unit + n] = values[n] + parameters[3u * DIMENSIONS * WIDTH + unit + n];
  }
}

@compute @workgroup_size(THREADS)
fn train_hidden(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let tile = tile_of(group.x);
  let first_unit = group.y * UNITS;
  let user = user_at(tile.first / params.candidates);
  let x = lane % SIDE;
  let y = lane / SIDE;
  var near = vec4<f32>(0.0);      // pair y
  var far = vec4<f32>(0.0);       // pair y + 8
  var side = vec4<f32>(0.0);
  for (var start = 0u; start < DIMENSIONS; start += TILE) {
    stage_vectors(tile, start, lane);
    stage_weights(start, first_unit, user, lane);
    workgroupBarrier();
    for (var k = 0u; k < TILE; k++) {
      let uv = vectors[k][y];
      let uv_far = vectors[k][y + SIDE];
      let of_v = weights_v[k][x];
      near += uv.y * of_v;
      far += uv_far.y * of_v;
      if (!ONE_USER) {
        let of_u = weights_u[k][x];
        let of_uv = weights_uv[k][x];
        near += uv.x * (of_u + uv.y * of_uv);
        far += uv_far.x * (of_u + uv_far.y * of_uv);
      }
    }
    if (ONE_USER) {
      for (var k = y; k < TILE; k += SIDE) { side += vectors[k][0].x * weights_u[k][x]; }
    }
    workgroupBarrier();
  }
  if (ONE_USER) {
    let of_user = user_side(side, lane);
    near += of_user;
    far += of_user;
  }
  write_units(tile.first + y, tile.end, first_unit + 4u * x, near);
  write_units(tile.first + y + SIDE, tile.end, first_unit + 4u * x, far);
}
