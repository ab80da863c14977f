// Systems that are trained on an owner's log, for evaluations and benchmarks.
export { shortHistories } from './short-histories.ts';
export { type TrainedOptions, trainedSystems } from './trained.ts';
