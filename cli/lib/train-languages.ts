// The options of `kindred train` for languages with few likes, and what a head file records of them.
import { sha256Hex } from '../../src/base/hash.ts';
import type { Item } from '../../src/base/types.ts';
import type { Head } from '../../src/head/evaluate.ts';
import { appendFeatures, type FeatureProjection } from '../../src/head/features.ts';
import { type EncoderIdentity, readHeadFile, type TrainedHead } from '../../src/head/head-file.ts';
import type { LanguageHelp } from '../../src/owner/language-help.ts';
import type { PretrainedKind } from '../../src/owner/pretrain.ts';
import { type OptionSpec, UsageError } from './command.ts';
import type { EmbedOptions } from './embed.ts';
import { readTextFile } from './files.ts';
import type { Options } from './options.ts';
import { translatedTexts } from './translated-texts.ts';

const DEFAULT_TRANSLATIONS = 5000;

export const LANGUAGE_OPTIONS = {
  'language-temperature': { value: 'T', summary: 'a language of n likes counts as n^(1/T): 1 by their number, 100 nearly all equal; default 1' },
  mixing: { summary: 'also learn from histories of which some items are replaced by their translations or left out' },
  align: { summary: 'also learn that the texts of one item in several languages belong together' },
  translations: {
    value: 'N',
    summary: `texts in other languages that --mixing and --align use, drawn when there are more; default ${DEFAULT_TRANSLATIONS}`,
  },
  'prior-head': { value: 'FILE', summary: 'start from this head, such as one of languages with more likes, and stay near it' },
} as const satisfies Record<string, OptionSpec>;

export interface LanguageSettings {
  temperature: number | undefined;
  mixing: boolean;
  alignment: boolean;
  translations: number;
  priorFile: string | undefined;
}

/** @throws UsageError */
export function readLanguageSettings(options: Options, epochs: number | undefined): LanguageSettings {
  const temperature = options.number('language-temperature', { least: 1, most: 100 });
  const [mixing, alignment] = [options.flag('mixing'), options.flag('align')];
  const translations = options.number('translations', { least: 1, most: 1_000_000, whole: true });
  const used = [temperature !== undefined && '--language-temperature', mixing && '--mixing', alignment && '--align'].filter((one) => one !== false);
  if (epochs === 0 && used[0]) throw new UsageError(`${used[0]} changes the steps of training, and --epochs 0 has none. Leave one of them out.`);
  if (translations !== undefined && !mixing && !alignment) throw new UsageError('--translations is for --mixing and --align. Add one of them.');
  return { temperature, mixing, alignment, translations: translations ?? DEFAULT_TRANSLATIONS, priorFile: options.text('prior-head') };
}

/**
 * What the training uses beside the likes; undefined without such options. Translations are encoded only when an option needs them.
 * @param features appended to the vectors of translations, as to those of their items
 * @throws UsageError when the catalogue has no translation for --mixing or --align; as `embedTexts`
 */
export async function languageHelpOf(
  items: readonly Item[],
  { temperature, mixing, alignment, translations: most }: LanguageSettings,
  features: FeatureProjection | undefined,
  options: EmbedOptions & { seed: number },
): Promise<LanguageHelp | undefined> {
  if (temperature === undefined && !mixing && !alignment) return undefined;
  const help = { languages: items.map(({ language }) => language), ...(temperature !== undefined && { temperature }), mixing, alignment };
  if (!mixing && !alignment) return help;
  const texts = await translatedTexts(items, { most, seed: options.seed }, options);
  const count = texts.itemRow.length;
  if (count === 0)
    throw new UsageError(
      `${mixing ? '--mixing' : '--align'} needs translations, and no item of the catalogue has one. Add them (field "translations"), or leave the option out.`,
    );
  const about = Array.from(texts.itemRow, (row) => items[row]).filter((item) => item !== undefined);
  const vectors = features ? appendFeatures(features, texts.vectors, texts.vectors.length / count, about) : texts.vectors;
  return { ...help, translations: { ...texts, vectors } };
}

export interface PriorHead {
  head: Head & { shape: { kind: PretrainedKind } };
  /** SHA-256 of the file. */
  sha256: string;
}

/** @throws UsageError when it cannot be read or has categories; bad-head, also when it is of another encoder */
export async function readPriorHead(file: string, encoder: EncoderIdentity): Promise<PriorHead> {
  const text = readTextFile('--prior-head', file);
  const { shape, parameters, features } = await readHeadFile(text, { encoder, name: file });
  if (features) throw new UsageError(`--prior-head ${file} was trained with --features; a head to start from has text alone.`);
  const { kind } = shape;
  if (kind !== 'bilinear' && kind !== 'mlp' && kind !== 'dot')
    throw new UsageError(`--prior-head ${file} is a head of the kind ${kind}, which is not trained here.`);
  return { head: { shape: { ...shape, kind }, parameters }, sha256: await sha256Hex(text) };
}

/** What the head file records; undefined where none of the options was used. */
export function languageFacts(help: LanguageHelp | undefined, prior: PriorHead | undefined): TrainedHead['training']['languages'] {
  if (!help && !prior) return undefined;
  return {
    ...(help?.temperature !== undefined && { temperature: help.temperature }),
    mixing: help?.mixing === true,
    alignment: help?.alignment === true,
    translations: help?.translations?.itemRow.length ?? 0,
    ...(prior && { priorHead: prior.sha256 }),
  };
}
