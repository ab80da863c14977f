// Forward, loss and backward of a batch, one example a workgroup, down to what its parameters' slopes are sums of.
// After train-batch.wgsl and train-loss.wgsl; for `mlp` also after a dispatch of train-hidden.wgsl.
//
// The linear heads and `bilinear` are logit = s (q·v) + own with one query vector q a user (src/head/heads.ts, queryOf), so
// items meet no parameter, and with t = sum over j of slope_j v_j all slopes follow from q's side alone:
// d A = u (B^T dq)^T and d B = dq (A^T u)^T with dq = s t, where CPU code goes through v^T B of every item.
//
// In:  parameters, laid out as `HeadShape` says; hidden [pair][WIDTH] before the silu (`mlp`)
// Out: rows [example][ROW]: loss, sum of slopes, d logScale, then
//        concat-linear, linear-probe: t [DIMENSIONS]
//        bilinear: dq [DIMENSIONS], A^T u [WIDTH], B^T dq [WIDTH]
//        mlp: d output weights [WIDTH], d hidden offsets [WIDTH]
//      hidden [pair][WIDTH] becomes d loss / d (before the silu); pairs is scratch
// Invariant: one workgroup an example, and it alone touches what belongs to that example.

override TEAM: u32 = 8u;        // neighbouring lanes that share a dot product, power of two, at most GROUP

@group(0) @binding(4) var<storage, read> parameters: array<f32>;
@group(0) @binding(5) var<storage, read_write> hidden: array<f32>;
@group(0) @binding(7) var<storage, read_write> rows: array<f32>;

const HEADER = 3u;

var<workgroup> query: array<f32, DIMENSIONS>;
var<workgroup> low: array<f32, WIDTH>;
var<workgroup> places: array<u32, GROUP>;     // of items, in `items`

// low = M^T query for the matrix [DIMENSIONS][WIDTH] at `matrix`; several lanes share a column where there are enough.
fn project(matrix: u32, lane: u32) {
  let columns = min(WIDTH, GROUP);
  let parts = GROUP / columns;
  let part = lane / columns;
  for (var base = 0u; base < WIDTH; base += columns) {
    let column = base + lane % columns;
    var sum = 0.0;
    if (part < parts && column < WIDTH) {
      for (var k = part; k < DIMENSIONS; k += parts) { sum += query[k] * parameters[matrix + k * WIDTH + column]; }
    }
    lanes[lane] = sum;
    workgroupBarrier();
    if (lane < columns && column < WIDTH) {
      var total = 0.0;
      for (var p = 0u; p < parts; p++) { total += lanes[p * columns + lane]; }
      low[column] = total;
    }
    workgroupBarrier();
  }
}

// Fills `query`; @returns what is added to every logit of the example.
fn prepare_query(i: u32, row: u32, lane: u32) -> f32 {
  let user = user_at(i);
  if (HEAD == CONCAT_LINEAR || HEAD == LINEAR_PROBE) {
    let own = select(0u, DIMENSIONS, HEAD == CONCAT_LINEAR);
    let at = person_of(i) * (own + DIMENSIONS + 1u);
    var sum = 0.0;
    for (var k = lane; k < DIMENSIONS; k += GROUP) {
      query[k] = parameters[at + own + k];
      if (HEAD == CONCAT_LINEAR) { sum += parameters[at + k] * users[user + k]; }
    }
    return sum_over(sum, lane, GROUP) + parameters[at + own + DIMENSIONS];
  }
  for (var k = lane; k < DIMENSIONS; k += GROUP) { query[k] = users[user + k]; }
  workgroupBarrier();
  if (HEAD == BILINEAR) {
    project(0u, lane);
    for (var c = lane; c < WIDTH; c += GROUP) { rows[row + HEADER + DIMENSIONS + c] = low[c]; }
    for (var k = lane; k < DIMENSIONS; k += GROUP) {
      let b = (DIMENSIONS + k) * WIDTH;
      var moved = 0.0;
      for (var c = 0u; c < WIDTH; c++) { moved += parameters[b + c] * low[c]; }
      query[k] += moved;
    }
    workgroupBarrier();
  }
  return parameters[COUNT - 1u];
}

fn scale() -> f32 {
  if (HEAD == CONCAT_LINEAR || HEAD == LINEAR_PROBE) { return 1.0; }
  return exp(parameters[COUNT - 2u]);
}

