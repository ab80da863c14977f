// What other folders may import from the scoring heads.

export type { BlendBucket, BlendPart, BlendWeights } from './blend.ts';
export { type ChooseStepperOptions, chooseStepper, type StepperChoice, type StepperFactory } from './choose-stepper.ts';
export { type CpuStepper, createCpuStepper, createDenseStepper, createWasmStepper } from './cpu-stepper.ts';
export { type Head, heldOutNdcg, type JudgeOptions, judge, type LearningTask, type Verdict } from './evaluate.ts';
export {
  appendFeatures,
  type FeatureOptions,
  type FeatureProjection,
  type FeatureSets,
  type FeatureSource,
  featureSets,
  fitFeatures,
  joinRow,
  textScaleOf,
} from './features.ts';
export { DEFAULT_PLANS, type FineTuned, type FineTuneOptions, fineTune, plainHead, type TrainingPoint, type TuningPlan } from './fine-tune.ts';
export { createGpuStepper, type GpuStepper } from './gpu-stepper.ts';
export { type EncoderIdentity, type LogKnowledge, type ReadHeadOptions, readHeadFile, type TrainedHead, writeHeadFile } from './head-file.ts';
export { knowledgeById, knowledgeByRow, type RowKnowledge } from './head-file-log.ts';
export { type HeadQuery, probePrior, queryOf, type ScoreOptions, score } from './heads.ts';
export { type ItemItemTable, itemItemScores } from './item-item.ts';
export { checkParameters, initialParameters, parameterCount, resolveShape, segmentsOf } from './layout.ts';
export { type PropensityOptions, propensityWeights } from './propensity.ts';
export { createHeadRecord, examplesHash, HEAD_FORMAT, type HeadRecord, parseHead, serialiseHead } from './record.ts';
export { train } from './train.ts';
export type {
  Batch,
  BatchLimits,
  HeadKind,
  HeadShape,
  HeldOutSpec,
  LossSpec,
  OptimiserSpec,
  Regularisation,
  ScheduleSpec,
  Segment,
  Stepper,
  StepperOptions,
  TrainingEvent,
  TrainingSet,
  TrainOptions,
  TrainResult,
} from './types.ts';
export { type Forgotten, forgetRatings } from './unlearn.ts';
