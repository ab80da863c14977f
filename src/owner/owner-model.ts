// Trains everything that an owner's log teaches: head, prior, item–item table, and how much each of them counts.
import { seededRandom } from '../base/random.ts';
import { type BlendWeights, type ItemItemTable, itemItemScores } from '../head/log-knowledge.ts';
import { type BlendCase, learnBlendWeights } from './blend-weights.ts';
import { allScores, heldOutCases, ndcgOf } from './held-out.ts';
import { itemItemTable } from './item-item.ts';
import { type Likes, likedRows } from './likes.ts';
import { type Pretrained, type PretrainOptions, pretrain } from './pretrain.ts';
import { type ItemPrior, itemPrior, type PriorOptions } from './prior.ts';
import { meanVector } from './user-vectors.ts';

export interface OwnerTrainingOptions extends PretrainOptions {
  prior: PriorOptions;
}

export interface OwnerModel {
  head: Pretrained;
  prior: ItemPrior;
  itemItem: ItemItemTable;
  weights: BlendWeights;
}

/**
 * Learns head, prior and table from the users that are not held out, learns the weights of the three on the held-out users, then makes
 * prior and table again from all users.
 * @param vectors [items × dimensions], rows as in `likes`
 * @throws as `pretrain`, `itemPrior` and `itemItemTable`
 */
export async function trainOwnerModel(likes: Likes, vectors: Float32Array, dimensions: number, options: OwnerTrainingOptions): Promise<OwnerModel> {
  const { signal } = options;
  const abort = signal ? { signal } : {};
  const head = await pretrain(likes, vectors, dimensions, options);
  const known = withoutUsers(likes, head.heldOutUsers);
  const parts = { prior: itemPrior(known, options.prior).values, table: await itemItemTable(known, abort) };
  const heldOut = likedRows(likes).filter((_, user) => head.heldOutUsers[user]);
  const cases = heldOutCases(heldOut, seededRandom(options.seed + 4));
  const weights = await learnBlendWeights(blendCases(cases, head, parts, vectors, dimensions), { worth: ndcgOf, ...abort });
  return { head, prior: itemPrior(likes, options.prior), itemItem: await itemItemTable(likes, abort), weights };
}

function* blendCases(
  cases: ReturnType<typeof heldOutCases>,
  { shape, honestParameters }: Pretrained,
  { prior, table }: { prior: Float32Array; table: ItemItemTable },
  vectors: Float32Array,
  dimensions: number,
): Generator<BlendCase> {
  for (const { history, relevant } of cases) {
    const itemItem = new Float32Array(prior.length);
    itemItemScores(table, history, itemItem);
    yield { history, relevant, prior, itemItem, headScores: allScores(shape, honestParameters, vectors, meanVector(vectors, dimensions, history)) };
  }
}

/** The likes of all other users; these users keep their rows, with weights of 0. @param leftOut [users] 1 where left out */
function withoutUsers(likes: Likes, leftOut: Uint8Array): Likes {
  const weights = likes.weights.slice();
  for (let user = 0; user < likes.userCount; user++) if (leftOut[user]) weights.fill(0, likes.offsets[user], likes.offsets[user + 1]);
  return { ...likes, weights };
}
