// A look at a catalogue is ended by its name, and no other with it.
import { expect, test } from 'vitest';
import { Engine } from './engine.ts';
import { smallModel } from './testing/small-encoder.ts';

test('a preview that is stopped rejects with "aborted"; others, and later ones of its name, go on', async () => {
  const engine = new Engine({ loadModel: async () => smallModel() });
  const settings = { modelUrl: '', modelKind: 'manifest', encoder: 'auto', speed: 'auto', quickModelUrl: '', databaseName: 'previews' } as const;
  await engine.start(
    settings,
    () => undefined,
    () => undefined,
  );
  const source = { kind: 'file', name: 'shelf.csv', data: new Blob(['id,language,title\na,en,One']) } as const;
  const [first, second] = [engine.previewCatalogue(source, 'first'), engine.previewCatalogue(source, 'second')];
  await Promise.all([engine.stopPreview('first'), engine.stopPreview('none')]);
  await expect(first).rejects.toMatchObject({ code: 'aborted' });
  expect((await second).summary.itemCount).toBe(1);
  expect((await engine.previewCatalogue(source, 'first')).sample).toHaveLength(1);
  await engine.dispose();
});
