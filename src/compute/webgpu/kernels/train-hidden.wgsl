// The hidden layer of `mlp` before its silu. After train-batch and train-forward.
//
// In:  parameters [W_u][W_v][W_uv: 4 * D4 × W4 each][offsets: W4] ...
// Out: low [pair][W4] = u W_u + v W_v + (u∘v) W_uv + offsets; [u; v; u∘v] is never stored
// Invariants: a thread has a quad of units of four pairs. With GROUPED these are of one user (each user's last four may be part
// empty), so that W_v + diag(u) W_uv is made once and a pair costs one product a weight and not three.

override GROUPED: bool = false;     // each user has enough candidates

@group(0) @binding(5) var<storage, read_write> low: array<vec4<f32>>;

// Pairs of any users.
fn hidden_of_pairs(first: u32, c: u32) -> mat4x4<f32> {
  let last = params.size * params.candidates - 1u;
  var u = vec4<u32>();
  var v = vec4<u32>();
  for (var n = 0u; n < 4u; n++) {
    let pair = min(first + n, last);
    u[n] = user_at(pair / params.candidates);
    v[n] = item_at(item_of(pair / params.candidates, pair % params.candidates));
  }
  var sums = mat4x4<f32>();
  for (var k = 0u; k < D4; k++) {
    let w_u = weights_at(0u, k, c);
    let w_v = weights_at(4u * D4 * W4, k, c);
    let w_uv = weights_at(8u * D4 * W4, k, c);
    let us = mat4x4<f32>(users[u.x + k], users[u.y + k], users[u.z + k], users[u.w + k]);
    let vs = mat4x4<f32>(items[v.x + k], items[v.y + k], items[v.z + k], items[v.w + k]);
    sums += w_u * us + w_v * vs + w_uv * mat4x4<f32>(us[0] * vs[0], us[1] * vs[1], us[2] * vs[2], us[3] * vs[3]);
  }
  return sums;
}

// Pairs (i, first) to (i, first + 3).
fn hidden_of_user(i: u32, first: u32, c: u32) -> mat4x4<f32> {
  let user = user_at(i);
  var v = vec4<u32>();
  for (var n = 0u; n < 4u; n++) { v[n] = item_at(item_of(i, min(first + n, params.candidates - 1u))); }
  var sums = mat4x4<f32>();
  var side = vec4<f32>();
  for (var k = 0u; k < D4; k++) {
    let u = users[user + k];
    let w = weights_at(4u * D4 * W4, k, c) + times_each(weights_at(8u * D4 * W4, k, c), u);
    side += weights_at(0u, k, c) * u;
    sums += mat4x4<f32>(w * items[v.x + k], w * items[v.y + k], w * items[v.z + k], w * items[v.w + k]);
  }
  return mat4x4<f32>(sums[0] + side, sums[1] + side, sums[2] + side, sums[3] + side);
}

@compute @workgroup_size(GROUP)
fn train_hidden(@builtin(global_invocation_id) id: vec3<u32>) {
  let c = thread_of(id) % W4;
  let tile = thread_of(id) / W4;
  var first = 4u * tile;
  var end = params.size * params.candidates;
  var sums = mat4x4<f32>();
  if (GROUPED) {
    let tiles = (params.candidates + 3u) / 4u;
    let i = tile / tiles;
    if (i >= params.size) { return; }
    first = i * params.candidates + 4u * (tile % tiles);
    end = (i + 1u) * params.candidates;
    sums = hidden_of_user(i, 4u * (tile % tiles), c);
  } else {
    if (first >= end) { return; }
    sums = hidden_of_pairs(first, c);
  }
  let offset = parameters[12u * D4 * W4 + c];
  for (var n = 0u; n < min(4u, end - first); n++) { low[(first + n) * W4 + c] = sums[n] + offset; }
}
