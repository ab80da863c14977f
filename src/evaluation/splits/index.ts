// The splits, by what they hold out.
export { type ColdCandidates, type ColdItemsOptions, type ColdLanguageOptions, coldItems, coldLanguage } from './by-item.ts';
export { globalTemporal, type TemporalOptions } from './by-time.ts';
export { type FewRatingsOptions, type FoldOptions, fewRatings, kFoldUsers, leaveLastOut } from './by-user.ts';
export {
  type LanguageMaskedOptions,
  type LanguageMaskedSplit,
  languageMasked,
  type MaskedCase,
  type MaskedDirection,
} from './language-masked.ts';
export { assertNoLeakage } from './leakage.ts';
export { drawLanguages, drawSides, type LanguageSides, type MaskingBalance } from './masking.ts';
