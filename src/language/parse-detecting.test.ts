import { expect, test } from 'vitest';
import { parseDetecting } from './parse-detecting.ts';

/** A loader that counts how often the detector is wanted. */
function watched() {
  const seen = { loads: 0 };
  const load = async () => {
    seen.loads++;
    return () => 'fi';
  };
  return { seen, load };
}

const csv = (text: string) => ({ name: 'shelf.csv', data: new Blob([text]) });

test('the detector is loaded only for rows that do not state their language', async () => {
  const { seen, load } = watched();
  const stated = await parseDetecting(csv('id,language,title\na,sv,Hav\nb,sw,Bahari'), {}, load);
  expect([seen.loads, stated.items.map(({ language }) => language)]).toEqual([0, ['sv', 'sw']]);
  const mixed = await parseDetecting(csv('id,language,title\na,sv,Hav\nb,,Meri on suuri ja sininen'), {}, load);
  expect([seen.loads, mixed.items.map(({ language }) => language)]).toEqual([1, ['sv', 'fi']]);
});

test('a file that cannot be read, and an abort, are told without the detector', async () => {
  const { seen, load } = watched();
  await expect(parseDetecting(csv(''), {}, load)).rejects.toMatchObject({ code: 'catalogue-empty' });
  const signal = AbortSignal.abort();
  await expect(parseDetecting(csv('id,title\na,Hav'), { signal }, load)).rejects.toMatchObject({ code: 'aborted' });
  expect(seen.loads).toBe(0);
});
