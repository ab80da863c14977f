// Several writers find one stale lock at the same moment: exactly one gets its file.
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimFile } from './claimed-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kindred-claim-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const dead = JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }); // above Linux's largest process id
const lockOf = (i: number) => join(folder, `kindred-${i}.vec.lock`);

test('several writers find stale locks together: no two get the same file, and no lock is left behind', async () => {
  for (let round = 0; round < 20; round++) {
    for (let i = 0; i < 3; i++) writeFileSync(lockOf(i), dead);
    // Each starts a little after the one before, in most rounds while that one is between looking and taking.
    const late = async (turns: number) => {
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
      return claimFile(folder, 'kindred', '.vec');
    };
    const claims = await Promise.all(Array.from({ length: 8 }, (_, i) => late(i * (1 + (round % 5)))));
    expect(new Set(claims.map(({ path }) => path)).size).toBe(8);
    await Promise.all(claims.map(({ release }) => release()));
    // A dead lock that all of them passed by while another held its token may remain; live ones and tokens may not.
    for (let i = 0; i < 3; i++) rmSync(lockOf(i), { force: true });
    expect(readdirSync(folder)).toEqual([]);
  }
});

test('a claim is released once, and the next writer gets the file', async () => {
  const first = await claimFile(folder, 'kindred', '.vec');
  const second = await claimFile(folder, 'kindred', '.vec');
  expect([first.path, second.path]).toEqual([0, 1].map((i) => join(folder, `kindred-${i}.vec`)));
  await first.release();
  expect(existsSync(lockOf(0))).toBe(false);
  expect((await claimFile(folder, 'kindred', '.vec')).path).toBe(first.path);
});

test('a process that died while it took over or wrote a lock blocks nobody for long', async () => {
  writeFileSync(lockOf(0), dead);
  writeFileSync(`${lockOf(0)}.takeover`, dead);
  writeFileSync(lockOf(1), '');
  utimesSync(lockOf(1), 0, 0);
  writeFileSync(lockOf(2), ''); // is being written now
  const claims = [];
  for (let i = 0; i < 3; i++) claims.push(await claimFile(folder, 'kindred', '.vec'));
  expect(claims.map(({ path }) => path)).toEqual([0, 1, 3].map((i) => join(folder, `kindred-${i}.vec`)));
  for (const { release } of claims) await release();
  expect(readdirSync(folder)).toEqual(['kindred-2.vec.lock']);
});

test('several writers find a stale lock with a stale token: no two get the same file', async () => {
  for (let round = 0; round < 20; round++) {
    writeFileSync(lockOf(0), dead);
    writeFileSync(`${lockOf(0)}.takeover`, dead);
    const claims = await Promise.all(Array.from({ length: 6 }, () => claimFile(folder, 'kindred', '.vec')));
    expect(new Set(claims.map(({ path }) => path)).size).toBe(6);
    await Promise.all(claims.map(({ release }) => release()));
    rmSync(lockOf(0), { force: true });
    expect(readdirSync(folder)).toEqual([]);
  }
});
