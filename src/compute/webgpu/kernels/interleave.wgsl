// Moves uploaded rows from row-major order into a shard's block-interleaved order (see scan.wgsl).
//
// In:  upload [rows][quads] of 16 int8
// Out: row_words [blocks][quads][64]; only the places of the given rows are written
// Invariant: workgroup (x, y) moves quad y of rows 64 x to 64 x + 63, so the writes of a workgroup are consecutive.

struct InterleaveParams {
  first_row: u32,   // in the shard
  rows: u32,
  quads: u32,
}

@group(0) @binding(0) var<uniform> params: InterleaveParams;
@group(0) @binding(1) var<storage, read> upload: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read_write> row_words: array<vec4<u32>>;

@compute @workgroup_size(64)
fn interleave(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.rows) { return; }
  let row = params.first_row + id.x;
  row_words[((row >> 6u) * params.quads + id.y) * 64u + (row & 63u)] = upload[id.x * params.quads + id.y];
}
