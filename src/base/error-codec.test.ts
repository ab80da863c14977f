import * as Comlink from 'comlink';
import { expect, test } from 'vitest';
import { installErrorCodec } from './error-codec.ts';
import { RecommenderError } from './errors.ts';

test('a RecommenderError keeps its code and details; any other error arrives as internal-error', async () => {
  installErrorCodec();
  const { port1, port2 } = new MessageChannel();
  Comlink.expose(
    {
      known: () => Promise.reject(new RecommenderError('bad-argument', 'count is 0.', { count: 0 })),
      raw: () => decodeURIComponent('50% off'),
      odd: () => Promise.reject('text'),
      unsendable: () => () => 1,
    },
    port1,
  );
  const remote = Comlink.wrap<Record<'known' | 'raw' | 'odd' | 'unsendable', () => unknown>>(port2);
  await expect(remote.known()).rejects.toMatchObject({ name: 'RecommenderError', code: 'bad-argument', details: { count: 0 } });
  await expect(remote.raw()).rejects.toMatchObject({ name: 'RecommenderError', code: 'internal-error', message: 'URI malformed' });
  await expect(remote.odd()).rejects.toMatchObject({ code: 'internal-error', message: 'text' });
  await expect(remote.unsendable()).rejects.toMatchObject({ code: 'internal-error' });
  port1.close();
  port2.close();
});
