// Turns the runs of the training benchmark into a page and its figures. Ratios are taken within a round, where both meet the same
// load; a library counts in the mode in which it does better.
import { median, table } from '../lib.mjs';

const TITLES = {
  'own-wasm': () => 'this project, WASM',
  'own-plain': () => 'this project, plain TypeScript',
  'own-webgpu': () => 'this project, WebGPU',
  'tfjs-wasm': ({ tfjs }) => `TensorFlow.js ${tfjs}, wasm`,
  'tfjs-cpu': ({ tfjs }) => `TensorFlow.js ${tfjs}, cpu`,
  'tfjs-webgpu': ({ tfjs }) => `TensorFlow.js ${tfjs}, webgpu`,
  'jax-wasm': ({ jax }) => `jax-js ${jax}, wasm, jit`,
  'jax-webgpu': ({ jax }) => `jax-js ${jax}, webgpu, jit`,
};
/** Above the oracle's loss after the last epoch: rounding differs, the work does not. */
const TOLERANCE = 1.01;
/** Printed last. */
const MAIN_FIGURES = ['train.cpu_vs_tfjs_wasm', 'train.gpu_dispatches_per_step', 'train.cpu_vs_jax_js'];

/** @returns {{text: string, figures: Record<string, string>}} */
export function pageText(runs, about) {
  const cpu = summaries(
    runs.filter(({ mode }) => mode !== 'webgpu'),
    about.heads,
  );
  const gpu = summaries(
    runs.filter(({ mode }) => mode === 'webgpu'),
    about.heads,
  );
  const figures = { ...cpuFigures(cpu), ...gpuFigures(gpu) };
  figures['train.largest_loss_difference'] = Math.max(...runs.map(largestDifference)).toExponential(1);
  const main = MAIN_FIGURES.filter((name) => figures[name] !== undefined);
  const others = Object.keys(figures).filter((name) => !main.includes(name));
  return {
    text: [...introduction(runs, figures, about), ...cpuPart(cpu, runs, figures, about), ...gpuPart(gpu, runs, figures, about)].join('\n\n'),
    figures: Object.fromEntries([...others, ...main].map((name) => [name, figures[name]])),
  };
}

/** For each head: each system's rate and time in each mode, and in its better mode. */
function summaries(runs, heads) {
  return heads.map((head) => {
    const here = runs.filter((run) => run.head === head);
    const modes = [...new Set(here.map(({ mode }) => mode))];
    const rows = [...new Set(here.flatMap(({ names }) => names))].map((name) => {
      const byMode = modes.map((mode) => {
        const some = here.filter((run) => run.mode === mode);
        return { mode, rate: median(some.flatMap(({ warm }) => warm[name])), coldMs: median(some.map(({ cold }) => timeToLoss(cold, name))) };
      });
      /** How many times as fast this project is, in the mode that is the worst for it. */
      const behind = (own) =>
        Math.min(
          ...modes.map((mode) =>
            median(
              ratiosOf(
                here.filter((run) => run.mode === mode),
                own,
                name,
              ),
            ),
          ),
        );
      const most = (key) => Math.max(...here.map(({ cold }) => cold[name][key]));
      return {
        name,
        byMode,
        behind,
        rate: Math.max(...byMode.map(({ rate }) => rate)),
        coldMs: Math.min(...byMode.map(({ coldMs }) => coldMs)),
        dispatches: most('dispatches'),
        submissions: most('submissions'),
      };
    });
    return { head, rows };
  });
}

/** Of the rates of two systems, round by round. */
function ratiosOf(runs, own, peer) {
  return runs.flatMap(({ warm }) => warm[own].map((rate, round) => rate / warm[peer][round]));
}

/** Milliseconds from nothing to the oracle's last loss; infinite when a system does not get there. */
function timeToLoss(cold, name) {
  const target = cold['own-plain'].epochs.at(-1).loss * TOLERANCE;
  let ms = cold[name].createMs;
  for (const epoch of cold[name].epochs) {
    ms += epoch.ms;
    if (epoch.loss <= target) return ms;
  }
  return Number.POSITIVE_INFINITY;
}

/** Largest relative difference between the oracle's loss and another's after the same epoch: shows that all do the same work. */
function largestDifference({ cold }) {
  const oracle = cold['own-plain'].epochs;
  return Math.max(...Object.values(cold).flatMap(({ epochs }) => epochs.map(({ loss }, i) => Math.abs(loss / oracle[i].loss - 1))));
}

const keyOf = (head) => head.replace(/, (rank )?/, '_').replace(/ hidden/, '');
const rowOf = ({ rows }, name) => rows.find((row) => row.name === name);

/** The rate of one system against another's, for each head. */
function ratios(parts, own, peer) {
  return Object.fromEntries(parts.map((part) => [keyOf(part.head), rowOf(part, peer).behind(own)]));
}

function addRatios(figures, name, byHead) {
  for (const [head, ratio] of Object.entries(byHead)) figures[`${name}.${head}`] = ratio.toFixed(2);
  figures[name] = Math.min(...Object.values(byHead)).toFixed(2);
}

function cpuFigures(parts) {
  const figures = {};
  for (const part of parts) figures[`train.examples_per_second.${keyOf(part.head)}`] = rowOf(part, 'own-wasm').rate.toFixed(0);
  addRatios(figures, 'train.cpu_vs_tfjs_wasm', ratios(parts, 'own-wasm', 'tfjs-wasm'));
  addRatios(figures, 'train.cpu_vs_jax_js', ratios(parts, 'own-wasm', 'jax-wasm'));
  return figures;
}

