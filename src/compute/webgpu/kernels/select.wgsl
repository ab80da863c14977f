// Keeps the k best candidates of a stream in workgroup memory, for up to 4 streams at once. Put before scan.wgsl and merge.wgsl.
//
// A candidate is (key, row): a higher key is better, an equal key with a lower row is better. Key 0 is an empty place.
// `best` holds the k best so far, sorted. A candidate that beats the k-th waits in `pending`, unsorted; `foldPending` moves those into `best`.
// Invariants: a round offers at most one candidate a thread and a stream. After each round all threads call `foldPending`, which leaves at
// most `limit` entries in a pending list: limit = GROUP leaves room for the next round; limit = 0, after the last round, completes `best`.
// A kernel calls it at one place, because compilers inline it and it is most of the code.
// Workgroup memory: STREAMS * (K_PADDED + 2 * GROUP) * 8 + 32 bytes; search-plan.ts keeps it under the default 16 KiB.

override GROUP: u32 = 256u;     // threads, power of two
override STREAMS: u32 = 1u;     // 1 to 4
override K_PADDED: u32 = 16u;   // power of two >= k

const EMPTY = vec2<u32>(0u, 0u);

// Workgroup memory starts as zeros, so every place starts EMPTY.
var<workgroup> best: array<vec2<u32>, STREAMS * K_PADDED>;
var<workgroup> pending: array<vec2<u32>, STREAMS * GROUP * 2u>;
var<workgroup> pending_count: array<atomic<u32>, 4>;
var<workgroup> pending_seen: vec4<u32>;

// Ascending floats become ascending unsigned integers; -0 counts as 0. NaN cannot occur: scales are finite, sums are integers.
fn sort_key(score: f32) -> u32 {
  var bits = bitcast<u32>(score);
  if ((bits << 1u) == 0u) { bits = 0u; }
  return bits ^ select(0x80000000u, 0xffffffffu, (bits >> 31u) == 1u);
}

fn before(a: vec2<u32>, b: vec2<u32>) -> bool {
  return a.x > b.x || (a.x == b.x && a.y < b.y);
}

fn offer(stream: u32, candidate: vec2<u32>, k: u32) {
  if (before(candidate, best[stream * K_PADDED + k - 1u])) {
    let place = atomicAdd(&pending_count[stream], 1u);
    pending[stream * GROUP * 2u + place] = candidate;
  }
}

// Bitonic sort of pending[start .. start + size), best first; size is a power of two.
fn sort_pending(start: u32, size: u32, lane: u32) {
  for (var length = 2u; length <= size; length <<= 1u) {
    for (var stride = length >> 1u; stride > 0u; stride >>= 1u) {
      for (var pair = lane; pair < size / 2u; pair += GROUP) {
        let i = 2u * pair - (pair & (stride - 1u));
        let a = pending[start + i];
        let b = pending[start + i + stride];
        if (before(b, a) == ((i & length) == 0u)) {
          pending[start + i] = b;
          pending[start + i + stride] = a;
        }
      }
      workgroupBarrier();
    }
  }
}

// Folds `count` pending candidates of a stream into its best: the better of best[i] and pending[K_PADDED - 1 - i] is a bitonic
// sequence that holds the K_PADDED best of both (Batcher 1968); log2(K_PADDED) more steps sort it.
fn fold(stream: u32, count: u32, lane: u32) {
  let start = stream * GROUP * 2u;
  let base = stream * K_PADDED;
  var size = 2u;
  while (size < count) { size <<= 1u; }
  for (var i = count + lane; i < size; i += GROUP) { pending[start + i] = EMPTY; }
  workgroupBarrier();
  sort_pending(start, size, lane);
  for (var i = lane; i < K_PADDED; i += GROUP) {
    let mirrored = K_PADDED - 1u - i;
    if (mirrored < size && before(pending[start + mirrored], best[base + i])) { best[base + i] = pending[start + mirrored]; }
  }
  workgroupBarrier();
  for (var stride = K_PADDED >> 1u; stride > 0u; stride >>= 1u) {
    for (var pair = lane; pair < K_PADDED / 2u; pair += GROUP) {
      let i = base + 2u * pair - (pair & (stride - 1u));
      let a = best[i];
      let b = best[i + stride];
      if (before(b, a)) {
        best[i] = b;
        best[i + stride] = a;
      }
    }
    workgroupBarrier();
  }
  if (lane == 0u) { atomicStore(&pending_count[stream], 0u); }
  workgroupBarrier();
}

// Folds every pending list that has more than `limit` entries into `best`.
fn foldPending(lane: u32, limit: u32) {
  workgroupBarrier();
  if (lane == 0u) {
    for (var stream = 0u; stream < STREAMS; stream++) { pending_seen[stream] = atomicLoad(&pending_count[stream]); }
  }
  let seen = workgroupUniformLoad(&pending_seen);
  for (var stream = 0u; stream < STREAMS; stream++) {
    if (seen[stream] > limit) { fold(stream, seen[stream], lane); }
  }
}
