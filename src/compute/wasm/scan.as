// AssemblyScript, built by scripts/build-wasm.mjs into scan-wasm.ts: scans int8 rows for one query and keeps the k best.
// Four rows at a time; their scores meet the worst kept score as one vector, so rows that lose cost nothing more.
// Memory is laid out by the caller (table-memory.ts); nothing is allocated here.
//
// A heap at `heap`: [size: i32, 3 words free, then k entries of (score: f32, row: i32)], the worst kept entry first.
// A query at `query`, D = row length in bytes, a multiple of 16, padded with zeros:
//   plain build:   [D × i16] values
//   relaxed build: [D × i8] |values|, then [D × i8] −1 where a value is negative, else 0

const ENTRIES: usize = 16;
const ENTRY: usize = 8;

/** Empties a heap. */
export function clear(heap: usize): void {
  store<i32>(heap, 0);
}

/**
 * Offers `words` × 32 rows to the heap, where bit r of the mask is set.
 * @param rows [words × 32 × stride] int8
 * @param scales [words × 32] float32
 * @param mask [words] u32
 * @param first number of the first row
 * @param correction relaxed build: Σ |q| over the negative values of the query
 */
export function scan(
  rows: usize,
  stride: usize,
  scales: usize,
  mask: usize,
  words: i32,
  first: i32,
  query: usize,
  queryScale: f32,
  correction: i32,
  heap: usize,
  k: i32,
): void {
  const scaleOfQuery = f32x4.splat(queryScale);
  let kept = load<i32>(heap);
  let worst = kept < k ? f32x4.splat(0) : v128.load32_splat(heap + ENTRIES);
  for (let word = 0; word < words; word++) {
    const bits = load<u32>(mask + ((<usize>word) << 2));
    if (bits == 0) continue;
    for (let group = 0; group < 32; group += 4) {
      const wanted: i32 = <i32>((bits >>> group) & 15);
      if (wanted == 0) continue;
      const row: usize = <usize>((word << 5) + group);
      const sums = dotFour(rows + row * stride, stride, query, correction);
      // Sum · row scale first, as the oracle does.
      const scores = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(sums), v128.load(scales + (row << 2))), scaleOfQuery);
      // While the heap has room every wanted row enters; after that only a better one, so that ties keep the earlier row.
      let enter = kept < k ? wanted : i32x4.bitmask(f32x4.gt(scores, worst)) & wanted;
      while (enter != 0) {
        const lane = ctz(enter);
        enter &= enter - 1;
        const score = laneOf(scores, lane);
        const at = first + <i32>row + lane;
        if (kept < k) {
          siftUp(heap, kept++, score, at);
        } else if (score > load<f32>(heap + ENTRIES)) {
          siftDown(heap, kept, score, at);
        }
      }
      if (kept == k) worst = v128.load32_splat(heap + ENTRIES);
    }
  }
  store<i32>(heap, kept);
}

/**
 * Offers rows by all interests together, see ../interests.ts: Σ over the first `likes` queries, then over the others.
 * @param queries [count] queries, one after the other
 * @param interests [count] of (slope: f32, shift: f32, correction: i32, free)
 */
export function scanInterests(
  rows: usize,
  stride: usize,
  scales: usize,
  mask: usize,
  words: i32,
  first: i32,
  queries: usize,
  interests: usize,
  likes: i32,
  count: i32,
  heap: usize,
  k: i32,
): void {
  let kept = load<i32>(heap);
  let worst = kept < k ? f32x4.splat(0) : v128.load32_splat(heap + ENTRIES);
  for (let word = 0; word < words; word++) {
    const bits = load<u32>(mask + ((<usize>word) << 2));
    if (bits == 0) continue;
    for (let group = 0; group < 32; group += 4) {
      const wanted: i32 = <i32>((bits >>> group) & 15);
      if (wanted == 0) continue;
      const row: usize = <usize>((word << 5) + group);
      const rowScales = v128.load(scales + (row << 2));
      let liked = f32x4.splat(0);
      let disliked = f32x4.splat(0);
      let query = queries;
      let interest = interests;
      for (let i = 0; i < count; i++) {
        const sums = f32x4.mul(f32x4.convert_i32x4_s(dotFour(rows + row * stride, stride, query, load<i32>(interest, 8))), rowScales);
        const power = powerOfTwo(f32x4.add(f32x4.mul(sums, v128.load32_splat(interest)), v128.load32_splat(interest, 4)));
        if (i < likes) liked = f32x4.add(liked, power);
        else disliked = f32x4.add(disliked, power);
        query += stride << 1;
        interest += 16;
      }
      const scores = count > likes ? f32x4.div(f32x4.mul(liked, liked), f32x4.add(liked, disliked)) : liked;
      let enter = kept < k ? wanted : i32x4.bitmask(f32x4.gt(scores, worst)) & wanted;
      while (enter != 0) {
        const lane = ctz(enter);
        enter &= enter - 1;
        const score = laneOf(scores, lane);
        const at = first + <i32>row + lane;
        if (kept < k) {
          siftUp(heap, kept++, score, at);
        } else if (score > load<f32>(heap + ENTRIES)) {
          siftDown(heap, kept, score, at);
        }
      }
      if (kept == k) worst = v128.load32_splat(heap + ENTRIES);
    }
  }
  store<i32>(heap, kept);
}

/** 2^y a lane, step by step as `powerOfTwo` of ../interests.ts. */
// @ts-ignore: decorator
@inline
function powerOfTwo(y: v128): v128 {
  const cut = f32x4.min(f32x4.max(y, f32x4.splat(-126)), f32x4.splat(126));
  const whole = f32x4.floor(cut);
  const f = f32x4.sub(cut, whole);
  let p = f32x4.add(f32x4.mul(f32x4.splat(0.00187794), f), f32x4.splat(0.00899392));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.05581672));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.24015969));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.69315173));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1));
  const exponent = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(whole), i32x4.splat(127)), 23);
  return f32x4.mul(p, exponent);
}

