// What `bilinear` makes of the vectors of a batch before they meet: A^T u and B^T v. After train-batch and train-forward.
//
// Out: low [size users, then items of the batch][W4]
// Invariant: a thread has a quad of columns of four rows, so that each value it reads serves four products.

@group(0) @binding(5) var<storage, read_write> low: array<vec4<f32>>;

@compute @workgroup_size(GROUP)
fn train_project(@builtin(global_invocation_id) id: vec3<u32>) {
  let c = thread_of(id) % W4;
  let tile = thread_of(id) / W4;
  let user_tiles = (params.size + 3u) / 4u;
  let is_item = tile >= user_tiles;
  let rows = select(params.size, item_count(), is_item);
  let first = 4u * (tile - select(0u, user_tiles, is_item));
  if (first >= rows) { return; }
  let row = min(vec4<u32>(first) + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(rows - 1u));
  var sums = mat4x4<f32>();
  if (is_item) {
    let at = vec4<u32>(item_at(row.x), item_at(row.y), item_at(row.z), item_at(row.w));
    for (var k = 0u; k < D4; k++) {
      let b = weights_at(4u * D4 * W4, k, c);
      sums += mat4x4<f32>(b * items[at.x + k], b * items[at.y + k], b * items[at.z + k], b * items[at.w + k]);
    }
  } else {
    let at = vec4<u32>(user_at(row.x), user_at(row.y), user_at(row.z), user_at(row.w));
    for (var k = 0u; k < D4; k++) {
      let a = weights_at(0u, k, c);
      sums += mat4x4<f32>(a * users[at.x + k], a * users[at.y + k], a * users[at.z + k], a * users[at.w + k]);
    }
  }
  let base = select(0u, params.size, is_item);
  for (var n = 0u; n < min(4u, rows - first); n++) { low[(base + first + n) * W4 + c] = sums[n]; }
}
