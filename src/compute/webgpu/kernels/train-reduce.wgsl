// Sums up the shares that the threads of a gradient kernel stored. After train-batch and train-learn.
//
// In/out: sums [SIZE: losses of examples][REDUCERS: losses of the regularisation, added to][REDUCERS: squares of the step's slopes]
//         [THREADS: (loss of the regularisation, sum of squares)]

@compute @workgroup_size(REDUCERS)
fn train_reduce(@builtin(global_invocation_id) id: vec3<u32>) {
  var sum = vec2<f32>();
  let shares = SIZE + 2u * REDUCERS;
  for (var thread = id.x; thread < THREADS; thread += REDUCERS) {
    sum += vec2<f32>(sums[shares + 2u * thread], sums[shares + 2u * thread + 1u]);
  }
  sums[SIZE + id.x] += sum.x;
  sums[SIZE + REDUCERS + id.x] = sum.y;
}
