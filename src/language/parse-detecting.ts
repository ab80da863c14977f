// Reads a catalogue file whose rows may lack a language. The detector is 1.6 MB: it is loaded only when a row needs it.
import { type CatalogueReport, type ParseOptions, parseCatalogue } from '../catalogue/parse.ts';
import { loadDetector } from './detect.ts';

type Options = Omit<ParseOptions, 'detectLanguage'>;

/**
 * Reads the file once; a second time with the detector if a row does not state its language.
 * @param load gives the detector @throws as `parseCatalogue`
 */
export async function parseDetecting(
  file: { name: string; data: Blob },
  options: Options,
  load: () => Promise<(text: string) => string | undefined> = loadDetector,
): Promise<CatalogueReport> {
  let asked = false;
  const ask = (): undefined => {
    asked = true;
  };
  const report = await parseCatalogue(file, { ...options, detectLanguage: ask }).catch((error: unknown) => {
    if (!asked || options.signal?.aborted) throw error;
  });
  if (report && !asked) return report;
  return parseCatalogue(file, { ...options, detectLanguage: await load() });
}
