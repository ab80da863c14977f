// The correction before any was fitted: language means of the rows at hand, the shipped projection, nothing to choose. Takes
// milliseconds, so that lists are language-neutral while a catalogue is still being encoded.
import { fitMeans } from './means.ts';
import type { FitInput, LanguageCorrection, LanguageEntry, LanguagePrior } from './types.ts';

/**
 * Centred by shrunk language means, then through the shipped basis (all its columns) where there is one.
 * @param sharedWidth dimensions of the shared space (instant vectors); its axes are the first columns of the basis
 */
export function adapterCorrection(
  { raw, dimensions: d, languages }: FitInput,
  prior: LanguagePrior | undefined,
  sharedWidth?: number,
): LanguageCorrection {
  const means = fitMeans(raw, d, languages, prior);
  const entries = new Map<string, LanguageEntry>();
  let rows = 0;
  for (const [tag, entry] of means.byTag) {
    entries.set(tag, { tag, ...entry });
    rows += entry.rows;
  }
  const basis = prior?.basis;
  const dimensions = basis?.width ?? d;
  return {
    method: basis ? 'lda' : 'centre',
    inputDimensions: d,
    dimensions,
    languages: entries,
    unknownMean: means.unknown,
    grandMean: means.grand,
    projection: basis?.projection,
    hubness: { weight: 0, neighbours: 1, references: new Float32Array(0) },
    bridge: sharedWidth === undefined ? undefined : leadingColumns(sharedWidth, dimensions),
    report: { criterion: 'default', candidates: [], rows, translatedItems: 0, relabelledRows: 0 },
  };
}

/** The matrix [width × dimensions] that keeps the first dimensions as they are. */
export function leadingColumns(width: number, dimensions: number): { width: number; matrix: Float32Array } {
  const matrix = new Float32Array(width * dimensions);
  for (let i = 0; i < Math.min(width, dimensions); i++) matrix[i * dimensions + i] = 1;
  return { width, matrix };
}
