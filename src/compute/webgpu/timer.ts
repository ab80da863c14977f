// Time a search took on the device, where the device has timestamp queries. One pair of stamps serves every search in turn,
// because each search reads them back in the command buffer that wrote them.

/** Bytes of the two stamps, nanoseconds each. */
export const STAMP_BYTES = 16;

export interface DeviceTimer {
  /** For the passes of one search, in order. */
  stamps(isFirst: boolean, isLast: boolean): GPUComputePassTimestampWrites | undefined;
  /** Copies the stamps after the last pass. */
  encodeRead(encoder: GPUCommandEncoder, target: GPUBuffer, offset: number): void;
  dispose(): void;
}

/** @returns undefined without the `timestamp-query` feature */
export function createTimer(device: GPUDevice): DeviceTimer | undefined {
  if (!device.features.has('timestamp-query')) return undefined;
  const querySet = device.createQuerySet({ label: 'timer', type: 'timestamp', count: 2 });
  const resolved = device.createBuffer({
    label: 'timer',
    size: STAMP_BYTES,
    usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  });
  return {
    stamps: (isFirst, isLast) => {
      if (!isFirst && !isLast) return undefined;
      return { querySet, ...(isFirst && { beginningOfPassWriteIndex: 0 }), ...(isLast && { endOfPassWriteIndex: 1 }) };
    },
    encodeRead: (encoder, target, offset) => {
      encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
      encoder.copyBufferToBuffer(resolved, 0, target, offset, STAMP_BYTES);
    },
    dispose: () => {
      querySet.destroy();
      resolved.destroy();
    },
  };
}

/** @param stamps [2], nanoseconds. @returns undefined when the clock ran backwards (it may, when the device changes its clock rate) */
export function elapsedMs(stamps: BigUint64Array): number | undefined {
  const [begin, end] = stamps;
  return begin !== undefined && end !== undefined && end >= begin ? Number(end - begin) / 1e6 : undefined;
}
