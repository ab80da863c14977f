// The hidden layer of `mlp` before its silu, a tile of 16 pairs × 16 units a workgroup. After train-batch.wgsl.
//
// In:  parameters [W_u][W_v][W_uv: DIMENSIONS × WIDTH each][offsets: WIDTH] ...
// Out: hidden [pair][WIDTH] = u W_u + v W_v + (u∘v) W_uv + offsets; [u; v; u∘v] is never stored
// Invariant: 256 threads; thread (x, y) owns unit x of pair y of the tile. What lies past an edge counts as 0.

const TILE = 16u;

@group(0) @binding(4) var<storage, read> parameters: array<f32>;
@group(0) @binding(5) var<storage, read_write> hidden: array<f32>;

var<workgroup> vectors: array<array<vec2<f32>, TILE>, TILE>;        // [pair][k] of (u, v)
var<workgroup> weights: array<array<vec3<f32>, TILE>, TILE>;        // [k][unit] of (W_u, W_v, W_uv)

@compute @workgroup_size(TILE, TILE)
fn train_hidden(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let pair = group.x * TILE + local.y;
  let unit = group.y * TILE + local.x;
  let pair_there = pair < params.size * params.candidates;
  let unit_there = unit < WIDTH;
  let block = DIMENSIONS * WIDTH;
  var user = 0u;
  var item = 0u;
  if (pair_there) {
    let i = pair / params.candidates;
    user = user_at(i);
    item = item_at(i, pair % params.candidates);
  }
  var sum = 0.0;
  for (var start = 0u; start < DIMENSIONS; start += TILE) {
    var vector = vec2<f32>(0.0);
    let k = start + local.x;
    if (pair_there && k < DIMENSIONS) { vector = vec2<f32>(users[user + k], items[item + k]); }
    vectors[local.y][local.x] = vector;
    var weight = vec3<f32>(0.0);
    let row = start + local.y;
    if (unit_there && row < DIMENSIONS) {
      let at = row * WIDTH + unit;
      weight = vec3<f32>(parameters[at], parameters[block + at], parameters[2u * block + at]);
    }
    weights[local.y][local.x] = weight;
    workgroupBarrier();
    for (var step = 0u; step < TILE; step++) {
      let uv = vectors[local.y][step];
      let w = weights[step][local.x];
      sum += uv.x * w.x + uv.y * (w.y + uv.x * w.z);
    }
    workgroupBarrier();
  }
  if (pair_there && unit_there) { hidden[pair * WIDTH + unit] = sum + parameters[3u * block + unit]; }
}
