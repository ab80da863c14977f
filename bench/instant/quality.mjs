// quick, refined, half refined by the protocol. Each encoder's rows are centred by their own language means, as the
// engine does; what is mixed afterwards are unit vectors of one 128-dimensional space.
import { measure, seeded } from './protocol.mjs';

const SAMPLES = 1000;

export function qualityTable(task, { quick, refined, adapter, correction }) {
  return [];
}
export { measure, seeded, SAMPLES };
