// The real engine in a worker on the small test encoder; the worker's name says after how many batches it fails.
import * as Comlink from 'comlink';
import { installErrorCodec } from '../../base/error-codec.ts';
import { Engine } from '../../engine/engine.ts';
import { smallModel } from '../../engine/testing/small-encoder.ts';

installErrorCodec();
const faultAfter = self.name === '' ? Number.POSITIVE_INFINITY : Number(self.name);
Comlink.expose(new Engine({ loadModel: () => Promise.resolve(smallModel(faultAfter)), nowMs: () => performance.now() }));