// pairs[i, j] = (logit, query·v_j).
fn forward(i: u32, own: f32, lane: u32) {
  let place = lane & (TEAM - 1u);
  for (var start = 0u; start < params.candidates; start += GROUP / TEAM) {
    let j = start + lane / TEAM;
    let is_there = j < params.candidates;
    var x = 0.0;
    if (is_there) {
      let item = item_at(i, j);
      for (var k = place; k < DIMENSIONS; k += TEAM) { x += query[k] * items[item + k]; }
    }
    x = sum_over(x, lane, TEAM);
    var logit = scale() * x + own;
    if (HEAD == MLP) {
      var output = 0.0;
      if (is_there) {
        let at = (i * params.candidates + j) * WIDTH;
        for (var c = place; c < WIDTH; c += TEAM) {
          let before = hidden[at + c];
          output += before * sigmoid(before) * parameters[3u * DIMENSIONS * WIDTH + WIDTH + c];
        }
      }
      logit += sum_over(output, lane, TEAM);
    }
    if (is_there && place == 0u) { pairs[i * params.candidates + j] = vec2<f32>(logit, x); }
  }
  storageBarrier();
  workgroupBarrier();
}

// query = t; slopes and places of GROUP items at a time are staged, each thread sums dimensions that it alone owns.
fn sum_items(i: u32, lane: u32) {
  for (var k = lane; k < DIMENSIONS; k += GROUP) { query[k] = 0.0; }
  for (var start = 0u; start < params.candidates; start += GROUP) {
    let j = min(start + lane, params.candidates - 1u);
    lanes[lane] = pairs[i * params.candidates + j].x;
    places[lane] = item_at(i, j);
    workgroupBarrier();
    let count = min(GROUP, params.candidates - start);
    for (var k = lane; k < DIMENSIONS; k += GROUP) {
      var t = query[k];
      for (var c = 0u; c < count; c++) { t += lanes[c] * items[places[c] + k]; }
      query[k] = t;
    }
    workgroupBarrier();
  }
}

// From the slopes of the logits: the sums of slopes that all heads need, then those of the head.
fn backward(i: u32, row: u32, lane: u32) {
  let first = i * params.candidates;
  var slopes = 0.0;
  var products = 0.0;
  for (var j = lane; j < params.candidates; j += GROUP) {
    let pair = pairs[first + j];
    slopes += pair.x;
    products += pair.x * pair.y;
  }
  slopes = sum_over(slopes, lane, GROUP);
  products = sum_over(products, lane, GROUP);
  if (lane == 0u) {
    rows[row + 1u] = slopes;
    rows[row + 2u] = scale() * products;
  }
  if (HEAD == DOT) { return; }
  if (HEAD == MLP) {
    hidden_backward(i, row, lane);
    return;
  }
  sum_items(i, lane);
  for (var k = lane; k < DIMENSIONS; k += GROUP) {
    query[k] *= scale();
    rows[row + HEADER + k] = query[k];
  }
  workgroupBarrier();
  if (HEAD == BILINEAR) {
    project(DIMENSIONS * WIDTH, lane);
    for (var c = lane; c < WIDTH; c += GROUP) { rows[row + HEADER + DIMENSIONS + WIDTH + c] = low[c]; }
  }
}

fn hidden_backward(i: u32, row: u32, lane: u32) {
  let first = i * params.candidates;
  for (var c = lane; c < WIDTH; c += GROUP) {
    let weight = parameters[3u * DIMENSIONS * WIDTH + WIDTH + c];
    var d_output = 0.0;
    var d_offset = 0.0;
    for (var j = 0u; j < params.candidates; j++) {
      let at = (first + j) * WIDTH + c;
      let slope = pairs[first + j].x;
      let before = hidden[at];
      let gate = sigmoid(before);
      let d_before = slope * weight * gate * (1.0 + before * (1.0 - gate));
      d_output += slope * before * gate;
      d_offset += d_before;
      hidden[at] = d_before;
    }
    rows[row + HEADER + c] = d_output;
    rows[row + HEADER + WIDTH + c] = d_offset;
  }
}

@compute @workgroup_size(GROUP)
fn train_rows(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let i = group.x;
  let row = i * ROW;
  let own = prepare_query(i, row, lane);
  forward(i, own, lane);
  let loss = loss_and_slopes(i, lane);
  storageBarrier();
  workgroupBarrier();
  if (lane == 0u) { rows[row] = loss; }
  backward(i, row, lane);
}
