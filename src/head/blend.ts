// The shape of a blend's weights, which a head file carries and the ranker reads. Types only.

/** Weights from 0 of the three standardised parts. */
export interface BlendPart {
  head: number;
  prior: number;
  itemItem: number;
}

/** For histories of at most `upTo` items; `null`: of any length. */
export interface BlendBucket extends BlendPart {
  upTo: number | null;
}

/** In ascending order of `upTo`, the last one `null`. */
export type BlendWeights = readonly BlendBucket[];
