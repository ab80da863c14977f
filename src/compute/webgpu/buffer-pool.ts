// Lends buffers for a search and takes them back, so that a query rarely creates one. Work on one queue runs in order, so a buffer may be
// lent again as soon as its commands are submitted. A mapped buffer must be unmapped first.

/** Unused buffers beyond this many bytes are freed. */
const KEPT_BYTES = 64 * 2 ** 20;
const SMALLEST_BYTES = 256;

export class BufferPool {
  readonly #device: GPUDevice;
  readonly #free = new Map<GPUBufferUsageFlags, GPUBuffer[]>();
  #keptBytes = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** At least `bytes`, at most four times as much; the content is undefined. Errors go to the caller's error scope. */
  lend(bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const free = this.#free.get(usage) ?? [];
    const size = Math.max(SMALLEST_BYTES, 2 ** Math.ceil(Math.log2(Math.max(1, bytes))));
    const at = free.findIndex((buffer) => buffer.size >= bytes && buffer.size <= 2 * size);
    const [found] = at < 0 ? [] : free.splice(at, 1);
    if (found) {
      this.#keptBytes -= found.size;
      return found;
    }
    const { maxBufferSize, maxStorageBufferBindingSize } = this.#device.limits;
    const fits = Math.min(size, maxBufferSize, maxStorageBufferBindingSize);
    return this.#device.createBuffer({ label: 'pool', size: Math.max(bytes, fits), usage });
  }

  takeBack(...buffers: GPUBuffer[]): void {
    for (const buffer of buffers) {
      if (this.#keptBytes + buffer.size > KEPT_BYTES) {
        buffer.destroy();
        continue;
      }
      this.#keptBytes += buffer.size;
      const free = this.#free.get(buffer.usage);
      if (free) free.push(buffer);
      else this.#free.set(buffer.usage, [buffer]);
    }
  }

  /** Frees what is not lent; also after a refusal, because a refused buffer stays unusable. */
  clear(): void {
    for (const buffers of this.#free.values()) for (const buffer of buffers) buffer.destroy();
    this.#free.clear();
    this.#keptBytes = 0;
  }
}
