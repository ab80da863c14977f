// Bindings and dispatch of scan.wgsl: one shard against one part of the batch, k rows a tile and query come out.
import type { ScanShape } from '../search-plan.ts';
import dotPacked from './dot-packed.wgsl?raw';
import dotUnpacked from './dot-unpacked.wgsl?raw';
import { createKernel } from './kernel.ts';
import scanSource from './scan.wgsl?raw';
import selectSource from './select.wgsl?raw';

/** Field for field `ScanParams` of scan.wgsl. */
interface ScanParams {
  rows: number;
  firstRow: number;
  tileRows: number;
  k: number;
  firstQuery: number;
  queryCount: number;
  firstList: number;
  listCount: number;
  filtered: boolean;
}

export interface ScanBuffers {
  rowWords: GPUBuffer;
  rowScales: GPUBuffer;
  live: GPUBuffer;
  /** Any readable buffer when not filtered. */
  allowed: GPUBuffer;
  queries: GPUBuffer;
  queryScales: GPUBuffer;
  lists: GPUBuffer;
}

export interface ScanKernel {
  /** Starts compiling. */
  prepare(shape: ScanShape): void;
  /** @param params at `paramsOffset` lie the words of `scanParams` */
  encode(
    pass: GPUComputePassEncoder,
    shape: ScanShape,
    buffers: ScanBuffers,
    params: GPUBuffer,
    paramsOffset: number,
    groups: [number, number],
  ): void;
}

export function scanParams(p: ScanParams): Uint32Array {
  return Uint32Array.of(p.rows, p.firstRow, p.tileRows, p.k, p.firstQuery, p.queryCount, p.firstList, p.listCount, p.filtered ? 1 : 0);
}

/** @param packed use the language's packed dot product; both ways give the same sums */
export function createScanKernel(device: GPUDevice, packed: boolean): ScanKernel {
  const code = [packed ? dotPacked : dotUnpacked, selectSource, scanSource];
  const kernel = createKernel(device, 'scan', code, 36, [...Array(6).fill('read-only-storage'), 'storage']);
  const pipelineOf = ({ group, streams, kPadded, quads }: ScanShape) =>
    kernel.pipeline({ GROUP: group, STREAMS: streams, K_PADDED: kPadded, QUADS: quads });
  return {
    prepare: (shape) => void pipelineOf(shape),
    encode: (pass, shape, b, params, paramsOffset, [tiles, queryGroups]) => {
      pass.setPipeline(pipelineOf(shape));
      const buffers = [b.rowWords, b.rowScales, b.live, b.allowed, b.queries, b.queryScales, b.lists];
      pass.setBindGroup(0, kernel.bind(params, buffers), [paramsOffset]);
      pass.dispatchWorkgroups(tiles, queryGroups);
    },
  };
}
