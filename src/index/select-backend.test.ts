import { expect, test } from 'vitest';
import { type ErrorCode, RecommenderError } from '../base/errors.ts';
import { seededRandom } from '../base/random.ts';
import type { Backend, ScanTable } from '../compute/backend.ts';
import { createCpuBackend } from '../compute/cpu/cpu-backend.ts';
import { describeBackend } from '../compute/testing/backend-suite.ts';
import { randomVectors } from '../compute/testing/vectors.ts';
import { selectBackend } from './select-backend.ts';
import { createIndex } from './vector-index.ts';

const DIMENSIONS = 16;
const random = seededRandom(3);
const vectors = randomVectors('random', 9000, DIMENSIONS, random);
const query = randomVectors('random', 1, DIMENSIONS, random);

/** A backend whose rows cannot be read back and that fails once it is told to. */
function fragileBackend(kind: 'webgpu' | 'wasm') {
  const state: { fail: ErrorCode | undefined; opened: number } = { fail: undefined, opened: 0 };
  const failing = () => {
    if (state.fail) throw new RecommenderError(state.fail, `${kind} failed in a test.`);
  };
  const oracle = createCpuBackend();
  const backend: Backend = {
    kind,
    description: 'A test.',
    createTable: (dimensions, capacity) => {
      failing();
      state.opened++;
      return fragileTable(oracle.createTable(dimensions, capacity), failing);
    },
    dispose: () => {},
  };
  return { state, backend };
}

function fragileTable(inner: ScanTable, failing: () => void): ScanTable {
  return {
    dimensions: inner.dimensions,
    get size() {
      return inner.size;
    },
    get bytes() {
      return inner.bytes;
    },
    get lastCost() {
      return inner.lastCost;
    },
    set: (start, rows) => {
      failing();
      inner.set(start, rows);
    },
    remove: (rows) => {
      failing();
      inner.remove(rows);
    },
    search: async (queries, k, allowed) => {
      await Promise.resolve();
      failing();
      return inner.search(queries, k, allowed);
    },
    searchInterests: async (interests, k, allowed) => {
      await Promise.resolve();
      failing();
      return inner.searchInterests(interests, k, allowed);
    },
    dispose: () => inner.dispose(),
  };
}

describeBackend('the ladder', async () => (await selectBackend()).backend, { exact: true });
describeBackend('the ladder over rows that cannot be read back', ladderOverCopy, { exact: true });

async function ladderOverCopy(): Promise<Backend> {
  return (await selectBackend({ webgpu: async () => ({ backend: fragileBackend('webgpu').backend }) })).backend;
}

test('takes the best backend there is and says why the others are not used', async () => {
  const heard: string[] = [];
  const none = await selectBackend({ webgpu: async () => ({ reason: 'no adapter.' }), wasm: async () => undefined }, (n) => heard.push(n));
  expect(none.backend.kind).toBe('cpu');
  expect(none.notices).toHaveLength(2);
  expect(none.notices[0]).toBe('WebGPU is not used: no adapter.');
  expect(heard).toEqual(none.notices);
  const usual = await selectBackend();
  expect(usual.backend.kind).toBe('wasm');
  expect(usual.notices).toEqual([]);
  const { backend } = fragileBackend('webgpu');
  expect((await selectBackend({ webgpu: async () => ({ backend }) })).backend.kind).toBe('webgpu');
});

for (const moment of ['search', 'set', 'remove'] as const) {
  test(`a device lost in ${moment} takes the rows, holes included, to the next backend`, async () => {
    const gpu = fragileBackend('webgpu');
    const { backend, notices } = await selectBackend({ webgpu: async () => ({ backend: gpu.backend }) });
    const index = createIndex(backend, { dimensions: DIMENSIONS });
    index.add(vectors);
    index.remove([5, 8999]);
    const before = await index.search(query, 1024);
    gpu.state.fail = 'device-lost';
    if (moment === 'set') index.replace(0, vectors.subarray(0, DIMENSIONS));
    if (moment === 'remove') index.remove([5]);
    // Two at once: the rows move once.
    const [a, b] = await Promise.all([index.search(query, 1024), index.search(query, 1024)]);
    expect(a).toEqual(before);
    expect(b).toEqual(before);
    expect(notices).toEqual(['The index moved from webgpu to wasm, because the device was lost: webgpu failed in a test.']);
    expect(backend.kind).toBe('wasm');
    createIndex(backend, { dimensions: 4 });
    expect(gpu.state.opened).toBe(1);
  });
}

test('lack of memory moves one table, past backends that lack it too, and later tables try again', async () => {
  const gpu = fragileBackend('webgpu');
  const wasm = fragileBackend('wasm');
  const { backend, notices } = await selectBackend({
    webgpu: async () => ({ backend: gpu.backend }),
    wasm: async () => wasm.backend,
  });
  const index = createIndex(backend, { dimensions: DIMENSIONS });
  index.add(vectors);
  const before = await index.search(query, 10);
  gpu.state.fail = 'out-of-memory';
  wasm.state.fail = 'out-of-memory';
  expect(index.add(query)).toBe(9000);
  expect((await index.search(query, 11)).slice(1)).toEqual(before);
  expect(notices).toHaveLength(1);
  expect(notices[0]).toContain('from webgpu to cpu, because there was not enough memory');
  createIndex(backend, { dimensions: DIMENSIONS });
  expect(notices).toHaveLength(2);
  gpu.state.fail = undefined;
  createIndex(backend, { dimensions: DIMENSIONS });
  expect(gpu.state.opened).toBe(2);
});

test('other errors do not move anything, and the last backend’s errors come through', async () => {
  const gpu = fragileBackend('webgpu');
  const { backend, notices } = await selectBackend({
    webgpu: async () => ({ backend: gpu.backend }),
    wasm: async () => undefined,
    cpu: () => fragileBackend('wasm').backend,
  });
  const index = createIndex(backend, { dimensions: DIMENSIONS });
  gpu.state.fail = 'bad-argument';
  await expect(index.search(query, 3)).rejects.toMatchObject({ code: 'bad-argument' });
  expect(notices).toHaveLength(1);
});
