// Head files: what is written is read, every change is seen, a foreign encoder or owner is refused, half floats by the standard.
import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { toBase64 } from '../base/bytes.ts';
import { canonical, readHeadFile, type TrainedHead } from '../head/head-file.ts';
import { itemItemScores, knowledgeByRow } from '../head/log-knowledge.ts';
import { floatsFromText, floatsToText, fromHalf, toHalf } from '../head/number-text.ts';
import { knowledgeById, readSigningKey, writeHeadFile } from './head-file-writer.ts';
import { itemItemTable } from './item-item.ts';
import { itemPrior } from './prior.ts';
import { likesOf } from './testing/planted-log.ts';

const encoder = { fingerprint: 'abc', dimensions: 4 };
const training = { users: 9, examples: 40, start: 'cosine', epochs: 2, heldOut: { users: 2, plain: 0.25, start: 0.25, best: 0.5 } };
const head: TrainedHead = {
  createdMs: Date.UTC(2026, 0, 2),
  encoder,
  shape: { kind: 'bilinear', dimensions: 4, rank: 2 },
  parameters: Float32Array.from({ length: 18 }, (_, i) => (i - 9) / 8),
  training,
};

test('what is written is read, in float32 bit for bit and in float16 where it fits', async () => {
  for (const type of ['float32', 'float16'] as const) expect(await readHeadFile(await writeHeadFile(head, { type }), { encoder })).toEqual(head);
  const pi = { ...head, parameters: head.parameters.map(() => Math.PI) };
  expect(await readHeadFile(await writeHeadFile(pi, { type: 'float32' }))).toEqual(pi);
});

test('prior, table and blend by id, on a catalogue that lost an item and gained one', async () => {
  const likes = likesOf([...Array.from({ length: 6 }, () => [0, 1, 2]), [0]], 4);
  const [prior, table] = [itemPrior(likes, { asOfMs: 5 }), await itemItemTable(likes)];
  const weights = [
    { upTo: 2, head: 1, prior: 0.5, itemItem: 1 },
    { upTo: null, head: 1, prior: 0, itemItem: 0 },
  ];
  const log = knowledgeById(['a', 'b', 'c', 'd'], (row) => row < 3, prior, table, weights);
  const found = (await readHeadFile(await writeHeadFile({ ...head, log }, { type: 'float32' }))).log;
  expect(found).toEqual(log);
  if (!found) return;
  const byRow = knowledgeByRow(found, ['new', 'c', 'a']);
  expect([...byRow.prior]).toEqual([prior.values[3], prior.values[2], prior.values[0]]);
  const [before, after] = [new Float32Array(4), new Float32Array(3)];
  itemItemScores(table, [0], before);
  itemItemScores(byRow.table, [2], after);
  expect([...after]).toEqual([0, before[2], 0]);
});

test('how likes become a score and categories that do not count are kept; a file without them is read as before', async () => {
  const features = { dimensions: 2, share: 0.2, numericShare: 0.2, seed: 1, numerics: {}, withoutCategories: ['Deutsch'] };
  const file: TrainedHead = { ...head, shape: { kind: 'dot', dimensions: 6 }, parameters: new Float32Array(2), features, reader: 'interests' };
  expect(await readHeadFile(await writeHeadFile(file), { encoder })).toEqual(file);
  const before = await readHeadFile(await writeHeadFile(head), { encoder });
  expect('reader' in before).toBe(false);
});

test('any change is seen, and named', async () => {
  const text = await writeHeadFile(head);
  const file = JSON.parse(text) as Record<string, unknown>;
  const changed = async (part: Record<string, unknown>): Promise<void> => {
    await readHeadFile(JSON.stringify({ ...file, ...part }));
  };
  await expect(changed({ created: '2026-01-03T00:00:00.000Z' })).rejects.toMatchObject({
    code: 'bad-head',
    message: expect.stringContaining('SHA-256'),
  });
  await expect(changed({ extra: 1 })).rejects.toThrow('SHA-256');
  await expect(changed({ version: 2 })).rejects.toThrow('version');
  await expect(changed({ parameters: { type: 'float8', data: '' } })).rejects.toThrow('parameters.type');
  await expect(readHeadFile('{')).rejects.toMatchObject({ code: 'bad-head' });
  // Keys in another order are the same content.
  await readHeadFile(JSON.stringify(Object.fromEntries(Object.entries(file).reverse())));
});

