// Scores every row of one shard by all interests together and keeps the k best of a tile. After a dot-*.wgsl and select.wgsl,
// with STREAMS = 1. The score is defined in ../../interests.ts.
//
// In:  row_words, row_scales, live, allowed as in scan.wgsl; queries [interest][QUADS] of 16 int8;
//      interests [interest] of (slope, shift)
// Out: lists [list][k] of (key, row), best first, EMPTY at the end; workgroup x writes list first_list + x
// Invariants: power = 2^(slope * (f32(exact integer sum) * row scale) + shift); the row is ordered by L, or by L^2 / (L + D) where
// there are dislikes; a row whose live or allowed bit is 0 is not read.

override QUADS: u32 = 24u;   // vec4<u32> words a row, ceil(dimensions / 16)

struct InterestParams {
  rows: u32,          // of this shard, holes included
  first_row: u32,     // of this shard in the table, multiple of 64
  tile_rows: u32,     // rows a workgroup, multiple of GROUP
  k: u32,
  likes: u32,         // interests that are likes; the others are dislikes
  count: u32,         // interests
  first_list: u32,    // of this shard
  filtered: u32,      // 1 when `allowed` applies
}

@group(0) @binding(0) var<uniform> params: InterestParams;
@group(0) @binding(1) var<storage, read> row_words: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> row_scales: array<f32>;
@group(0) @binding(3) var<storage, read> live: array<u32>;
@group(0) @binding(4) var<storage, read> allowed: array<u32>;
@group(0) @binding(5) var<storage, read> queries: array<vec4<u32>>;
@group(0) @binding(6) var<storage, read> interests: array<vec2<f32>>;
@group(0) @binding(7) var<storage, read_write> lists: array<vec2<u32>>;

fn may_appear(row: u32) -> bool {
  var bits = live[row >> 5u];
  if (params.filtered != 0u) { bits &= allowed[(params.first_row + row) >> 5u]; }
  return ((bits >> (row & 31u)) & 1u) == 1u;
}

// Sums of one row with four interests from `first`: the row is read once for all of them. Those past the end are read and not used.
fn sums_of(row: u32, first: u32) -> vec4<i32> {
  var sums = vec4<i32>(0);
  var at = (row >> 6u) * QUADS * 64u + (row & 63u);
  let q = first * QUADS;
  for (var quad = 0u; quad < QUADS; quad++) {
    let values = row_words[at];
    sums.x += dot16(values, queries[q + quad]);
    sums.y += dot16(values, queries[q + QUADS + quad]);
    sums.z += dot16(values, queries[q + 2u * QUADS + quad]);
    sums.w += dot16(values, queries[q + 3u * QUADS + quad]);
    at += 64u;
  }
  return sums;
}

// 2^y, step by step as `powerOfTwo` of ../../interests.ts.
fn power_of_two(y: f32) -> f32 {
  let cut = clamp(y, -126.0, 126.0);
  let whole = floor(cut);
  let f = cut - whole;
  let p = ((((0.00187794 * f + 0.00899392) * f + 0.05581672) * f + 0.24015969) * f + 0.69315173) * f + 1.0;
  return p * bitcast<f32>((i32(whole) + 127) << 23u);
}

fn order_of(row: u32) -> f32 {
  let scale = row_scales[row];
  var liked = 0.0;
  var disliked = 0.0;
  for (var first = 0u; first < params.count; first += 4u) {
    let sums = sums_of(row, first);
    let end = min(4u, params.count - first);
    for (var s = 0u; s < end; s++) {
      let interest = interests[first + s];
      let power = power_of_two(interest.x * (f32(sums[s]) * scale) + interest.y);
      if (first + s < params.likes) { liked += power; } else { disliked += power; }
    }
  }
  return select(liked, liked * liked / (liked + disliked), params.count > params.likes);
}

@compute @workgroup_size(GROUP)
fn scan(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let first = group.x * params.tile_rows;
  let end = min(first + params.tile_rows, params.rows);
  for (var start = first; start < end; start += GROUP) {
    let row = start + lane;
    if (row < end && may_appear(row)) { offer(0u, vec2<u32>(sort_key(order_of(row)), params.first_row + row), params.k); }
    foldPending(lane, select(GROUP, 0u, start + GROUP >= end));
  }
  let out = (params.first_list + group.x) * params.k;
  for (var i = lane; i < params.k; i += GROUP) { lists[out + i] = best[i]; }
}
