// The one worker: receives calls, asks the engine, answers. Encoder, index and storage all live in here, so that the
// page never blocks.
import * as Comlink from 'comlink';
import { installErrorCodec } from '../base/error-codec.ts';
import { keepRequestLog } from '../base/request-log.ts';
import { Engine } from '../engine/engine.ts';

keepRequestLog('engine');
installErrorCodec();
Comlink.expose(new Engine());
