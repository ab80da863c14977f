// What is done with the slope of a parameter once its sum over the batch is known: regularise, then update at once, or keep it
// until the norm of all slopes is known. After train-batch.wgsl, before train-gradient*.wgsl and train-update.wgsl.
//
// In:  kept: first moments or velocities [COUNT] from 0; second moments from SECOND_AT, slopes from SLOPES_AT (with CLIP),
//      reference from REFERENCE_AT, [COUNT] each where it is there
// Out: parameters and moments; sums [SLOTS] += loss of the examples (slot 0) and of the regularisation, then, with CLIP,
//      sums [SLOTS + slot] = sum of squares of that workgroup's slopes
// Invariants: a parameter belongs to one thread, which alone reads and writes it here; formulas are those of src/head/regularise.ts
// and of the dense kernels' adam and momentum; a workgroup adds to its own slot only, so no addition depends on timing.

const SGD = 0u;
const ADAM = 1u;

override GROUP: u32 = 64u;        // threads, power of two
override SLOTS: u32 = 1u;         // workgroups that compute slopes
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
override RANKING: bool = false;   // the loss compares items of a user, so offsets and a user's own term cannot matter to it
override SECOND_AT: u32 = 0u;
override SLOPES_AT: u32 = 0u;
override REFERENCE_AT: u32 = 0u;

@group(0) @binding(4) var<storage, read_write> parameters: array<f32>;
@group(0) @binding(6) var<storage, read_write> kept: array<f32>;
@group(0) @binding(8) var<storage, read_write> sums: array<f32>;

var<workgroup> lanes: array<vec2<f32>, GROUP>;

// Whether L2 and weight decay apply, as `segmentsOf` says.
fn decays(index: u32) -> bool {
  switch HEAD {
    case CONCAT_LINEAR, LINEAR_PROBE: {
      let stride = select(DIMENSIONS, 2u * DIMENSIONS, HEAD == CONCAT_LINEAR) + 1u;
      return index % stride != stride - 1u;
    }
    case BILINEAR: { return index < COUNT - 2u; }
    case MLP: {
      let offsets = 3u * DIMENSIONS * WIDTH;
      return index < offsets || (index >= offsets + WIDTH && index < COUNT - 2u);
    }
    default: { return false; }
  }
}

fn update(index: u32, slope: f32) {
  let value = parameters[index];
  if (OPTIMISER == SGD) {
    let velocity = MOMENTUM * kept[index] + slope;
    kept[index] = velocity;
    parameters[index] = value - params.rate * velocity;
    return;
  }
  let mean = BETA1 * kept[index] + REST1 * slope;
  let square = BETA2 * kept[SECOND_AT + index] + REST2 * slope * slope;
  kept[index] = mean;
  kept[SECOND_AT + index] = square;
  let keep = select(1.0, params.keep, decays(index));
  parameters[index] = keep * value - params.rate * mean / (sqrt(square * params.unbias) + EPSILON);
}

// @returns (loss of the regularisation, square of the slope) of that parameter
fn learn(index: u32, data_slope: f32) -> vec2<f32> {
  let value = parameters[index];
  var slope = data_slope;
  var loss = 0.0;
  if (L2 > 0.0 && decays(index)) {
    slope += L2 * value;
    loss += 0.5 * L2 * value * value;
  }
  if (PROXIMAL > 0.0) {
    let distance = value - kept[REFERENCE_AT + index];
    slope += PROXIMAL * distance;
    loss += 0.5 * PROXIMAL * distance * distance;
  }
  if (CLIP) { kept[SLOPES_AT + index] = slope; } else { update(index, slope); }
  return vec2<f32>(loss, slope * slope);
}

fn sum_of_group(value: vec2<f32>, lane: u32) -> vec2<f32> {
  lanes[lane] = value;
  workgroupBarrier();
  for (var stride = GROUP >> 1u; stride > 0u; stride >>= 1u) {
    if (lane < stride) { lanes[lane] += lanes[lane + stride]; }
    workgroupBarrier();
  }
  return lanes[0];
}
