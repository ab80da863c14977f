// placeholder until the real one is written (overwrite me)
import type { Encoder } from './encoder.ts';
export async function loadPipelineEncoder(_: { modelUrl: string }): Promise<Encoder> {
  throw new Error('not yet');
}
