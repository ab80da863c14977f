// Exact dot product of 16 + 16 int8 values, 4 in a u32, where the language has no packed instruction.
// Invariant: same sum, bit for bit, as dot-packed.wgsl.

fn signed_bytes(word: u32) -> vec4<i32> {
  return (vec4<i32>(bitcast<i32>(word)) << vec4<u32>(24u, 16u, 8u, 0u)) >> vec4<u32>(24u);
}

fn dot4(a: u32, b: u32) -> i32 {
  return dot(signed_bytes(a), signed_bytes(b));
}

fn dot16(a: vec4<u32>, b: vec4<u32>) -> i32 {
  return dot4(a.x, b.x) + dot4(a.y, b.y) + dot4(a.z, b.z) + dot4(a.w, b.w);
}
