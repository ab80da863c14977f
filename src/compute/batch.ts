// The batch of one training step, the same for every device.

export interface BatchSize {
  /** Examples in it. */
  size: number;
  /** Items that each user meets: 1 for pointwise losses; the first, or in a shared batch the i-th, is the positive. */
  candidates: number;
  /** Whether all users meet the same candidates. */
  shared: boolean;
}

/**
 * The work of one step, already drawn, as rows of the set, so that every device computes the same.
 * Pairs are example-major: pair p = i · candidates + j scores user i with item j (`shared`) or item p (not shared: each has its own).
 */
export interface Batch extends BatchSize {
  /** [size] rows of `users` */
  userRows: Int32Array;
  /** [shared ? candidates : size × candidates] rows of `items` */
  itemRows: Int32Array;
  /** [size] whose parameters; 0 where all share them */
  persons: Int32Array;
  /** [size] */
  labels: Float32Array;
  /** [size] */
  weights: Float32Array;
  /** [candidates] subtracted from the logits before the softmax. Without it, nothing is. */
  correction?: Float32Array;
  /** [size × candidates] 1 where the softmax leaves the candidate out. Without it, the softmax takes all. */
  excluded?: Uint8Array;
}

/** Items of a batch. */
export function itemsOf({ size, candidates, shared }: BatchSize): number {
  return shared ? candidates : size * candidates;
}
