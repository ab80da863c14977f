// Bindings and dispatch of interests.wgsl: one shard against all interests, k rows a tile come out.
import type { ScanShape } from '../search-plan.ts';
import dotPacked from './dot-packed.wgsl?raw';
import dotUnpacked from './dot-unpacked.wgsl?raw';
import interestsSource from './interests.wgsl?raw';
import { createKernel } from './kernel.ts';
import type { ScanBuffers } from './scan.ts';
import selectSource from './select.wgsl?raw';

/** Field for field `InterestParams` of interests.wgsl. */
export interface InterestParams {
  rows: number;
  firstRow: number;
  tileRows: number;
  k: number;
  likes: number;
  count: number;
  firstList: number;
  filtered: boolean;
}

export interface InterestsKernel {
  /** @param buffers `queryScales` holds slope and shift of each interest @param params at `paramsOffset` lie the words of `interestParams` */
  encode(pass: GPUComputePassEncoder, shape: ScanShape, buffers: ScanBuffers, params: GPUBuffer, paramsOffset: number, tiles: number): void;
}

export function interestParams(p: InterestParams): Uint32Array {
  return Uint32Array.of(p.rows, p.firstRow, p.tileRows, p.k, p.likes, p.count, p.firstList, p.filtered ? 1 : 0);
}

/** @param packed use the language's packed dot product; both ways give the same sums */
export function createInterestsKernel(device: GPUDevice, packed: boolean): InterestsKernel {
  const code = [packed ? dotPacked : dotUnpacked, selectSource, interestsSource];
  const kernel = createKernel(device, 'interests', code, 32, [...Array(6).fill('read-only-storage'), 'storage']);
  return {
    encode: (pass, { group, kPadded, quads }, b, params, paramsOffset, tiles) => {
      pass.setPipeline(kernel.pipeline({ GROUP: group, STREAMS: 1, K_PADDED: kPadded, QUADS: quads }));
      const buffers = [b.rowWords, b.rowScales, b.live, b.allowed, b.queries, b.queryScales, b.lists];
      pass.setBindGroup(0, kernel.bind(params, buffers), [paramsOffset]);
      pass.dispatchWorkgroups(tiles);
    },
  };
}
