// One open device with its kernels, pool and timer: what every table of a backend shares.
import type { BufferPool } from './buffer-pool.ts';
import type { OpenDevice } from './device.ts';
import type { InterestsKernel } from './kernels/interests.ts';
import type { InterleaveKernel } from './kernels/interleave.ts';
import type { MergeKernel } from './kernels/merge.ts';
import type { ScanKernel } from './kernels/scan.ts';
import type { DeviceTimer } from './timer.ts';

export interface GpuContext extends OpenDevice {
  readonly pool: BufferPool;
  readonly timer: DeviceTimer | undefined;
  readonly scan: ScanKernel;
  readonly interests: InterestsKernel;
  readonly merge: MergeKernel;
  readonly interleave: InterleaveKernel;
}
