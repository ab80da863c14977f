import { expect, test } from 'vitest';
import { smallItems, smallLog } from '../testing/small-log.ts';
import type { EvaluationCase, InteractionMatrix, Split } from '../types.ts';
import { coldItems } from './by-item.ts';
import { globalTemporal } from './by-time.ts';
import { kFoldUsers, leaveLastOut } from './by-user.ts';
import { languageMasked } from './language-masked.ts';
import { assertNoLeakage } from './leakage.ts';

const LOG = smallLog(60, 40);
const ITEMS = smallItems(40);

/** The split with its first case changed. */
function withCase<T extends Split>(split: T, change: (one: EvaluationCase) => Partial<EvaluationCase>): T {
  const [first, ...others] = split.cases;
  if (!first) throw new Error('no case');
  return { ...split, cases: [{ ...first, ...change(first) }, ...others] };
}

/** The matrix with one more interaction. */
function withPair(train: InteractionMatrix, user: number, item: number): InteractionMatrix {
  const end = train.offsets[user + 1] as number;
  return {
    ...train,
    offsets: train.offsets.map((offset, at) => (at > user ? offset + 1 : offset)),
    items: Int32Array.of(...train.items.subarray(0, end), item, ...train.items.subarray(end)),
    weights: Float32Array.of(...train.weights, 1),
  };
}

const plain = leaveLastOut(LOG, { seed: 1 });
const firstCase = plain.cases[0] as EvaluationCase;
const cold = coldItems(LOG, { seed: 1 });
const temporal = globalTemporal(LOG, { seed: 1 });
const fold = kFoldUsers(LOG, { seed: 1 })[0] as Split;
const masked = languageMasked(LOG, ITEMS, { seed: 1, historyCount: 2 })[0] as Split;
const coldCase = cold.cases[0] as EvaluationCase;
const neverLiked = [...Array(40).keys()].find((row) => !LOG.item.some((item, at) => item === row && LOG.user[at] === firstCase.user)) as number;

const LEAKS: [string, Split, RegExp][] = [
  [
    'a held-out pair in training',
    { ...plain, train: withPair(plain.train, firstCase.user, firstCase.relevant[0] as number) },
    /held out for user "u\d+", is in training/,
  ],
  ['a pair that the log lacks', { ...plain, train: withPair(plain.train, firstCase.user, neverLiked) }, /which the log does not/],
  [
    'history and relevant overlap',
    withCase(plain, ({ history, historyWeights, relevant }) => ({
      history: Int32Array.of(...history, ...relevant),
      historyWeights: Float32Array.of(...historyWeights, 1),
    })),
    /both in the history and relevant/,
  ],
  ['nothing relevant', withCase(plain, () => ({ relevant: new Int32Array(0) })), /has no relevant item/],
  ['an item twice', withCase(plain, ({ relevant }) => ({ relevant: Int32Array.of(...relevant, ...relevant) })), /an item twice/],
  ['relevant to nobody', withCase(plain, () => ({ relevant: Int32Array.of(neverLiked) })), /does not like it in the log/],
  ['weights missing', withCase(plain, () => ({ historyWeights: new Float32Array(0) })), /weights/],
  [
    'a history of somebody else',
    withCase(plain, () => ({ history: Int32Array.of(neverLiked), historyWeights: Float32Array.of(1) })),
    /not in the log/,
  ],
  ['excluded and relevant', withCase(plain, ({ relevant }) => ({ excluded: relevant })), /both excluded and relevant/],
  ['an unseen user in training', { ...fold, train: plain.train }, /should be unseen|is in training/],
  [
    'a cold item in training',
    { ...cold, train: withPair(cold.train, coldCase.user, coldCase.relevant[0] as number), cases: cold.cases.slice(1) },
    /should be cold/,
  ],
  ['a candidate missing', { ...cold, candidates: new Uint8Array(40) }, /is no candidate/],
  ['training from after the cut', { ...temporal, promises: { cutMs: 1e12 }, cases: [] }, /from after the cut/],
  ['a history past the cut', { ...temporal, promises: { cutMs: 1e12 } }, /goes past the cut/],
  ['a relevant item before the cut', { ...temporal, promises: { cutMs: 2e12 } }, /from before the cut/],
  [
    'a history later than what is asked',
    {
      ...temporal,
      ...withCase(plain, ({ history, historyWeights, relevant }) => ({
        history: relevant,
        historyWeights: historyWeights.slice(0, 1),
        relevant: history.slice(0, 1),
      })),
      train: fold.train,
    },
    /is later than a relevant item/,
  ],
  [
    'a history from the other side',
    { ...masked, promises: { historyLanguages: masked.promises?.candidateLanguages ?? [] } },
    /of a history is shown in .* other side/,
  ],
  [
    'candidates from the other side',
    { ...masked, promises: { candidateLanguages: masked.promises?.historyLanguages ?? [] } },
    /candidate \d+ is shown in/,
  ],
];

test.each(LEAKS)('caught: %s', (_what, split, message) => {
  expect(() => assertNoLeakage(split, LOG)).toThrow(expect.objectContaining({ code: 'bad-argument', message: expect.stringMatching(message) }));
});

test('the splits that the leaks were made from pass', () => {
  for (const split of [plain, cold, temporal, fold, masked]) expect(() => assertNoLeakage(split, LOG)).not.toThrow();
});
