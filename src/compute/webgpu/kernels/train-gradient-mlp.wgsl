// Slopes of `mlp`, a tile of 4 dimensions × 4 units of all three blocks of W per thread, then the update of that tile. After
// train-batch, train-learn and train-rows.
//
// In:  rows as train-loss.wgsl and train-backward-mlp.wgsl write them
// Out: as train-learn.wgsl says
// Invariant: THREADS = D4 * W4 + 2 * W4 + 1; behind the tiles come hidden offsets, output weights, logScale and offset. With
// T = sum over a user's pairs of v (d hidden)^T, d W_v = sum of T and d W_uv = sum of diag(u) T.

// Slopes of the quads behind W.
fn rest_slope(at: u32) -> vec4<f32> {
  if (at < W4) { return total_of(SIZE + W4 + at, 2u * W4, params.size); }
  if (at < 2u * W4) { return total_of(SIZE + at - W4, 2u * W4, params.size); }
  return tail_slope();
}

fn tile_slopes(k: u32, c: u32) -> array<mat4x4<f32>, 3> {
  let first = SIZE + 2u * params.size * W4 + c;
  var of_u = mat4x4<f32>();
  var of_v = mat4x4<f32>();
  var of_uv = mat4x4<f32>();
  for (var i = 0u; i < params.size; i++) {
    let u = users[user_at(i) + k];
    if (SINGLE) {
      let slope = rows[first + i * W4];
      let t = outer(items[item_at(i) + k], slope);
      of_u += outer(u, slope);
      of_v += t;
      of_uv += times_each(t, u);
    } else {
      var t = mat4x4<f32>();
      for (var j = 0u; j < params.candidates; j++) {
        t += outer(items[item_at(item_of(i, j)) + k], rows[first + (i * params.candidates + j) * W4]);
      }
      of_u += outer(u, rows[SIZE + (2u * i + 1u) * W4 + c]);
      of_v += t;
      of_uv += times_each(t, u);
    }
  }
  return array<mat4x4<f32>, 3>(of_u, of_v, of_uv);
}

@compute @workgroup_size(GROUP)
fn train_gradient_mlp(@builtin(global_invocation_id) id: vec3<u32>) {
  let thread = thread_of(id);
  if (thread >= THREADS) { return; }
  if (thread >= D4 * W4) {
    let at = thread - D4 * W4;
    store_share(thread, regularise_and_update(12u * D4 * W4 + at, rest_slope(at)));
    return;
  }
  let k = thread / W4;
  let c = thread % W4;
  var slopes = tile_slopes(k, c);
  var shares = vec2<f32>();
  for (var n = 0u; n < 12u; n++) {
    shares += regularise_and_update((4u * (n / 4u * D4 + k) + n % 4u) * W4 + c, slopes[n / 4u][n % 4u]);
  }
  store_share(thread, shares);
}
