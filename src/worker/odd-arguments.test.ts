// Whatever a page passes to a call, the engine answers or refuses with a code of its own, and goes on. Over the real codec and a real
// port, as in the worker. ODD_ARGUMENTS_SEED repeats a failed run.
import * as Comlink from 'comlink';
import { afterEach, expect, test } from 'vitest';
import { installErrorCodec } from '../base/error-codec.ts';
import { RecommenderError } from '../base/errors.ts';
import { type RandomSource, randomBelow, seededRandom } from '../base/random.ts';
import { Engine } from '../engine/engine.ts';
import { smallModel } from '../engine/testing/small-encoder.ts';
import type { EngineApi, EngineSettings, EngineStatus } from '../protocol/engine-api.ts';

const CALLS = 2000;
const SETTINGS: EngineSettings = { modelUrl: '', modelKind: 'manifest', encoder: 'auto', speed: 'refined', quickModelUrl: '', databaseName: 'odd' };
const IDS = Array.from({ length: 12 }, (_, i) => `i${i}`);
const LINES = IDS.map((id, i) => JSON.stringify({ id, language: i % 2 ? 'en' : 'de', title: `Title ${id}`, categories: [`c${i % 3}`] })).join('\n');
const SOURCE = { kind: 'file' as const, name: 'sale 50% off.ndjson', data: new Blob([LINES]) };
const LOG = { log: new Blob(['user,item,weight,timestamp\nu,i0,1,1\nu,i1,1,2\n']), name: 'log.csv', split: 'leave-last-out' as const };
const ignored = (): void => undefined;

/** Arguments that are right, for each call: the fuzz replaces one, or a field of one. */
const RIGHT: { readonly [K in keyof EngineApi]: Parameters<EngineApi[K]> } = {
  start: [SETTINGS, ignored, ignored],
  openCatalogue: [SOURCE],
  recommend: [
    { count: 5, policy: { mode: 'prefer', languages: ['de'], share: 0.5 }, rules: [{ rule: 'pin', items: ['i1'] }], reasons: true, familiarity: 0.5 },
  ],
  search: ['title', { count: 5, quick: false, diversity: 0.2 }],
  rate: ['i1' as never, 'like'],
  ratings: [],
  items: [['i0', 'i1']],
  browse: [0, 5],
  previewCatalogue: [SOURCE, 'preview'],
  stopPreview: ['preview'],
  catalogues: [],
  deleteCatalogue: [SOURCE.name],
  encodeOnDevice: [],
  train: [10],
  stopTraining: [],
  heads: [],
  restoreHead: ['start'],
  suggestQuestions: [3],
  fairness: [],
  stopMeasuring: [],
  measureQuality: [LOG],
  map: ['before'],
  storage: [],
  exportData: [],
  stopEncoding: [],
  resumeEncoding: [],
  status: [],
  requestPersistence: [],
  vectors: [['i0']],
  erase: [],
  dispose: [],
};

/** After these the fuzz opens the catalogue again. They are called less often than the others. */
const CLOSING: readonly (keyof EngineApi)[] = ['start', 'openCatalogue', 'deleteCatalogue', 'erase', 'dispose'];

const ODD: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -1,
  0.5,
  1e9,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  10n,
  '',
  ' ',
  '%',
  '__proto__',
  'constructor',
  '\uD800',
  '\0',
  'x'.repeat(5000),
  'http://[',
  'data:text/plain,%E0%A4%A',
  [],
  [null],
  [[]],
  ['i0', 7],
  {},
  { length: -1 },
  { kind: 'url', url: 'http://[%' },
  { kind: 'stored', id: '%' },
  { kind: 'file', name: '%', data: 'text' },
  new Map([['a', 1]]),
  new Date(Number.NaN),
  new Uint8Array(3),
  new Blob(['\0\uFFFD']),
  new Error('odd'),
];

const pick = <T>(random: RandomSource, list: readonly T[]): T => list[randomBelow(list.length, random)] as T;

/** The right arguments with one of them, or one field somewhere inside, replaced; or more or fewer arguments. */
function oddArguments(random: RandomSource, right: readonly unknown[]): unknown[] {
  if (right.length === 0 || random() < 0.1) return Array.from({ length: randomBelow(4, random) }, () => pick(random, ODD));
  const at = randomBelow(right.length, random);
  return right.map((value, i) => (i === at ? changed(random, value) : value));
}

function changed(random: RandomSource, value: unknown): unknown {
  const plain = Array.isArray(value) || (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype);
  if (!plain || random() < 0.25) return pick(random, ODD);
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...value] : { ...value };
  const key = pick(random, Object.keys(copy));
  Reflect.set(copy, key, changed(random, Reflect.get(copy, key)));
  return copy;
}

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

test(`${CALLS} calls with odd arguments: no raw error, no end of the worker, right answers afterwards`, { timeout: 60_000 }, async () => {
  installErrorCodec();
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  Comlink.expose(new Engine({ loadModel: () => Promise.resolve(smallModel()) }), port1);
  const api = Comlink.wrap<EngineApi>(port2);
  const faults: unknown[] = [];
  const onStatus = ({ fault }: EngineStatus): void => {
    if (fault) faults.push(fault);
  };
  const open = async (): Promise<void> => {
    await api.start(SETTINGS, Comlink.proxy(onStatus), Comlink.proxy(ignored));
    await api.openCatalogue(SOURCE);
  };
  await open();

  const seed = Number(process.env.ODD_ARGUMENTS_SEED ?? Date.now() % 1_000_000);
  const random = seededRandom(seed);
  const names = Object.keys(RIGHT) as (keyof EngineApi)[];
  const wrong: string[] = [];
  let refused = 0;
  for (let call = 0; call < CALLS; call++) {
    let name = pick(random, names);
    if (CLOSING.includes(name) && random() < 0.7) name = pick(random, names);
    const given = oddArguments(random, RIGHT[name]);
    const sent = given.map((value) => (value === ignored ? Comlink.proxy(ignored) : value));
    try {
      await (api[name] as (...given: unknown[]) => Promise<unknown>)(...sent);
      if (CLOSING.includes(name)) await open();
    } catch (error) {
      refused++;
      const fine = error instanceof RecommenderError && !['internal-error', 'worker-failed', 'encoder-fault'].includes(error.code);
      if (!fine) wrong.push(`seed ${seed}, call ${call}: ${name}(${given.map(shown).join(', ')}) gave ${String(error)}`);
    }
  }
  expect(wrong, `seed ${seed}`).toEqual([]);
  expect(faults, `seed ${seed}`).toEqual([]);
  expect(refused).toBeGreaterThan(CALLS / 10);

  await open();
  await api.rate('i1', 'like');
  expect((await api.items(['i3'])).map(({ id }) => id)).toEqual(['i3']);
  expect((await api.recommend({ count: 3 })).items).toHaveLength(3);
  expect((await api.search('Title', { count: 3 })).items).toHaveLength(3);
  await api.dispose();
});

function shown(value: unknown): string {
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, 120);
  } catch {
    return String(value);
  }
}
