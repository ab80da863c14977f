// Sums up what the threads of a gradient kernel left. After train-batch and train-learn.
//
// In/out: sums [SIZE: losses of examples][SETTLERS: losses of the regularisation, added to][SETTLERS: squares of the step's slopes]
//         [THREADS: (loss of the regularisation, sum of squares)]

@compute @workgroup_size(SETTLERS)
fn train_settle(@builtin(global_invocation_id) id: vec3<u32>) {
  var sum = vec2<f32>();
  let shares = SIZE + 2u * SETTLERS;
  for (var thread = id.x; thread < THREADS; thread += SETTLERS) {
    sum += vec2<f32>(sums[shares + 2u * thread], sums[shares + 2u * thread + 1u]);
  }
  sums[SIZE + id.x] += sum.x;
  sums[SIZE + SETTLERS + id.x] = sum.y;
}
