// Tiles for the two kernels of `mlp`: 64 threads, 16 places × 32 units. After train-batch.wgsl.
//
// Invariants: thread (x, y) of 8 × 8 owns units 4x to 4x + 3 of places y and y + 8, so that one vec4 from workgroup memory serves
// eight products. With ONE_USER a tile of pairs never mixes users; each user's last tile may be part empty. What lies past an edge
// is staged as 0: the nearest value inside is read and not used, because a branch costs more.

const TILE = 16u;       // pairs, or dimensions
const UNITS = 32u;
const SIDE = 8u;        // threads along each edge
const THREADS = 64u;

override ONE_USER: bool = false;     // each user has enough candidates to fill tiles

struct Tile {
  first: u32,     // pair
  end: u32,
}

var<workgroup> vectors: array<array<vec2<f32>, TILE>, TILE>;        // [k][pair] of (u, v)

fn tiles_per_user() -> u32 { return (params.candidates + TILE - 1u) / TILE; }

fn tile_of(index: u32) -> Tile {
  if (ONE_USER) {
    let user = index / tiles_per_user();
    let first = user * params.candidates + (index % tiles_per_user()) * TILE;
    return Tile(first, min(first + TILE, (user + 1u) * params.candidates));
  }
  return Tile(index * TILE, min(index * TILE + TILE, params.size * params.candidates));
}

fn tile_count() -> u32 {
  if (ONE_USER) { return params.size * tiles_per_user(); }
  return (params.size * params.candidates + TILE - 1u) / TILE;
}

// Dimensions first_k to first_k + 15 of the pairs of a tile. A barrier must follow.
fn stage_vectors(tile: Tile, first_k: u32, lane: u32) {
  for (var at = lane; at < TILE * TILE; at += THREADS) {
    let pair = min(tile.first + at / TILE, tile.end - 1u);
    let k = min(first_k + at % TILE, DIMENSIONS - 1u);
    let i = pair / params.candidates;
    let vector = vec2<f32>(users[user_at(i) + k], items[item_at(i, pair % params.candidates) + k]);
    let is_there = tile.first + at / TILE < tile.end && first_k + at % TILE < DIMENSIONS;
    vectors[at % TILE][at / TILE] = select(vec2<f32>(0.0), vector, is_there);
  }
}
