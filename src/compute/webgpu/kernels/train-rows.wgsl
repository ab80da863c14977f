// Reading of `rows`, which the gradient kernels share. After train-learn.wgsl, before train-gradient*.wgsl.

@group(0) @binding(7) var<storage, read> rows: array<vec4<f32>>;

// Sum of quads of `rows`: `count` of them, `stride` apart.
fn total_of(first: u32, stride: u32, count: u32) -> vec4<f32> {
  var sum = vec4<f32>();
  for (var n = 0u; n < count; n++) { sum += rows[first + n * stride]; }
  return sum;
}

// Slopes of (logScale, offset). A ranking loss cannot move the offset, which shifts all items of a user alike: its slope is set
// to 0. The computed sum would be a rounding error, and Adam would turn that into full steps.
fn tail_slope() -> vec4<f32> {
  let total = total_of(0u, 1u, params.size);
  return vec4<f32>(total.z, select(total.y, 0.0, RANKING), 0.0, 0.0);
}
