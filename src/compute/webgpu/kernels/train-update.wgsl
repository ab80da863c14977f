// The update of a step whose gradient is clipped: shortens all slopes by one factor, then updates. After train-batch and train-learn.
//
// In:  kept slopes and the squares that train-reduce.wgsl summed up
// Out: parameters and moments
// Invariant: every thread adds the same squares in the same order, so all use the same factor; NaN stays NaN.

override CLIP_NORM: f32 = 1.0;

@compute @workgroup_size(GROUP)
fn train_update(@builtin(global_invocation_id) id: vec3<u32>) {
  let quad = thread_of(id);
  if (quad >= QUADS) { return; }
  var squares = 0.0;
  for (var n = 0u; n < REDUCERS; n++) { squares += sums[SIZE + REDUCERS + n]; }
  let norm = sqrt(squares);
  update(quad, kept[SLOPES_AT + quad] * select(1.0, CLIP_NORM / norm, norm > CLIP_NORM));
}
