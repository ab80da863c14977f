// One recommender for elements that belong together, kept while they move and disposed of when all have left.
import { expect, test } from 'vitest';
import type { Recommender } from '../client/recommender.ts';
import type { CatalogueSummary } from '../protocol/engine-api.ts';
import type { CatalogueRequest } from './attributes.ts';
import { type RecommenderFactory, RecommenderPool } from './recommender-pool.ts';

const wanted = (url: string, assetsUrl?: string): CatalogueRequest => ({ assetsUrl, source: { kind: 'url', url }, encoder: 'auto', speed: 'quick' });

function setUp({ failures = 0 } = {}) {
  const log: string[] = [];
  const waiting = new Set<{ run: () => void; ms: number }>();
  const pool = new RecommenderPool({
    keepMs: 500,
    later: (run, ms) => {
      const entry = { run, ms };
      waiting.add(entry);
      return () => waiting.delete(entry);
    },
  });
  const create: RecommenderFactory = async (options) => {
    log.push(`create ${JSON.stringify(options)}`);
    const recommender: Pick<Recommender, 'openCatalogue' | 'dispose'> = {
      openCatalogue: async () => {
        if (failures-- > 0) throw new Error('no catalogue');
        return { itemCount: 3 } as CatalogueSummary;
      },
      dispose: async () => void log.push('dispose'),
    };
    return recommender as Recommender;
  };
  const pass = async (): Promise<number[]> => {
    const due = [...waiting];
    waiting.clear();
    for (const { run } of due) run();
    await new Promise((resolve) => setTimeout(resolve));
    return due.map(({ ms }) => ms);
  };
  return { pool, create, log, pass };
}

test('the same catalogue is shared, another one or other assets are not; options reach the library', async () => {
  const { pool, create, log } = setUp();
  const [a, b, c, d] = [wanted('https://x/a'), wanted('https://x/a'), wanted('https://x/b'), wanted('https://x/a', 'https://cdn/')].map((one) =>
    pool.lease(one, create),
  );
  expect((await a?.opened)?.recommender).toBe((await b?.opened)?.recommender);
  await Promise.all([c?.opened, d?.opened]);
  expect(log).toEqual([
    'create {"encoder":"auto","speed":"quick"}',
    'create {"encoder":"auto","speed":"quick"}',
    'create {"encoder":"auto","speed":"quick","assetsUrl":"https://cdn/"}',
  ]);
});

test('an element that is moved finds its recommender; the last one to leave has it disposed of after the time', async () => {
  const { pool, create, log, pass } = setUp();
  const first = pool.lease(wanted('https://x/a'), create);
  const second = pool.lease(wanted('https://x/a'), create);
  await first.opened;
  first.release();
  first.release(); // once only counts
  expect(await pass()).toEqual([]);
  second.release();
  const back = pool.lease(wanted('https://x/a'), create);
  expect(await pass()).toEqual([]);
  expect(await back.opened).toBe(await first.opened);
  back.release();
  expect(await pass()).toEqual([500]);
  expect(log).toEqual(['create {"encoder":"auto","speed":"quick"}', 'dispose']);
  pool.lease(wanted('https://x/a'), create);
  expect(log).toHaveLength(3);
});

test('what failed is disposed of and tried anew by the next lease', async () => {
  const { pool, create, log, pass } = setUp({ failures: 1 });
  const first = pool.lease(wanted('https://x/a'), create);
  await expect(first.opened).rejects.toThrow('no catalogue');
  const second = pool.lease(wanted('https://x/a'), create);
  first.release();
  await pass();
  expect((await second.opened).summary.itemCount).toBe(3);
  expect(log.filter((line) => line === 'dispose')).toHaveLength(1); // of the failed one; the second still runs
});
