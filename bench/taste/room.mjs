// The project's own TypeScript, for the benchmark of tastes.
import { bring, bringEvaluation, closeSource } from '../source.mjs';

export const evaluation = await bringEvaluation();
export const { seededRandom, shuffle } = await bring('/src/base/random.ts');
export const { fnv1a } = await bring('/src/base/hash.ts');
export const { buildLog } = await bring('/src/evaluation/log.ts');
export const { readEvaluationData, readModelAdapter, shownCatalogues } = await bring('/cli/lib/evaluation-data.ts');
export const { namedSystems } = await bring('/cli/lib/evaluation-systems.ts');
export const { kindredVisitorPopularitySystem, kindredVisitorSystem } = await bring('/src/evaluation/kindred-visitor.ts');
export const { suggestQuestions } = await bring('/src/feedback/questions.ts');
export const { appendFeatures } = await bring('/src/head/features.ts');
export const { catalogueFeatures } = await bring('/src/ranking/ranked-rows.ts');
export const { firstVectors } = await bring('/src/language/table-correction.ts');
export const closeRoom = closeSource;
