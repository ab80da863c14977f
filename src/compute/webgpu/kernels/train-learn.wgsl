// Takes the slopes of a quad of parameters, summed over the batch: adds the regularisation, then updates the quad at once, or, with CLIP,
// keeps the slopes until the norm of all is known. After train-batch.wgsl, before train-gradient*.wgsl and train-update.wgsl.
//
// In:  kept: first moments or velocities [QUADS] from 0; second moments from SECOND_AT, slopes from SLOPES_AT (with CLIP),
//      reference from REFERENCE_AT; [QUADS] each, and absent where the run does not need it
// Out: parameters and moments; with SHARES also sums, as train-reduce.wgsl says
// Invariants: only one thread reads and writes a quad here. No quad mixes parameters that decay with parameters that do not.
// Formulas are those of src/head/regularise.ts and of the dense kernels' adam and momentum.

const SGD = 0u;
const ADAM = 1u;

override OPTIMISER: u32 = 1u;
override MOMENTUM: f32 = 0.0;
override BETA1: f32 = 0.9;
override BETA2: f32 = 0.999;
override REST1: f32 = 0.1;        // 1 - BETA1, rounded once
override REST2: f32 = 0.001;
override EPSILON: f32 = 1.0e-8;
override L2: f32 = 0.0;
override PROXIMAL: f32 = 0.0;
override CLIP: bool = false;
override SHARES: bool = false;    // the norm of the slopes or the loss of the regularisation is needed
override RANKING: bool = false;   // the loss compares items of a user, so offsets and a user's own term cannot matter to it
override SECOND_AT: u32 = 0u;
override SLOPES_AT: u32 = 0u;
override REFERENCE_AT: u32 = 0u;
override THREADS: u32 = 1u;       // of a gradient kernel

const REDUCERS = 32u;

@group(0) @binding(4) var<storage, read_write> parameters: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> kept: array<vec4<f32>>;
@group(0) @binding(8) var<storage, read_write> sums: array<f32>;

// Whether L2 and weight decay apply, as `segmentsOf` says.
fn decays(quad: u32) -> bool {
  switch HEAD {
    case CONCAT_LINEAR, LINEAR_PROBE: {
      let stride = select(D4, 2u * D4, HEAD == CONCAT_LINEAR) + 1u;
      return quad % stride != stride - 1u;
    }
    case BILINEAR: { return quad < QUADS - 1u; }
    case MLP: {
      let offsets = 12u * D4 * W4;
      return quad < offsets || (quad >= offsets + W4 && quad < QUADS - 1u);
    }
    default: { return false; }
  }
}

fn update(quad: u32, slope: vec4<f32>) {
  let value = parameters[quad];
  if (OPTIMISER == SGD) {
    let velocity = MOMENTUM * kept[quad] + slope;
    kept[quad] = velocity;
    parameters[quad] = value - params.rate * velocity;
    return;
  }
  let mean = BETA1 * kept[quad] + REST1 * slope;
  let square = BETA2 * kept[SECOND_AT + quad] + REST2 * slope * slope;
  kept[quad] = mean;
  kept[SECOND_AT + quad] = square;
  let keep = select(1.0, params.keep, decays(quad));
  parameters[quad] = keep * value - params.rate * mean / (sqrt(square * params.unbias) + EPSILON);
}

// @returns (loss of the regularisation, sum of squares of the slopes) of that quad
fn regularise_and_update(quad: u32, data_slope: vec4<f32>) -> vec2<f32> {
  var slope = data_slope;
  var loss = 0.0;
  if (L2 > 0.0 && decays(quad)) {
    let value = parameters[quad];
    slope += L2 * value;
    loss += 0.5 * L2 * dot(value, value);
  }
  if (PROXIMAL > 0.0) {
    let distance = parameters[quad] - kept[REFERENCE_AT + quad];
    slope += PROXIMAL * distance;
    loss += 0.5 * PROXIMAL * dot(distance, distance);
  }
  if (CLIP) { kept[SLOPES_AT + quad] = slope; } else { update(quad, slope); }
  return vec2<f32>(loss, dot(slope, slope));
}

// Stores a thread's sum of what `regularise_and_update` returned.
fn store_share(thread: u32, shares: vec2<f32>) {
  if (SHARES) {
    let at = SIZE + 2u * REDUCERS + 2u * thread;
    sums[at] = shares.x;
    sums[at + 1u] = shares.y;
  }
}
