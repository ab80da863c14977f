// The library end to end in a real browser: worker, real weights, IndexedDB. A small catalogue keeps it short.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { RecommenderError } from '../base/errors.ts';
import { createRecommender, type Recommender } from './create.ts';

const CATALOGUE = [
  ['en-1', 'en', 'The Lighthouse Murders', 'A detective investigates a killing on a remote island in winter.', 'crime'],
  ['de-1', 'de', 'Der Kommissar von Köln', 'Ein Ermittler sucht den Mörder eines Richters in der Altstadt.', 'crime'],
  ['fr-1', 'fr', 'Meurtre à Marseille', "Une inspectrice enquête sur l'assassinat d'un armateur du port.", 'crime'],
  ['sw-1', 'sw', 'Siri ya Muuaji', 'Mpelelezi anamtafuta muuaji wa mfanyabiashara mjini Mombasa.', 'crime'],
  ['hi-1', 'hi', 'हत्या की रात', 'एक जासूस पुरानी हवेली में हुई हत्या की जाँच करता है।', 'crime'],
  ['en-2', 'en', 'Bread from Home', 'Simple recipes for baking bread, rolls and cakes in your own oven.', 'cooking'],
  ['de-2', 'de', 'Omas Kuchen', 'Rezepte für Torten, Kekse und Brot aus dem Backofen.', 'cooking'],
  ['fr-2', 'fr', 'La pâtisserie facile', 'Des recettes de gâteaux et de pains à cuire chez soi.', 'cooking'],
  ['sw-2', 'sw', 'Mapishi ya Mkate', 'Mapishi rahisi ya mikate na keki za nyumbani.', 'cooking'],
  ['hi-2', 'hi', 'घर की रोटी', 'घर पर रोटी, केक और मिठाइयाँ बनाने की आसान विधियाँ।', 'cooking'],
] as const;

function file(changes: Record<string, string> = {}): File {
  const lines = CATALOGUE.map(([id, language, title, description, category]) =>
    JSON.stringify({ id, language, title: changes[id] ?? title, description, categories: [category] }),
  );
  return new File([lines.join('\n')], 'shelf.ndjson');
}

async function encoded(recommender: Recommender): Promise<void> {
  await vi.waitUntil(() => ['ready', 'failed'].includes(recommender.status.phase), { timeout: 90_000, interval: 50 });
  expect(recommender.status.phase).toBe('ready');
}

describe('createRecommender with real weights', () => {
  let recommender: Recommender;
  const databaseName = `create-test-${crypto.randomUUID()}`;
  beforeAll(async () => {
    recommender = await createRecommender({ databaseName, encoder: 'wasm' });
    await recommender.openCatalogue(file());
    await encoded(recommender);
  }, 120_000);
  afterAll(async () => {
    await recommender.erase();
    await recommender.dispose();
  });

  test('a start without likes is a sample over languages', async () => {
    const list = await recommender.recommend({ count: 5 });
    expect(list.basis).toBe('sample');
    expect(new Set(list.items.map(({ item }) => item.language)).size).toBe(5);
  });

  test('a crime story liked in Swahili brings up crime stories in other languages first', async () => {
    await recommender.rate('sw-1', 'like');
    const list = await recommender.recommend({ count: 4 });
    expect(list.basis).toBe('profile');
    expect(list.items.map(({ item }) => item.categories[0])).toEqual(['crime', 'crime', 'crime', 'crime']);
    const only = await recommender.recommend({ count: 9, policy: { mode: 'only', languages: ['hi'] } });
    expect(only.items.map(({ item }) => item.id)).toEqual(['hi-1', 'hi-2']);
    await recommender.rate('sw-1', null);
  });

  test('search in one language finds all', async () => {
    const list = await recommender.search('Kuchen backen', { count: 5 });
    expect(list.items.map(({ item }) => item.categories[0])).toEqual(Array(5).fill('cooking'));
  });

  test('a preview ends when its signal fires, and another goes on', async () => {
    const stop = new AbortController();
    const [stopped, other] = [recommender.previewCatalogue(file(), { signal: stop.signal }), recommender.previewCatalogue(file())];
    stop.abort();
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    expect((await other).summary.itemCount).toBe(CATALOGUE.length);
    await expect(recommender.previewCatalogue(file(), { signal: stop.signal })).rejects.toMatchObject({ code: 'aborted' });
  });

  test('errors keep their code across the worker', async () => {
    const failure = await recommender.rate('nobody', 'like').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RecommenderError);
    expect(failure).toMatchObject({ code: 'unknown-item', message: expect.stringContaining('"nobody"') });
    await expect(recommender.recommend({ count: 0 })).rejects.toMatchObject({ code: 'bad-argument' });
    const { train, fairness, measureQuality, previewCatalogue, openCatalogue } = recommender as unknown as Record<
      string,
      (...given: unknown[]) => Promise<unknown>
    >;
    const odd = [
      train?.(null),
      fairness?.(3),
      measureQuality?.(),
      previewCatalogue?.(file(), null),
      train?.({ signal: 'no' }),
      openCatalogue?.(null),
    ];
    for (const call of odd) await expect(call).rejects.toMatchObject({ code: 'bad-argument' });
  });

  test('a second recommender has everything from the store, and one changed text is encoded alone', async () => {
    await recommender.rate('de-2', 'like');
    const second = await createRecommender({ databaseName, encoder: 'wasm' });
    await second.openCatalogue(file());
    await encoded(second);
    expect(second.status.textsEncoded).toBe(0);
    expect((await second.ratings()).map(({ itemId }) => itemId)).toEqual(['de-2']);
    const ids = CATALOGUE.map(([id]) => id);
    expect(await second.vectors(ids)).toEqual(await recommender.vectors(ids));
    await second.openCatalogue(file({ 'fr-1': 'Meurtre à Bordeaux' }));
    await encoded(second);
    expect(second.status.textsEncoded).toBe(1);
    await second.dispose();
  });

  test('after erasing everything the same recommender starts afresh', async () => {
    await recommender.erase();
    expect(recommender.status).toMatchObject({ phase: 'idle', itemCount: 0 });
    await expect(recommender.recommend()).rejects.toMatchObject({ code: 'not-ready' });
    await recommender.openCatalogue(file());
    await encoded(recommender);
    expect(recommender.status).toMatchObject({ encodedCount: CATALOGUE.length, textsEncoded: CATALOGUE.length });
    expect(await recommender.ratings()).toEqual([]);
  });
});
