// Slopes of `bilinear`, a tile of 4 dimensions × 4 columns of A or B per thread, then the update of that tile. After train-batch,
// train-learn and train-rows.
//
// In:  rows as train-loss.wgsl and train-backward.wgsl write them
// Out: as train-learn.wgsl says
// Invariant: THREADS = 2 * D4 * W4 + 1; the last thread has logScale and offset. d A = sum of u (d A^T u)^T, d B alike.

@compute @workgroup_size(GROUP)
fn train_gradient_bilinear(@builtin(global_invocation_id) id: vec3<u32>) {
  let thread = thread_of(id);
  if (thread >= THREADS) { return; }
  if (thread == THREADS - 1u) {
    store_share(thread, regularise_and_update(QUADS - 1u, tail_slope()));
    return;
  }
  let is_b = thread >= D4 * W4;
  let tile = thread % (D4 * W4);
  let k = tile / W4;
  let c = tile % W4;
  var slopes = mat4x4<f32>();
  if (is_b) {
    let first = SIZE + params.size * W4 + c;
    let count = item_count();
    for (var item = 0u; item < count; item++) { slopes += outer(items[item_at(item) + k], rows[first + item * W4]); }
  } else {
    for (var i = 0u; i < params.size; i++) { slopes += outer(users[user_at(i) + k], rows[SIZE + i * W4 + c]); }
  }
  let first = select(0u, 4u * D4 * W4, is_b) + 4u * k * W4 + c;
  var shares = vec2<f32>();
  for (var n = 0u; n < 4u; n++) { shares += regularise_and_update(first + n * W4, slopes[n]); }
  store_share(thread, shares);
}