function gpuFigures(parts) {
  const figures = {};
  for (const name of ['own-webgpu', 'tfjs-webgpu', 'jax-webgpu']) {
    const suffix = name === 'own-webgpu' ? '' : `_${name.split('-')[0]}`;
    const found = parts.flatMap((part) => rowOf(part, name)?.dispatches ?? []);
    if (found.length > 0) figures[`train.gpu_dispatches_per_step${suffix}`] = round(Math.max(...found));
  }
  if (parts.every((part) => rowOf(part, 'own-webgpu'))) {
    addRatios(figures, 'train.gpu_vs_tfjs_webgpu', ratios(parts, 'own-webgpu', 'tfjs-webgpu'));
    addRatios(figures, 'train.gpu_vs_jax_js_webgpu', ratios(parts, 'own-webgpu', 'jax-webgpu'));
  }
  return figures;
}

const count = (value) => Math.round(value).toLocaleString('en');
const round = (value) => String(Math.round(value * 10) / 10);
const inMs = (ms) => (ms === Number.POSITIVE_INFINITY ? 'not reached' : ms.toFixed(0));

function introduction(runs, figures, { examples, users, items, batchSize, learningRate, visits, rounds }) {
  const loads = runs.map(({ load }) => load);
  const [least, most, cores] = [Math.min(...loads), Math.max(...loads), runs[0].cores];
  return [
    `${count(examples)} examples of ${users} users and ${items} items with 384 dimensions, batches of ${batchSize}, binary cross-entropy on logits, Adam, \
learning rate ${learningRate}, float32. Every system gets the same start and the same batches in the same order, and reads its rows from vectors that it holds. \
After each of the first epochs (10; on WebGPU 4) the losses of all systems, computed by the plain TypeScript oracle, differ by at most ${figures['train.largest_loss_difference']} (relative): systems that do the same work differ by rounding alone.`,
    `Examples a second: warm, median of ${rounds} rounds a visit, in which the systems take turns; visits: ${visits} (on WebGPU always 1). Ms to the loss: from code loaded, with upload and compilation, \
to the end of the first epoch that reaches the oracle’s loss after those epochs plus 1 %, median of the visits. Load average of the ${cores} cores: ${least.toFixed(1)} to ${most.toFixed(1)}\
${most > cores ? ', so other work slowed everything at times; ratios mean more than times' : ''}.`,
  ];
}

function cpuPart(parts, runs, figures, { versions }) {
  const threads = Math.max(...runs.map(({ tfjsThreads }) => tfjsThreads));
  const rows = parts.flatMap(({ head, rows: some }) =>
    some.map(({ name, byMode, behind, coldMs }) => ({
      head,
      system: TITLES[name](versions),
      ...Object.fromEntries(byMode.map((one) => [`examples/s, ${one.mode}`, count(one.rate)])),
      'WASM here is faster by': name === 'own-wasm' ? '' : behind('own-wasm').toFixed(1),
      'ms to the loss': inMs(coldMs),
    })),
  );
  return [
    '## On the processor',
    `The lowest ratio over the heads is ${figures['train.cpu_vs_tfjs_wasm']} against TensorFlow.js on WASM (goal: at least 3) and ${figures['train.cpu_vs_jax_js']} against jax-js.`,
    `Pages with and without cross-origin isolation: in isolated ones TensorFlow.js and jax-js may use threads (of ${runs[0].cores} cores TensorFlow.js takes ${threads}, by its own rule), \
this project always uses one. Faster by: the median of the ratios within a round, in the mode that suits the other best. Ms to the loss: the better mode.`,
    table(rows),
    'TensorFlow.js: `optimizer.minimize` over variables, rows by `tf.gather` from tensors that stay on the backend. jax-js: one `jit` function for gradient and Adam, rows by `np.take`. Nobody reads anything back within an epoch.',
  ];
}

function gpuPart(parts, runs, figures, { versions }) {
  const adapter = runs.find(({ mode }) => mode === 'webgpu')?.adapter ?? 'none';
  const ratio = figures['train.gpu_vs_tfjs_webgpu'];
  const rows = parts.flatMap(({ head, rows: some }) =>
    some.map(({ name, behind, rate, coldMs, dispatches, submissions }) => ({
      head,
      system: TITLES[name](versions),
      'dispatches a step': round(dispatches),
      'submissions a step': submissions.toFixed(2),
      'examples/s': count(rate),
      ...(ratio && { 'this project is faster by': name === 'own-webgpu' ? '' : behind('own-webgpu').toFixed(1) }),
      'ms to the loss': inMs(coldMs),
    })),
  );
  const verdict = ratio
    ? `The lowest ratio of rates over the heads is ${ratio} against TensorFlow.js and ${figures['train.gpu_vs_jax_js_webgpu']} against jax-js (goal: at least 1).`
    : 'This project’s own GPU path is left out: this version has none.';
  return [
    '## On WebGPU',
    `Adapter: ${adapter}. A hardware adapter has other rates, the same dispatches. Dispatches and submissions are counted in the last cold epoch by wrapping \
\`dispatchWorkgroups\`, \`dispatchWorkgroupsIndirect\` and \`submit\`, for every system alike. ${verdict}`,
    table(rows),
    'Here a thread of a kernel has a tile of four by four products in registers, and no kernel waits for other threads within a dispatch. \
Several candidates a user, regularisation and clipping need further dispatches; they are not part of this run.',
  ];
}