/** Sorts a heap in place, best first, ties by ascending row; it is no heap afterwards. @returns how many entries there are */
export function sort(heap: usize): i32 {
  const size = load<i32>(heap);
  for (let last = size - 1; last > 0; last--) {
    const end = heap + ENTRIES + (<usize>last) * ENTRY;
    const score = load<f32>(end);
    const row = load<i32>(end, 4);
    store<f32>(end, load<f32>(heap + ENTRIES));
    store<i32>(end, load<i32>(heap + ENTRIES, 4), 4);
    siftDown(heap, last, score, row);
  }
  return size;
}

/** The exact products of four rows with the query. @returns [4] i32 */
// @ts-ignore: decorator
@inline
function dotFour(row0: usize, stride: usize, query: usize, correction: i32): v128 {
  const row1 = row0 + stride;
  const row2 = row1 + stride;
  const row3 = row2 + stride;
  let a = i32x4.splat(0);
  let b = i32x4.splat(0);
  let c = i32x4.splat(0);
  let d = i32x4.splat(0);
  if (ASC_FEATURE_RELAXED_SIMD) {
    // The relaxed product is exact on all hardware only when its second operand is 0 to 127, so that one is |q| and the
    // sign moves to the row: ~x where q is negative. ~x = −x − 1, hence Σ q·x = Σ |q|·(x ^ sign) + Σ over negative |q|.
    for (let j: usize = 0; j < stride; j += 16) {
      const q = v128.load(query + j);
      const sign = v128.load(query + stride + j);
      a = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.xor(v128.load(row0 + j), sign), q, a);
      b = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.xor(v128.load(row1 + j), sign), q, b);
      c = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.xor(v128.load(row2 + j), sign), q, c);
      d = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.xor(v128.load(row3 + j), sign), q, d);
    }
  } else {
    for (let j: usize = 0; j < stride; j += 16) {
      const low = v128.load(query + (j << 1));
      const high = v128.load(query + (j << 1), 16);
      a = i32x4.add(a, i32x4.add(i32x4.dot_i16x8_s(v128.load8x8_s(row0 + j), low), i32x4.dot_i16x8_s(v128.load8x8_s(row0 + j, 8), high)));
      b = i32x4.add(b, i32x4.add(i32x4.dot_i16x8_s(v128.load8x8_s(row1 + j), low), i32x4.dot_i16x8_s(v128.load8x8_s(row1 + j, 8), high)));
      c = i32x4.add(c, i32x4.add(i32x4.dot_i16x8_s(v128.load8x8_s(row2 + j), low), i32x4.dot_i16x8_s(v128.load8x8_s(row2 + j, 8), high)));
      d = i32x4.add(d, i32x4.add(i32x4.dot_i16x8_s(v128.load8x8_s(row3 + j), low), i32x4.dot_i16x8_s(v128.load8x8_s(row3 + j, 8), high)));
    }
  }
  // Four rows of partial sums, transposed and added: lane r is the sum of row r.
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  const sums = i32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
  return ASC_FEATURE_RELAXED_SIMD ? i32x4.add(sums, i32x4.splat(correction)) : sums;
}

function laneOf(scores: v128, lane: i32): f32 {
  if (lane == 0) return f32x4.extract_lane(scores, 0);
  if (lane == 1) return f32x4.extract_lane(scores, 1);
  if (lane == 2) return f32x4.extract_lane(scores, 2);
  return f32x4.extract_lane(scores, 3);
}

// @ts-ignore: decorator
@inline
function isWorse(score: f32, row: i32, otherScore: f32, otherRow: i32): bool {
  return score < otherScore || (score == otherScore && row > otherRow);
}

/** Puts an entry at place `hole`, the first free one, and moves it towards the top while it is worse. */
function siftUp(heap: usize, hole: i32, score: f32, row: i32): void {
  const entries = heap + ENTRIES;
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    const from = entries + (<usize>parent) * ENTRY;
    const parentScore = load<f32>(from);
    const parentRow = load<i32>(from, 4);
    if (!isWorse(score, row, parentScore, parentRow)) break;
    const to = entries + (<usize>hole) * ENTRY;
    store<f32>(to, parentScore);
    store<i32>(to, parentRow, 4);
    hole = parent;
  }
  const end = entries + (<usize>hole) * ENTRY;
  store<f32>(end, score);
  store<i32>(end, row, 4);
}

/** Puts an entry in the place of the top and moves it down below worse ones. */
function siftDown(heap: usize, size: i32, score: f32, row: i32): void {
  const entries = heap + ENTRIES;
  let hole = 0;
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= size) break;
    let from = entries + (<usize>child) * ENTRY;
    let childScore = load<f32>(from);
    let childRow = load<i32>(from, 4);
    if (child + 1 < size) {
      const rightScore = load<f32>(from, 8);
      const rightRow = load<i32>(from, 12);
      if (isWorse(rightScore, rightRow, childScore, childRow)) {
        child++;
        childScore = rightScore;
        childRow = rightRow;
      }
    }
    if (!isWorse(childScore, childRow, score, row)) break;
    const to = entries + (<usize>hole) * ENTRY;
    store<f32>(to, childScore);
    store<i32>(to, childRow, 4);
    hole = child;
  }
  const end = entries + (<usize>hole) * ENTRY;
  store<f32>(end, score);
  store<i32>(end, row, 4);
}
