// Records survive their text form bit for bit, and whatever was changed in it is noticed.
import { expect, test } from 'vitest';
import type { FeedbackEvent, ItemId } from '../base/types.ts';
import { createHeadRecord, examplesHash, type HeadRecord, parseHead, serialiseHead } from './record.ts';
import { forgetRatings } from './unlearn.ts';

const event = (id: string, timeMs: number, kind: FeedbackEvent['kind'] = 'like'): FeedbackEvent => ({ itemId: id as ItemId, kind, timeMs });
const parts = {
  parentId: null,
  encoder: 'e5',
  head: { shape: { kind: 'linear-probe', dimensions: 3 } as const, parameters: Float32Array.of(0.1, -2.5e-20, 3, 1 / 3) },
  events: [event('a', 1), event('b', 2, 'dislike')],
  seed: 1,
  createdMs: 5,
  heldOutNdcg: 0.4,
  parentNdcg: 0.3,
  installed: true,
  reason: 'Taken into use.',
  device: 'cpu' as const,
  elapsedMs: 9,
  points: [{ step: 1, epoch: 0, loss: 0.5, learningRate: 0.1, heldOutNdcg: null }],
};
const make = (more: Partial<typeof parts> = {}): Promise<HeadRecord> => createHeadRecord({ ...parts, ...more });

test('text and back: the same record, parameters bit for bit', async () => {
  const record = await make();
  expect(await parseHead(serialiseHead(record))).toEqual(record);
});

test('the id says what was learned from what, and not when; the record does not change with its parts', async () => {
  const record = await make();
  expect((await make({ createdMs: 99, elapsedMs: 1, reason: 'x', points: [] })).id).toBe(record.id);
  expect((await make({ events: [...parts.events].reverse() })).id).toBe(record.id);
  const others = [
    { seed: 2 },
    { encoder: 'x' },
    { events: parts.events.slice(1) },
    { head: { ...parts.head, parameters: Float32Array.of(0.1, 0, 3, 1 / 3) } },
  ];
  for (const other of others) expect((await make(other)).id).not.toBe(record.id);
  const parameters = Float32Array.of(1, 2, 3, 4);
  const own = await make({ head: { ...parts.head, parameters } });
  parameters.fill(0);
  expect([...own.head.parameters]).toEqual([1, 2, 3, 4]);
  expect(await examplesHash(parts.events)).not.toBe(await examplesHash([event('a', 1), event('b', 3, 'dislike')]));
});

test('what is damaged, of another version or does not fit is refused as bad-head', async () => {
  const text = serialiseHead(await make());
  const changed = (change: (json: Record<string, unknown>) => void): string => {
    const json: Record<string, unknown> = JSON.parse(text);
    change(json);
    return JSON.stringify(json);
  };
  const infinite = (await make({ head: { ...parts.head, parameters: Float32Array.of(1, 2, 3, Number.POSITIVE_INFINITY) } })) as HeadRecord;
  const wrong: [string, RegExp][] = [
    ['', /not JSON/],
    ['{}', /format/],
    [changed((json) => Object.assign(json, { version: 2 })), /version/],
    [changed((json) => Object.assign(json, { device: 'abacus' })), /device/],
    [changed((json) => Object.assign(json, { shape: { kind: 'linear-probe', dimensions: 4 } })), /5 parameters; got 4/],
    [changed((json) => Object.assign(json, { shape: { kind: 'dot', dimensions: 3, rank: 1 } })), /takes nothing for 'rank'/],
    [changed((json) => Object.assign(json, { events: [event('a', 1)] })), /examplesHash/],
    [changed((json) => Object.assign(json, { seed: 7 })), /id is not/],
    [serialiseHead(infinite), /NaN or infinity/],
  ];
  for (const [broken, message] of wrong)
    await expect(parseHead(broken)).rejects.toMatchObject({ code: 'bad-head', message: expect.stringMatching(message) });
  await expect(make({ head: { ...parts.head, parameters: Float32Array.of(1) } })).rejects.toMatchObject({ code: 'bad-head' });
});

test('forgetting drops heads that know a rating which was taken back or changed, and heads judged against those', async () => {
  const first = await make({ events: [event('a', 1)] });
  const second = await createHeadRecord({ ...parts, events: [event('a', 1), event('b', 2)], parentId: first.id });
  const third = await createHeadRecord({ ...parts, events: [event('a', 1)], parentId: second.id });
  const all = [first, second, third];
  expect(forgetRatings(all, [event('a', 1), event('b', 2), event('c', 3)])).toEqual({ kept: all, dropped: [] });
  expect(forgetRatings(all, [event('a', 1)])).toEqual({ kept: [first], dropped: [second, third] });
  expect(forgetRatings(all, [event('a', 1, 'dislike'), event('b', 2)])).toEqual({ kept: [], dropped: all });
});
