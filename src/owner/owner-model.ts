// Trains everything that an owner's log teaches: head, prior, item–item table, and how much each of them counts.
import { seededRandom } from '../base/random.ts';
import type { Head } from '../head/evaluate.ts';
import { initialParameters } from '../head/layout.ts';
import { type BlendWeights, type ItemItemTable, itemItemScores } from '../head/log-knowledge.ts';
import { type BlendCase, type LearntBlend, learnBlend } from './blend-weights.ts';
import { type HeldOutCase, heldOutCases, ndcgOf } from './held-out.ts';
import { type ItemItemOptions, itemItemTable, tableCandidates } from './item-item.ts';
import { type Likes, likedRows } from './likes.ts';
import { type Pretrained, type PretrainOptions, pretrain } from './pretrain.ts';
import { type ItemPrior, itemPrior, type PriorOptions } from './prior.ts';
import { type TasteScorer, tasteScorer } from './taste-scorer.ts';

export interface OwnerTrainingOptions extends PretrainOptions {
  prior: Omit<PriorOptions, 'unknown'>;
}

export interface OwnerModel {
  /** The plain cosine (`dot`) where the trained head is not better beyond doubt for held-out users. */
  head: Pretrained;
  prior: ItemPrior;
  itemItem: ItemItemTable;
  /** How the table was made. */
  tableSettings: Pick<ItemItemOptions, 'method' | 'lambda' | 'neighbours'>;
  weights: BlendWeights;
  /** What held-out users say, by number of likes. */
  heldOut: LearntBlend['heldOut'];
}

/** Most held-out users of whom the blend is learned: more change its weights no more. */
const MOST_USERS = 300;
/** A trained head must be better by so many standard errors over users, as one that a visitor trains (`judge`). */
const LEAST_STANDARD_ERRORS = 1;
const SCALE = 10;
const UNKNOWN = ['lowest', 'mean'] as const;

/**
 * Learns head, priors and tables from the users that are not held out, chooses among them and learns their weights on the held-out users,
 * then makes prior and table again from all users.
 * @param vectors [items × dimensions], rows as in `likes`
 * @throws as `pretrain`, `itemPrior` and `itemItemTable`
 */
export async function trainOwnerModel(likes: Likes, vectors: Float32Array, dimensions: number, options: OwnerTrainingOptions): Promise<OwnerModel> {
  const { signal, textShare = 1 } = options;
  const abort = signal ? { signal } : {};
  const trained = await pretrain(likes, vectors, dimensions, options);
  const known = withoutUsers(likes, trained.heldOutUsers);
  const heldOut = likedRows(likes).filter((_, user) => trained.heldOutUsers[user]);
  const cases = heldOutCases(heldOut.slice(0, MOST_USERS), seededRandom(options.seed + 4));
  // Help for languages is compared on a catalogue of its own (`pretrain`).
  const head = options.help ? trained : betterHead(trained, vectors, cases, textShare);
  const taste = tasteScorer({ shape: head.shape, parameters: head.honestParameters }, vectors, textShare);
  const priors = UNKNOWN.map((unknown) => itemPrior(known, { ...options.prior, unknown }).values);
  const settings = tableCandidates(likes);
  const tables: ItemItemTable[] = [];
  for (const one of settings) tables.push(await itemItemTable(known, { ...one, ...abort }));
  const blend = await learnBlend(() => blendCases(cases, taste, priors, tables), signal);
  const tableSettings = settings[blend.table] ?? {};
  return {
    head,
    prior: itemPrior(likes, { ...options.prior, unknown: UNKNOWN[blend.prior] ?? 'lowest' }),
    itemItem: await itemItemTable(likes, { ...tableSettings, ...abort }),
    tableSettings,
    weights: blend.weights,
    heldOut: blend.heldOut,
  };
}

/** The trained head where it is better than the plain cosine beyond doubt, paired by user; else the plain one. */
function betterHead(trained: Pretrained, vectors: Float32Array, cases: readonly HeldOutCase[], textShare: number): Pretrained {
  const { dimensions } = trained.shape;
  const shape = { kind: 'dot', dimensions } as const;
  const plain: Head = { shape, parameters: initialParameters(shape, seededRandom(0), SCALE) };
  const [byTrained, byPlain] = [{ shape: trained.shape, parameters: trained.honestParameters }, plain].map((head) =>
    tasteScorer(head, vectors, textShare),
  ) as [TasteScorer, TasteScorer];
  const gainOf = new Map<number, { sum: number; count: number }>();
  for (const one of cases) {
    const gain = ndcgOf(byTrained(one.history), one) - ndcgOf(byPlain(one.history), one);
    const { sum, count } = gainOf.get(one.user) ?? { sum: 0, count: 0 };
    gainOf.set(one.user, { sum: sum + gain, count: count + 1 });
  }
  const gains = [...gainOf.values()].map(({ sum, count }) => sum / count);
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const error = Math.sqrt(gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / Math.max(1, gains.length - 1) / gains.length);
  if (mean > 0 && mean >= LEAST_STANDARD_ERRORS * error) return trained;
  const { plain: worth } = trained.heldOut;
  const { parameters } = plain;
  return {
    ...trained,
    shape,
    parameters,
    honestParameters: parameters,
    start: 'cosine',
    epochs: 0,
    heldOut: { plain: worth, start: worth, best: worth },
  };
}

function* blendCases(
  cases: readonly HeldOutCase[],
  taste: TasteScorer,
  priors: readonly Float32Array[],
  tables: readonly ItemItemTable[],
): Generator<BlendCase> {
  for (const { history, relevant } of cases) {
    const headScores = taste(history);
    const similar = tables.map((table) => {
      const scores = new Float32Array(headScores.length);
      itemItemScores(table, history, scores);
      return scores;
    });
    yield { history, relevant, headScores, priors, tables: similar };
  }
}

/** The likes of all other users; these users keep their rows, with weights of 0. @param leftOut [users] 1 where left out */
function withoutUsers(likes: Likes, leftOut: Uint8Array): Likes {
  const weights = likes.weights.slice();
  for (let user = 0; user < likes.userCount; user++) if (leftOut[user]) weights.fill(0, likes.offsets[user], likes.offsets[user + 1]);
  return { ...likes, weights };
}
