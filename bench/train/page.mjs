// Runs in the browser: the same head on the same batches with the same optimiser in every system, in turns.

import { seededRandom } from '../../src/base/random.ts';
import { createBatchSource } from '../../src/head/batches.ts';
import { createCpuStepper } from '../../src/head/cpu-stepper.ts';
import { initialParameters } from '../../src/head/layout.ts';
import { smallSet } from '../../src/head/testing/small-sets.ts';
import { counts } from './dispatches.mjs';
import { DIMENSIONS, SHAPES } from './heads.mjs';
import { createJax } from './jax.mjs';
import { createOwn, LOSS, OPTIMISER, trainsOnGpu } from './own.mjs';
import { createTfjs, threadsOfTfjs } from './tfjs.mjs';

const CREATE = {
  'own-wasm': (task) => createOwn('wasm', task),
  'own-plain': (task) => createOwn('plain', task),
  'own-webgpu': (task) => createOwn('webgpu', task),
  'tfjs-wasm': (task) => createTfjs('wasm', task),
  'tfjs-cpu': (task) => createTfjs('cpu', task),
  'tfjs-webgpu': (task) => createTfjs('webgpu', task),
  'jax-wasm': (task) => createJax('wasm', task),
  'jax-webgpu': (task) => createJax('webgpu', task),
};

const systems = {};
let task;
let source;

/** Draws the data for one head. @returns what the page has to run on */
export async function prepare({ head, examples, users, items, batchSize, learningRate, seed }) {
  const shape = SHAPES[head];
  const drawn = smallSet({ persons: users, items, examples, dimensions: DIMENSIONS, seed });
  const set = { ...drawn, weight: new Float32Array(examples).fill(1) };
  source = createBatchSource(set, items, { loss: LOSS, batchSize, random: seededRandom(seed), personal: false });
  task = { shape, set, initial: initialParameters(shape, seededRandom(seed)), learningRate, limits: source.limits };
  const adapter = await navigator.gpu?.requestAdapter();
  const { vendor, architecture, description } = adapter?.info ?? {};
  return {
    isolated: globalThis.crossOriginIsolated,
    cores: navigator.hardwareConcurrency,
    adapter: adapter && [...new Set([vendor, architecture, description])].filter(Boolean).join(' '),
    trainsOnGpu,
  };
}

/** Batches of some epochs, the same for every system. */
function draw(epochs) {
  return Array.from({ length: epochs }, () => [...source.epoch()]);
}

/** Mean loss over the whole set, computed by the oracle whoever trained. */
function lossOf(parameters) {
  const { shape, set, limits } = task;
  const size = set.label.length;
  const stepper = createCpuStepper({ shape, set, limits: { ...limits, size }, initial: parameters, loss: LOSS, optimiser: OPTIMISER });
  const { userRow: userRows, itemRow: itemRows, label: labels, weight: weights } = set;
  return stepper.lossAndGradient({ size, candidates: 1, shared: false, userRows, itemRows, labels, weights, persons: new Int32Array(size) });
}

/**
 * Each system from nothing, code loaded: creation (its compilations included) and epochs; the loss is looked at off the clock.
 * What WebGPU is handed is counted in the last epoch, when all is compiled.
 * @returns for each name createMs, epochs [{ms, loss}], dispatches and submissions per step
 */
export async function runCold({ names, epochs }) {
  const batches = draw(epochs);
  const found = {};
  for (const name of names) {
    const startMs = performance.now();
    systems[name] = await CREATE[name](task);
    const createMs = performance.now() - startMs;
    const rows = [];
    let before = counts;
    for (const epoch of batches) {
      before = { ...counts };
      const epochMs = performance.now();
      await systems[name].epoch(epoch);
      const ms = performance.now() - epochMs;
      const perStep = (key) => (counts[key] - before[key]) / epoch.length;
      rows.push({ ms, dispatches: perStep('dispatches'), submissions: perStep('submissions') });
      rows.at(-1).loss = lossOf(await systems[name].parameters());
    }
    const { dispatches, submissions } = rows.at(-1);
    found[name] = { createMs, epochs: rows, dispatches, submissions };
  }
  return { cold: found, tfjsThreads: threadsOfTfjs() };
}

/** Rounds in which every system trains in turn, each for about `roundMs`. @returns {Promise<Record<string, number[]>>} examples/s */
export async function runWarm({ names, rounds, roundMs }) {
  const batches = draw(4);
  const examples = task.set.label.length;
  const rates = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round) % names.length];
      const startMs = performance.now();
      let [done, ms] = [0, 0];
      while (ms < roundMs) {
        await systems[name].epoch(batches[done % batches.length]);
        done++;
        ms = performance.now() - startMs;
      }
      rates[name].push((done * examples * 1000) / ms);
    }
  }
  return rates;
}
