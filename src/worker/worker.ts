// The one worker: receives calls, asks the engine, answers. Encoder, index and storage all live in here, so that the
// page never blocks.
import * as Comlink from 'comlink';
import { Engine } from '../engine/engine.ts';
import { installErrorCodec } from '../protocol/error-codec.ts';

installErrorCodec();
Comlink.expose(new Engine());
