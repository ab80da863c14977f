// Slopes of every head but `mlp` from the rows of a batch, and what is done with them. After train-batch, train-learn, train-slots.
//
// In:  rows as train-rows.wgsl leaves them
// Out: as train-learn.wgsl says
// Invariants: SLOTS workgroups; thread t has the parameters t, t + SLOTS * GROUP, ...; slopes that a ranking loss cannot have
// (offsets, a user's own term: they shift all items of a user alike) are 0 and not the rounding of a sum that should be 0,
// which Adam would blow up to full steps.

fn linear_slope(index: u32) -> f32 {
  let own = select(0u, DIMENSIONS, HEAD == CONCAT_LINEAR);
  let stride = own + DIMENSIONS + 1u;
  let person = index / stride;
  let part = index % stride;
  let of_item = part >= own && part < own + DIMENSIONS;
  if (RANKING && !of_item) { return 0.0; }
  var sum = 0.0;
  for (var i = 0u; i < params.size; i++) {
    if (person_of(i) != person) { continue; }
    let row = i * ROW;
    if (of_item) { sum += rows[row + HEADER + part - own]; }
    else if (part < own) { sum += rows[row + 1u] * users[user_at(i) + part]; }
    else { sum += rows[row + 1u]; }
  }
  return sum;
}

fn matrix_slope(index: u32) -> f32 {
  let block = DIMENSIONS * WIDTH;
  let of_b = index >= block;
  let k = (index % block) / WIDTH;
  let c = index % WIDTH;
  var sum = 0.0;
  for (var i = 0u; i < params.size; i++) {
    let row = i * ROW + HEADER;
    if (of_b) { sum += rows[row + k] * rows[row + DIMENSIONS + c]; }
    else { sum += users[user_at(i) + k] * rows[row + DIMENSIONS + WIDTH + c]; }
  }
  return sum;
}

fn slope_of(index: u32) -> f32 {
  if (HEAD == CONCAT_LINEAR || HEAD == LINEAR_PROBE) { return linear_slope(index); }
  if (HEAD == BILINEAR && index < COUNT - 2u) { return matrix_slope(index); }
  if (index == COUNT - 2u) { return total_of(2u); }
  if (RANKING) { return 0.0; }
  return total_of(1u);
}

@compute @workgroup_size(GROUP)
fn train_gradient(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  var learnt = vec2<f32>(0.0);
  for (var index = group.x * GROUP + lane; index < COUNT; index += SLOTS * GROUP) { learnt += learn(index, slope_of(index)); }
  settle(group.x, learnt, lane);
}
