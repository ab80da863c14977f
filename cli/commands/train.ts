// `kindred train`: trains on an owner's log and writes one small file for the page. The log itself never leaves this machine.
import type { Item } from '../../src/base/types.ts';
import { rankingFingerprintOf } from '../../src/encoder/manifest.ts';
import type { InteractionLog } from '../../src/evaluation/types.ts';
import { appendFeatures, type FeatureProjection, fitFeatures } from '../../src/head/features.ts';
import type { EncoderIdentity } from '../../src/head/head-file.ts';
import { readSigningKey, trainedHeadOf, writeHeadFile } from '../../src/owner/head-file-writer.ts';
import type { Likes } from '../../src/owner/likes.ts';
import { type OwnerModel, trainOwnerModel } from '../../src/owner/owner-model.ts';
import type { PretrainedKind } from '../../src/owner/pretrain.ts';
import { catalogueFeatures } from '../../src/ranking/ranked-rows.ts';
import { type Command, problemLine, type Terminal, UsageError } from '../lib/command.ts';
import { type CurvePoint, checkCurvesFile, writeCurves, writeTensorboard } from '../lib/curves.ts';
import type { EmbedOptions } from '../lib/embed.ts';
import { readEvaluationData, shownCatalogues } from '../lib/evaluation-data.ts';
import { readTextFile, writeWholeFile } from '../lib/files.ts';
import { readModelManifest } from '../lib/node-encoder.ts';
import { EMBED_OPTIONS, embedOptions, type Options, readSeed, seedOption } from '../lib/options.ts';
import { defaultModelFolder } from '../lib/paths.ts';
import { type ProgressReport, progressLine } from '../lib/progress-line.ts';
import { LANGUAGE_OPTIONS, languageFacts, languageHelpOf, type PriorHead, readLanguageSettings, readPriorHead } from '../lib/train-languages.ts';

const KINDS: readonly PretrainedKind[] = ['bilinear', 'mlp', 'dot'];
const DAY_MS = 86_400_000;

export const train: Command = {
  operands: '',
  options: {
    catalogue: { value: 'FILE', summary: 'CSV, TSV, JSON or NDJSON', required: true },
    interactions: { value: 'FILE', summary: 'user,item,rating|weight,timestamp as CSV or NDJSON', required: true },
    out: { value: 'FILE', summary: 'the head, as JSON', required: true },
    head: { value: 'KIND', summary: `${KINDS.join(', ')}; default bilinear` },
    rank: { value: 'N', summary: "of bilinear; default the vectors' dimensions, 256 at most" },
    hidden: { value: 'N', summary: 'of mlp; default 32' },
    features: { value: 'N', summary: 'dimensions for categories beside the text; 0: text alone; default: categories and numbers as lists have them' },
    ...LANGUAGE_OPTIONS,
    epochs: { value: 'N', summary: 'at most; fewer when held-out users gain nothing; default 3' },
    'half-life': { value: 'DAYS', summary: 'after which a like counts half in the prior; default: likes do not age' },
    type: { value: 'TYPE', summary: 'float16 or float32; default float16' },
    'sign-key': { value: 'FILE', summary: 'Ed25519 private key (PEM) that signs the file' },
    curves: { value: 'FILE', summary: 'points of the training as .csv or .json' },
    'log-dir': { value: 'DIR', summary: 'folder for a TensorBoard event file' },
    seed: seedOption('of held-out users and training'),
    ...EMBED_OPTIONS,
  },
  details:
    'In the file beside the head: a prior of the items, the item–item table (no pair that fewer than 5 users share), and how much\neach counts. A fifth of the users is held out to choose all that. Only sums over users are written, no interaction.',
  run: async (options, terminal) => {
    const settings = readSettings(options);
    const key = settings.signKey === undefined ? undefined : await readSigningKey(readTextFile('--sign-key', settings.signKey));
    const prior =
      settings.languages.priorFile === undefined ? undefined : await readPriorHead(settings.languages.priorFile, await encoderOf(settings.model));
    const { items, interactions } = await readEvaluationData(options.required('catalogue'), options.required('interactions'), terminal.signal);
    for (const problem of interactions.problems.slice(0, 10)) terminal.err(problemLine(problem));
    const { log } = interactions;
    terminal.out(`${log.users.length} users, ${log.item.length} interactions, ${items.length} items`);
    const embedding = { ...settings.embedding, signal: terminal.signal, nowMs: terminal.nowMs };
    const { vectors, dimensions, features } = await itemVectors(items, settings.features, embedding, terminal);
    const help = await withEncodingProgress(
      (onProgress) => languageHelpOf(items, settings.languages, features, { ...embedding, onProgress, seed: settings.training.seed }),
      'Encoding translations',
      terminal,
    );
    const startMs = terminal.nowMs();
    const { likes, timesMs, asOfMs } = likesOfLog(log, startMs);
    const points: CurvePoint[] = [];
    const halfLife = settings.halfLifeDays === undefined ? {} : { timesMs, halfLifeMs: settings.halfLifeDays * DAY_MS };
    const line = progressLine('Training', terminal.progress, terminal.nowMs);
    const model = await trainOwnerModel(likes, vectors, dimensions, {
      ...settings.training,
      ...(prior && { ...shapeOptions(prior.head.shape), priorHead: prior.head }),
      ...(help && { help }),
      textShare: 1 - (features?.share ?? 0),
      prior: { asOfMs, ...halfLife },
      signal: terminal.signal,
      onEvent: (event) => {
        points.push({ ...event, timeMs: terminal.nowMs() });
        line.update({ done: event.step, total: event.steps, unit: 'steps' });
      },
    }).finally(() => line.end());
    const head = trainedHeadOf(
      model,
      items,
      likes,
      { createdMs: startMs, encoder: await encoderOf(settings.model), ...(features && { features }) },
      languageFacts(help, prior),
    );
    const text = await writeHeadFile(head, { type: settings.type, ...(key && { signWith: key }) });
    writeWholeFile(options.required('out'), text);
    report(model, options.required('out'), text.length, key?.publicKey, terminal);
    writePoints(points, startMs, settings, terminal);
    return interactions.problemCount > 0 ? 1 : 0;
  },
};

