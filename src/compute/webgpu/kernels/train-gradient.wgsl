// Slopes of `dot` and of the linear heads, one quad per thread, then the update of that quad. After train-batch, train-learn and train-rows.
//
// In:  pairs, and rows as train-loss.wgsl writes them
// Out: as train-learn.wgsl says
// Invariant: THREADS = QUADS; slopes that are 0 in exact arithmetic under a ranking loss are set to 0, as in `tail_slope`.

@group(0) @binding(6) var<storage, read> pairs: array<vec2<f32>>;

fn linear_slope(quad: u32) -> vec4<f32> {
  let own = select(0u, D4, HEAD == CONCAT_LINEAR);
  let stride = own + D4 + 1u;
  let person = quad / stride;
  let part = quad % stride;
  let of_item = part >= own && part < own + D4;
  var sum = vec4<f32>();
  if (RANKING && !of_item) { return sum; }
  for (var i = 0u; i < params.size; i++) {
    if (person_of(i) != person) { continue; }
    if (of_item) {
      for (var j = 0u; j < params.candidates; j++) {
        sum += pairs[i * params.candidates + j].x * items[item_at(item_of(i, j)) + part - own];
      }
    } else if (part < own) { sum += rows[i].y * users[user_at(i) + part]; } else { sum.x += rows[i].y; }
  }
  return sum;
}

@compute @workgroup_size(GROUP)
fn train_gradient(@builtin(global_invocation_id) id: vec3<u32>) {
  let quad = thread_of(id);
  if (quad >= QUADS) { return; }
  var slope = vec4<f32>();
  if (HEAD == DOT) { slope = tail_slope(); } else { slope = linear_slope(quad); }
  store_share(quad, regularise_and_update(quad, slope));
}
