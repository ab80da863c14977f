// The worker of the engine: index, ranking, training and storage run here, so that the page never blocks. The transformer runs in a
// second worker, which this one starts: encoder/encoder-host.worker.ts.
import * as Comlink from 'comlink';
import { installErrorCodec } from '../base/error-codec.ts';
import { keepRequestLog } from '../base/request-log.ts';
import { Engine } from '../engine/engine.ts';

keepRequestLog('engine');
installErrorCodec();
Comlink.expose(new Engine());
