// How the kernels before the update read the parameters. After train-batch.wgsl.
//
// In:  parameters, quads in the order of `HeadShape`: matrices [4 * D4][W4], vectors [D4] or [W4], at the end one quad
//      (logScale, offset, 0, 0); of a head with persons each has [user weights: D4, concat-linear][item weights: D4][(offset, 0, 0, 0)]

@group(0) @binding(4) var<storage, read> parameters: array<vec4<f32>>;

fn scale() -> f32 {
  if (HEAD == CONCAT_LINEAR || HEAD == LINEAR_PROBE) { return 1.0; }
  return exp(parameters[QUADS - 1u].x);
}

// Rows 4k to 4k + 3 of quad c of the matrix that starts at quad `matrix`, each a column.
fn weights_at(matrix: u32, k: u32, c: u32) -> mat4x4<f32> {
  let at = matrix + 4u * k * W4 + c;
  return mat4x4<f32>(parameters[at], parameters[at + W4], parameters[at + 2u * W4], parameters[at + 3u * W4]);
}
