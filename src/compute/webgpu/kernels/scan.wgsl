// Scores every row of one shard against STREAMS queries a workgroup and keeps the k best of a tile. After a dot-*.wgsl and select.wgsl.
//
// In:  row_words [blocks][QUADS][64] of 16 int8: 64 rows are interleaved. Each thread has one row and reads 16 bytes of it; the bytes of
//      neighbouring threads are neighbours, 64 * 16 = 1 KiB in one piece, and no sum is shared between threads
//      row_scales [rows]; live and allowed: bit r of word r >> 5; queries [query][QUADS] of 16 int8; query_scales [query]
// Out: lists [query][list][k] of (key, row), best first, EMPTY at the end; workgroup (x, y) writes list first_list + x
// Invariants: score = f32(exact integer sum) * row scale * query scale, in this order, as the CPU oracle does;
// a row whose live or allowed bit is 0 is not read. `queries` has room for a multiple of STREAMS; what lies past query_count is
// scored, and is no candidate.

override QUADS: u32 = 24u;   // vec4<u32> words a row, ceil(dimensions / 16); a constant, so that compilers can unroll

struct ScanParams {
  rows: u32,          // of this shard, holes included
  first_row: u32,     // of this shard in the table, multiple of 64
  tile_rows: u32,     // rows a workgroup, multiple of GROUP
  k: u32,
  first_query: u32,   // of this part of the batch
  query_count: u32,   // of this part of the batch
  first_list: u32,    // of this shard
  list_count: u32,    // of all shards
  filtered: u32,      // 1 when `allowed` applies
}

@group(0) @binding(0) var<uniform> params: ScanParams;
@group(0) @binding(1) var<storage, read> row_words: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> row_scales: array<f32>;
@group(0) @binding(3) var<storage, read> live: array<u32>;
@group(0) @binding(4) var<storage, read> allowed: array<u32>;
@group(0) @binding(5) var<storage, read> queries: array<vec4<u32>>;
@group(0) @binding(6) var<storage, read> query_scales: array<f32>;
@group(0) @binding(7) var<storage, read_write> lists: array<vec2<u32>>;

fn may_appear(row: u32) -> bool {
  var bits = live[row >> 5u];
  if (params.filtered != 0u) { bits &= allowed[(params.first_row + row) >> 5u]; }
  return ((bits >> (row & 31u)) & 1u) == 1u;
}

// Sums of one row with up to 4 queries: the row is read once for all of them.
fn sums_of(row: u32, query: u32) -> vec4<i32> {
  var sums = vec4<i32>(0);
  var at = (row >> 6u) * QUADS * 64u + (row & 63u);
  let q = query * QUADS;
  for (var quad = 0u; quad < QUADS; quad++) {
    let values = row_words[at];
    sums.x += dot16(values, queries[q + quad]);
    if (STREAMS > 1u) { sums.y += dot16(values, queries[q + QUADS + quad]); }
    if (STREAMS > 2u) { sums.z += dot16(values, queries[q + 2u * QUADS + quad]); }
    if (STREAMS > 3u) { sums.w += dot16(values, queries[q + 3u * QUADS + quad]); }
    at += 64u;
  }
  return sums;
}

@compute @workgroup_size(GROUP)
fn scan(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let first = group.x * params.tile_rows;
  let end = min(first + params.tile_rows, params.rows);
  let local_query = group.y * STREAMS;
  let streams = min(STREAMS, params.query_count - local_query);
  let query = params.first_query + local_query;

  for (var start = first; start < end; start += GROUP) {
    let row = start + lane;
    if (row < end && may_appear(row)) {
      let sums = sums_of(row, query);
      for (var s = 0u; s < streams; s++) {
        let score = f32(sums[s]) * row_scales[row] * query_scales[query + s];
        offer(s, vec2<u32>(sort_key(score), params.first_row + row), params.k);
      }
    }
    foldPending(lane, select(GROUP, 0u, start + GROUP >= end));
  }

  for (var s = 0u; s < streams; s++) {
    let out = ((local_query + s) * params.list_count + params.first_list + group.x) * params.k;
    for (var i = lane; i < params.k; i += GROUP) { lists[out + i] = best[s * K_PADDED + i]; }
  }
}
