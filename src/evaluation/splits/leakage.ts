// Checks that a split keeps its promises. A leak makes every measured number too good, and nothing else would show it.
import { RecommenderError } from '../../base/errors.ts';
import type { EvaluationCase, InteractionLog, Split } from '../types.ts';

type Fail = (what: string) => never;

/** user × itemCount + item → place in the log. */
function logIndex(log: InteractionLog): Map<number, number> {
  const index = new Map<number, number>();
  for (let at = 0; at < log.user.length; at++) index.set((log.user[at] as number) * log.itemCount + (log.item[at] as number), at);
  return index;
}

function checkCase(one: EvaluationCase, split: Split, log: InteractionLog, index: ReadonlyMap<number, number>, fail: Fail): void {
  const user = log.users[one.user] ?? fail(`a case is of user ${one.user}, of whom the log knows nothing`);
  if (one.relevant.length === 0) fail(`user "${user}" has no relevant item`);
  if (one.historyWeights.length !== one.history.length)
    fail(`user "${user}" has ${one.history.length} items in the history and ${one.historyWeights.length} weights`);
  const history = new Set(one.history);
  const relevant = new Set(one.relevant);
  if (history.size !== one.history.length || relevant.size !== one.relevant.length) fail(`user "${user}" has an item twice`);
  for (const row of relevant) {
    if (history.has(row)) fail(`item ${row} of user "${user}" is both in the history and relevant`);
    if (split.candidates && split.candidates[row] !== 1) fail(`item ${row}, relevant to user "${user}", is no candidate`);
    if (!((log.weight[index.get(one.user * log.itemCount + row) ?? -1] ?? 0) > 0))
      fail(`item ${row} is relevant to user "${user}", who does not like it in the log`);
  }
  for (const row of history)
    if (!index.has(one.user * log.itemCount + row)) fail(`item ${row} is in the history of user "${user}", but not in the log`);
  for (const row of one.excluded ?? []) if (relevant.has(row)) fail(`item ${row} of user "${user}" is both excluded and relevant`);
}

function checkTrain(split: Split, log: InteractionLog, index: ReadonlyMap<number, number>, fail: Fail): void {
  const { train, promises = {}, cases } = split;
  if (train.itemCount !== log.itemCount || train.userCount !== log.users.length) fail('the training matrix is not of the size of the log');
  const heldOut = new Set(cases.flatMap(({ user, relevant }) => Array.from(relevant, (row) => user * log.itemCount + row)));
  const asked = new Set(cases.map(({ user }) => user));
  for (let user = 0; user < train.userCount; user++) {
    for (let at = train.offsets[user] as number; at < (train.offsets[user + 1] as number); at++) {
      const row = train.items[at] as number;
      const pair = user * log.itemCount + row;
      const where = index.get(pair);
      const name = log.users[user] ?? '';
      if (where === undefined) fail(`training holds item ${row} of user "${name}", which the log does not`);
      if (heldOut.has(pair)) fail(`item ${row}, held out for user "${name}", is in training`);
      if (promises.unseenUsers && asked.has(user)) fail(`user "${name}" should be unseen, but is in training`);
      if (promises.coldItems?.[row] === 1) fail(`item ${row} should be cold, but is in training`);
      if (promises.cutMs !== undefined && !((log.timeMs[where ?? -1] as number) < promises.cutMs))
        fail(`training holds item ${row} of user "${name}" from after the cut`);
    }
  }
}

function checkTimes(one: EvaluationCase, split: Split, log: InteractionLog, index: ReadonlyMap<number, number>, fail: Fail): void {
  const { cutMs, latestHeldOut } = split.promises ?? {};
  const timesOf = (rows: Int32Array): number[] =>
    Array.from(rows, (row) => log.timeMs[index.get(one.user * log.itemCount + row) ?? -1] ?? Number.NaN);
  const user = log.users[one.user] ?? '';
  const before = timesOf(one.history);
  const after = timesOf(one.relevant);
  if (cutMs !== undefined) {
    if (!before.every((time) => time < cutMs)) fail(`the history of user "${user}" goes past the cut`);
    if (!after.every((time) => time >= cutMs)) fail(`user "${user}" has a relevant item from before the cut`);
  }
  if (latestHeldOut && Math.max(...before) > Math.min(...after)) fail(`the history of user "${user}" is later than a relevant item`);
}

function checkLanguagesOf(split: Split, fail: Fail): void {
  const { historyLanguages, candidateLanguages, coldItems } = split.promises ?? {};
  if (historyLanguages) {
    const languages = new Set(historyLanguages);
    for (const { history } of split.cases) {
      const other = history.find((row) => !languages.has(split.shownLanguages?.[row] ?? ''));
      if (other !== undefined) fail(`item ${other} of a history is shown in ${split.shownLanguages?.[other]}, which is of the other side`);
    }
  }
  if (candidateLanguages) {
    const languages = new Set(candidateLanguages);
    const other = split.candidates?.findIndex((one, row) => one === 1 && !languages.has(split.shownLanguages?.[row] ?? '')) ?? 0;
    if (other >= 0) fail(`candidate ${other} is shown in ${split.shownLanguages?.[other]}, which is of the other side`);
  }
  if (coldItems) {
    for (const { history, relevant } of split.cases) {
      if (history.some((row) => coldItems[row] === 1)) fail('a history holds a cold item');
      if (relevant.some((row) => coldItems[row] !== 1)) fail('a relevant item is not cold');
    }
  }
}

/**
 * Checks that every held-out pair is a positive of the log, a candidate, not in training and not in its history; that training has
 * only interactions of the log; and that all of `split.promises` holds.
 *
 * @throws bad-argument, which names the user and item that leak
 */
export function assertNoLeakage(split: Split, log: InteractionLog): void {
  const fail: Fail = (what) => {
    throw new RecommenderError('bad-argument', `The split ${split.name} leaks: ${what}. Make the split anew from the log that it is checked with.`, {
      split: split.name,
    });
  };
  const index = logIndex(log);
  for (const one of split.cases) {
    checkCase(one, split, log, index, fail);
    checkTimes(one, split, log, index, fail);
  }
  checkTrain(split, log, index, fail);
  checkLanguagesOf(split, fail);
}
