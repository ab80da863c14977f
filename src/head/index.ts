// What other folders may import from the scoring heads.
export { type ChooseStepperOptions, chooseStepper, type StepperChoice, type StepperFactory } from './choose-stepper.ts';
export { type CpuStepper, createCpuStepper, createDenseStepper, createWasmStepper } from './cpu-stepper.ts';
export { appendFeatures, type FeatureOptions, type FeatureProjection, type FeatureSource, fitFeatures } from './features.ts';
export { createGpuStepper, type GpuStepper } from './gpu-stepper.ts';
export { type HeadQuery, probePrior, queryOf, type ScoreOptions, score } from './heads.ts';
export { checkParameters, initialParameters, parameterCount, resolveShape, segmentsOf } from './layout.ts';
export { type PropensityOptions, propensityWeights } from './propensity.ts';
export { train } from './train.ts';
export type { Batch, BatchLimits, HeadKind, HeadShape, HeldOutSpec, LossSpec, OptimiserSpec, Regularisation, ScheduleSpec, Segment, Stepper, StepperOptions, TrainingEvent, TrainingSet, TrainOptions, TrainResult } from './types.ts';
