// The project's own TypeScript, for a benchmark that runs in Node.
import { bring, bringEvaluation, closeSource } from '../source.mjs';

export const { seededRandom, shuffle } = await bring('/src/base/random.ts');
export const { cleanText, contentKey, itemText } = await bring('/src/catalogue/clean.ts', '/src/catalogue/text.ts');
export const { fingerprintOf, parseManifestText } = await bring('/src/encoder/manifest.ts');
export const correction = await bring(
  '/src/language/correction/apply.ts',
  '/src/language/correction/fit.ts',
  '/src/language/correction/hubness.ts',
  '/src/language/correction/measure.ts',
);
export const { readAdapterFiles } = await bring('/cli/lib/fairness-data.ts');
export const { priorOf } = await bring('/src/language/adapter.ts');
export const { openVectorCache } = await bring('/cli/lib/vector-cache.ts');
export const evaluation = await bringEvaluation();
export const { systemByName } = await bring('/src/evaluation/baselines/systems.ts');
export const { readEvaluationData } = await bring('/cli/lib/evaluation-data.ts');
export const closeRoom = closeSource;
