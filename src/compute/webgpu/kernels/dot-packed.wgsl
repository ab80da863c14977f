// Exact dot product of 16 + 16 int8 values, 4 in a u32, by the language's packed instruction (DP4A where the chip has it).
// Invariant: |sum| <= 16 * 127 * 127, so an i32 holds the sum of over 8,000 of these.
requires packed_4x8_integer_dot_product;

fn dot16(a: vec4<u32>, b: vec4<u32>) -> i32 {
  return dot4I8Packed(a.x, b.x) + dot4I8Packed(a.y, b.y) + dot4I8Packed(a.z, b.z) + dot4I8Packed(a.w, b.w);
}
