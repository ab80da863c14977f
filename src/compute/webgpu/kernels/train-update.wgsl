// The update of a step whose gradient is clipped: shortens all slopes by one factor, then updates. After train-batch and train-learn.
//
// In:  kept slopes and the SLOTS sums of squares that a gradient kernel left
// Out: parameters and moments
// Invariant: every workgroup adds the same squares in the same order, so all use the same factor; NaN stays NaN.

override CLIP_NORM: f32 = 1.0;

@compute @workgroup_size(GROUP)
fn train_update(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  var squares = 0.0;
  for (var slot = lane; slot < SLOTS; slot += GROUP) { squares += sums[SLOTS + slot]; }
  let norm = sqrt(sum_of_group(vec2<f32>(0.0, squares), lane).y);
  let factor = select(1.0, CLIP_NORM / norm, norm > CLIP_NORM);
  for (var index = group.x * GROUP + lane; index < COUNT; index += groups.x * GROUP) {
    update(index, kept[SLOPES_AT + index] * factor);
  }
}
