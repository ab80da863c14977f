// Merges up to `fan` lists of k candidates into one list of the k best of them. After select.wgsl, with STREAMS = 1.
//
// In:  source [query][list_count][k] of (key, row), EMPTY where a list is shorter
// Out: merged [query][ceil(list_count / fan)][k], best first; workgroup (x, y) merges lists x * fan ... of query y
// Invariant: the order of the lists does not change the result, because no two candidates compare equal.

struct MergeParams {
  list_count: u32,
  fan: u32,
  k: u32,
}

@group(0) @binding(0) var<uniform> params: MergeParams;
@group(0) @binding(1) var<storage, read> source: array<vec2<u32>>;
@group(0) @binding(2) var<storage, read_write> merged: array<vec2<u32>>;

@compute @workgroup_size(GROUP)
fn merge(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let first_list = group.x * params.fan;
  let count = min(params.fan, params.list_count - first_list) * params.k;
  let origin = (group.y * params.list_count + first_list) * params.k;
  for (var start = 0u; start < count; start += GROUP) {
    if (start + lane < count) { offer(0u, source[origin + start + lane], params.k); }
    foldPending(lane, select(GROUP, 0u, start + GROUP >= count));
  }

  let out = (group.y * groups.x + group.x) * params.k;
  for (var i = lane; i < params.k; i += GROUP) { merged[out + i] = best[i]; }
}