function readSettings(options: Options) {
  const whole = (name: string, least: number, most: number) => options.number(name, { least, most, whole: true });
  const kind = KINDS.find((one) => one === (options.text('head') ?? 'bilinear'));
  if (!kind) throw new UsageError(`--head ${options.text('head')} is unknown. There are: ${KINDS.join(', ')}.`);
  const type = options.text('type') ?? 'float16';
  if (type !== 'float16' && type !== 'float32') throw new UsageError(`--type ${type} is neither float16 nor float32.`);
  const [rank, hidden, epochs] = [whole('rank', 1, 4096), whole('hidden', 1, 4096), whole('epochs', 0, 1000)];
  if (rank !== undefined && kind !== 'bilinear') throw new UsageError('--rank is for --head bilinear.');
  if (hidden !== undefined && kind !== 'mlp') throw new UsageError('--hidden is for --head mlp.');
  const languages = readLanguageSettings(options, epochs);
  const shapeOption = ['head', 'rank', 'hidden', 'features'].find((name) => options.text(name) !== undefined);
  if (languages.priorFile !== undefined && shapeOption)
    throw new UsageError(`--${shapeOption} is not for --prior-head, which has kind and sizes of its own. Leave --${shapeOption} out.`);
  const curves = options.text('curves');
  if (curves !== undefined) checkCurvesFile(curves);
  return {
    training: {
      kind,
      seed: readSeed(options),
      ...(rank !== undefined && { rank }),
      ...(hidden !== undefined && { hidden }),
      ...(epochs !== undefined && { epochs }),
    },
    languages,
    model: options.text('model') ?? defaultModelFolder(),
    embedding: embedOptions(options),
    /** Undefined: as lists have them. A head to start from has text alone. */
    features: whole('features', 0, 1024) ?? (languages.priorFile === undefined ? undefined : 0),
    halfLifeDays: options.number('half-life', { least: 0.01, most: 100_000 }),
    type,
    signKey: options.text('sign-key'),
    curves,
    logDir: options.text('log-dir'),
  } as const;
}

