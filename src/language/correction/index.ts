// The language correction: fit it on the catalogue, apply it to items, profiles and searches alike, store it with the index.
export { correctQuery, correctRows, correctShared, correctStated } from './apply.ts';
export { CORRECTION_VERSION, parseCorrection, serialiseCorrection } from './codec.ts';
export { fitCorrection } from './fit.ts';
export { indexQuery, indexRows, itemBias } from './hubness.ts';
export { adapterCorrection } from './light.ts';
export { type BiasInput, type LanguageBias, measureLanguageBias } from './measure.ts';
export { readShippedMaps, type ShippedMaps } from './shipped-maps.ts';
export {
  type Candidate,
  CORRECTION_METHODS,
  type CorrectionMethod,
  type FitInput,
  type FitOptions,
  type FitReport,
  type LanguageCorrection,
  type LanguageEntry,
  type LanguagePrior,
  type SharedSpace,
} from './types.ts';