test('a head for another encoder is a clear error', async () => {
  const text = await writeHeadFile(head);
  const other = readHeadFile(text, { encoder: { fingerprint: 'xyz', dimensions: 4 }, name: 'head.json' });
  await expect(other).rejects.toMatchObject({
    code: 'bad-head',
    message: expect.stringMatching(/head\.json was trained on vectors of the encoder abc .* uses xyz/),
  });
  await expect(readHeadFile(text, { encoder: { fingerprint: 'abc', dimensions: 5 } })).rejects.toThrow('5');
});

test('a resealed file with a wrong number of parameters, NaN or a broken table is refused', async () => {
  await expect(writeHeadFile({ ...head, parameters: new Float32Array(17) })).rejects.toMatchObject({ code: 'bad-head' });
  await expect(writeHeadFile({ ...head, parameters: new Float32Array(18).fill(Number.NaN) })).rejects.toThrow('NaN');
  const table = { method: 'ease', offsets: Int32Array.of(0, 1), items: Int32Array.of(7), values: Int8Array.of(1), scale: 1 } as const;
  const log = {
    items: ['a'],
    prior: { asOfMs: 0, users: 1, values: new Float32Array(1), absent: 0 },
    table,
    weights: [{ upTo: null, head: 1, prior: 0, itemItem: 0 }],
  };
  await expect(writeHeadFile({ ...head, log })).rejects.toThrow('table');
});

test('Ed25519: signed by the owner, refused from anyone else or unsigned', async () => {
  const pem = () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const [own, foreign] = [await readSigningKey(pem()), await readSigningKey(pem())];
  const text = await writeHeadFile(head, { signWith: own });
  expect(await readHeadFile(text, { publicKey: own.publicKey })).toEqual(head);
  await expect(readHeadFile(text, { publicKey: foreign.publicKey })).rejects.toThrow('not signed by the owner');
  await expect(readHeadFile(await writeHeadFile(head), { publicKey: own.publicKey })).rejects.toThrow('not signed by the owner');
  const file = JSON.parse(text) as { signature: { value: string } };
  const forged = { ...file, signature: { ...file.signature, value: toBase64(new Uint8Array(64)) } };
  await expect(readHeadFile(JSON.stringify(forged))).rejects.toThrow('signature');
  await expect(readSigningKey('no key')).rejects.toMatchObject({ code: 'bad-argument' });
});

test('half floats: values of IEEE 754 binary16, ties to even, and every finite half comes back', () => {
  // 1, −2, largest, smallest normal, smallest subnormal, 1/3, overflow.
  const known: [number, number][] = [
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [1 / 3, 0x3555],
    [65520, 0x7c00],
  ];
  for (const [value, bits] of known) expect(toHalf(value), String(value)).toBe(bits);
  expect([toHalf(1 + 2 ** -11), toHalf(1 + 3 * 2 ** -11)]).toEqual([0x3c00, 0x3c02]);
  expect(Array.from({ length: 0x7c00 }, (_, bits) => bits).filter((bits) => toHalf(fromHalf(bits)) !== bits)).toEqual([]);
  expect(floatsFromText(floatsToText(Float32Array.of(0.5, -3), 'float16'), 'float16', 2)).toEqual(Float32Array.of(0.5, -3));
});

test('canonical text: keys sorted at every depth, arrays kept', () => {
  expect(canonical({ b: [2, { d: 1, c: undefined }], a: null })).toBe('{"a":null,"b":[2,{"d":1}]}');
});