async function itemVectors(items: readonly Item[], featureDimensions: number | undefined, embedding: EmbedOptions, terminal: Terminal) {
  const catalogue = await withEncodingProgress((onProgress) => shownCatalogues(items, true)({}, { ...embedding, onProgress }), 'Encoding', terminal);
  const text = catalogue.vectors ?? new Float32Array(0);
  const features = featureDimensions === undefined ? catalogueFeatures(items) : ownFeatures(items, featureDimensions);
  const vectors = features ? appendFeatures(features, text, catalogue.dimensions, items) : text;
  return { vectors, dimensions: catalogue.dimensions + (features?.dimensions ?? 0), features };
}

function ownFeatures(items: readonly Item[], dimensions: number): FeatureProjection | undefined {
  return dimensions > 0 ? fitFeatures(items, { dimensions, numericShare: 0 }) : undefined;
}

function withEncodingProgress<T>(
  encode: (onProgress: (report: ProgressReport) => void) => Promise<T>,
  what: string,
  { progress, nowMs }: Terminal,
): Promise<T> {
  const line = progressLine(what, progress, nowMs);
  return encode((report) => line.update(report)).finally(() => line.end());
}

async function encoderOf(model: string): Promise<EncoderIdentity> {
  const manifest = await readModelManifest(model);
  return { fingerprint: rankingFingerprintOf(manifest), dimensions: manifest.adapter?.projectedDimensions ?? manifest.dimensions };
}

const shapeOptions = ({ kind, rank, hidden }: PriorHead['head']['shape']) => ({
  kind,
  ...(rank !== undefined && { rank }),
  ...(hidden !== undefined && { hidden }),
});

/** The log, which is sorted by user, as compressed rows; dated by its latest interaction, or by now where none has a time. */
function likesOfLog(log: InteractionLog, nowMs: number): { likes: Likes; timesMs: Float64Array; asOfMs: number } {
  const offsets = new Int32Array(log.users.length + 1);
  for (const user of log.user) offsets[user + 1] = (offsets[user + 1] as number) + 1;
  for (let user = 0; user < log.users.length; user++) offsets[user + 1] = (offsets[user + 1] as number) + (offsets[user] as number);
  const latestMs = log.timeMs.filter(Number.isFinite).reduce((latest, timeMs) => Math.max(latest, timeMs), Number.NEGATIVE_INFINITY);
  const likes = { userCount: log.users.length, itemCount: log.itemCount, offsets, items: log.item, weights: log.weight };
  return { likes, timesMs: log.timeMs, asOfMs: Number.isFinite(latestMs) ? latestMs : nowMs };
}

function report(
  { head, itemItem, tableSettings, weights, heldOut }: OwnerModel,
  out: string,
  bytes: number,
  publicKey: string | undefined,
  terminal: Terminal,
): void {
  const { plain, start, best } = head.heldOut;
  terminal.out(
    `nDCG@10 on held-out users: plain cosine ${plain.toFixed(4)}, start (${head.start}) ${start.toFixed(4)}, head ${best.toFixed(4)} after ${head.epochs} epochs`,
  );
  const lambda = tableSettings.lambda === undefined ? '' : `, λ ${tableSettings.lambda}`;
  terminal.out(`item–item table: ${itemItem.items.length} pairs by ${itemItem.method}${lambda}`);
  weights.forEach(({ upTo, head: own, prior, itemItem: table }, bucket) => {
    const found = heldOut[bucket];
    const worth = found?.cases
      ? `; held-out nDCG@10: taste ${found.taste.toFixed(3)}, prior ${found.prior.toFixed(3)}, table ${found.table.toFixed(3)}, blend ${found.blend.toFixed(3)}`
      : '';
    terminal.out(`  history ${upTo === null ? 'longer' : `up to ${upTo}`}: taste ${own}, prior ${prior}, item–item ${table}${worth}`);
  });
  terminal.out(`written: ${out} (${Math.ceil(bytes / 1024)} KiB)`);
  if (publicKey) terminal.out(`signed; public key for the page: ${publicKey}`);
}

function writePoints(
  points: readonly CurvePoint[],
  startMs: number,
  { curves, logDir }: { curves: string | undefined; logDir: string | undefined },
  { out }: Terminal,
): void {
  if (curves !== undefined) {
    writeCurves(curves, points);
    out(`written: ${curves}`);
  }
  if (logDir !== undefined) out(`written: ${writeTensorboard(logDir, points, startMs)}`);
}
