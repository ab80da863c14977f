// Slopes of every head but `mlp` from the rows of a batch, and what is done with them. After train-batch, train-learn, train-slots.
//
// In:  rows as train-rows.wgsl leaves them
// Out: as train-learn.wgsl says
// Invariants: SLOTS workgroups; thread t has the parameters t, t + SLOTS * GROUP, ..., of `bilinear` four of a matrix row at a time; slopes that a ranking loss cannot have
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

// Columns c to c + 3 of row k of A or B.
fn matrix_slopes(of_b: bool, k: u32, c: u32) -> vec4<f32> {
  let low_at = HEADER + DIMENSIONS + select(WIDTH, 0u, of_b) + c;
  let columns = min(4u, WIDTH - c);
  var sum = vec4<f32>(0.0);
  for (var i = 0u; i < params.size; i++) {
    let row = i * ROW;
    var factor: f32;
    if (of_b) { factor = rows[row + HEADER + k]; } else { factor = users[user_at(i) + k]; }
    for (var column = 0u; column < columns; column++) { sum[column] += factor * rows[row + low_at + column]; }
  }
  return sum;
}

// Neighbouring threads have neighbouring rows of a matrix, so that what they read lies together.
fn learn_matrices(thread: u32) -> vec2<f32> {
  let quads = (WIDTH + 3u) / 4u;
  var learnt = vec2<f32>(0.0);
  for (var work = thread; work < 2u * DIMENSIONS * quads; work += SLOTS * GROUP) {
    let k = work % DIMENSIONS;
    let of_b = work / DIMENSIONS >= quads;
    let c = work / DIMENSIONS % quads * 4u;
    let slopes = matrix_slopes(of_b, k, c);
    let at = select(0u, DIMENSIONS * WIDTH, of_b) + k * WIDTH + c;
    for (var column = 0u; column < min(4u, WIDTH - c); column++) { learnt += learn(at + column, slopes[column]); }
  }
  return learnt;
}

fn slope_of(index: u32) -> f32 {
  if (HEAD == CONCAT_LINEAR || HEAD == LINEAR_PROBE) { return linear_slope(index); }
  if (index == COUNT - 2u) { return total_of(2u); }
  if (RANKING) { return 0.0; }
  return total_of(1u);
}

@compute @workgroup_size(GROUP)
fn train_gradient(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  var learnt = vec2<f32>(0.0);
  let thread = group.x * GROUP + lane;
  var first = thread;
  if (HEAD == BILINEAR) {
    learnt = learn_matrices(thread);
    first += COUNT - 2u;
  }
  for (var index = first; index < COUNT; index += SLOTS * GROUP) { learnt += learn(index, slope_of(index)); }
  settle(group.x, learnt, lane);
}
