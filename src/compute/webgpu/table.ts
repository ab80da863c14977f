// A ScanTable on the GPU, in shards. Shards are allocated asynchronously; operations called meanwhile wait and run in order.
import { RecommenderError } from '../../base/errors.ts';
import type { QuantizedRows, RowBitset, ScanTable, SearchCost, TopKList } from '../backend.ts';
import { type Interests, prepareInterests, scoresOfPowers } from '../interests.ts';
import { LiveRows } from '../live-rows.ts';
import { checkRequest, checkRows, checkSearch } from '../table-checks.ts';
import { deviceLost } from './device.ts';
import type { GpuContext } from './gpu-context.ts';
import { mostShardRows, roundUpToBlock } from './layout.ts';
import { type SearchRequest, searchShards } from './search.ts';
import { allocateShards, destroyShard, type Shard, shardBytes, uploadRows, write } from './shard.ts';

const SMALLEST_SHARD_ROWS = 1024;
const GROWTH = 1.5;

const emptyList = (): TopKList => ({ rows: new Int32Array(0), scores: new Float32Array(0) });

export class WebGpuTable implements ScanTable {
  readonly dimensions: number;
  lastCost: SearchCost = { dispatches: 0, bytesRead: 0, bytesReadBack: 0, deviceMs: undefined };
  readonly #context: GpuContext;
  readonly #mostShardRows: number;
  readonly #live = new LiveRows();
  #size = 0;
  #shards: Shard[] = [];
  /** Rows that shards have room for, including shards that are being allocated. */
  #reserved = 0;
  #allocating: Promise<void> | undefined;
  #waiting: (() => void)[] = [];
  #failure: RecommenderError | undefined;
  #disposed = false;

  /** @throws bad-argument when a block of 64 rows is more than one buffer of the device */
  constructor(context: GpuContext, dimensions: number, capacity: number) {
    this.#context = context;
    this.dimensions = dimensions;
    this.#mostShardRows = mostShardRows(dimensions, context.limits);
    if (this.#mostShardRows === 0) {
      const message = `64 rows of ${dimensions} dimensions are more than one buffer of this GPU holds. Use the CPU backend.`;
      throw new RecommenderError('bad-argument', message, { dimensions });
    }
    this.#reserve(capacity);
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return shardBytes(this.dimensions, this.#reserved);
  }

  get shardCount(): number {
    return this.#shards.length;
  }

  /**
   * Resolves when the room asked for so far is allocated. `set` does not need it: it copies rows that have to wait for room.
   * Awaiting `ready` before filling a large table saves that copy.
   * @throws out-of-memory, device-lost
   */
  async ready(): Promise<void> {
    while (this.#allocating) await this.#allocating;
    this.#check();
  }

  set(start: number, rows: QuantizedRows): void {
    this.#check();
    checkRows(start, rows, this.dimensions);
    if (rows.count === 0) return;
    this.#size = Math.max(this.#size, start + rows.count);
    this.#reserve(this.#size);
    const kept = this.#allocating ? { ...rows, values: rows.values.slice(), scales: rows.scales.slice() } : rows;
    this.#inOrder(() => this.#upload(start, kept));
  }

  remove(rows: Iterable<number>): void {
    this.#check();
    const gone = Array.from(rows).filter((row) => row >= 0 && row < this.#size);
    this.#inOrder(() => {
      this.#live.remove(gone);
      this.#writeLive();
    });
  }

  async search(queries: Float32Array, k: number, allowed?: RowBitset): Promise<TopKList[]> {
    const quantized = checkSearch(queries, this.dimensions, k, this.#size, allowed);
    this.#check();
    if (quantized.count === 0 || this.#size === 0) return Array.from({ length: quantized.count }, emptyList);
    return this.#ask({ queries: quantized, k, allowed });
  }

  async searchInterests(interests: Interests, k: number, allowed?: RowBitset): Promise<TopKList> {
    checkRequest(k, this.#size, allowed);
    const { queries, ...prepared } = prepareInterests(interests, this.dimensions);
    this.#check();
    const [list = emptyList()] = this.#size === 0 ? [] : await this.#ask({ queries, interests: prepared, k, allowed });
    return { rows: list.rows, scores: scoresOfPowers(list.scores, prepared.temperature) };
  }

  async #ask(request: SearchRequest): Promise<TopKList[]> {
    const size = this.#size;
    const filter = request.allowed?.subarray(0, Math.ceil(size / 32));
    const copied = { ...request, allowed: this.#allocating ? filter?.slice() : filter };
    const { lists, cost } = await new Promise<Awaited<ReturnType<typeof searchShards>>>((resolve, reject) => {
      this.#inOrder(() => {
        if (this.#failure) reject(this.#failure);
        else searchShards(this.#context, this.#shards, size, copied).then(resolve, reject);
      });
    });
    if (this.#failure?.code === 'out-of-memory') throw this.#failure;
    this.lastCost = cost;
    return lists;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#fail(new RecommenderError('bad-argument', 'The table was disposed. Make another one.'));
  }

  /** @throws the reason why this table cannot be used any more */
  #check(): void {
    if (this.#failure) throw this.#failure;
    const lost = this.#context.lostReason();
    if (lost !== undefined) throw deviceLost(lost);
  }

  /** Runs now, or after the operations that wait for room. */
  #inOrder(operation: () => void): void {
    if (this.#allocating) this.#waiting.push(operation);
    else operation();
  }

  /** Asks for room for `rows` rows, and for half as much again as there was, so that adding one by one stays linear. */
  #reserve(rows: number): void {
    if (rows <= this.#reserved) return;
    const target = roundUpToBlock(Math.max(rows, this.#reserved * GROWTH, SMALLEST_SHARD_ROWS));
    while (this.#reserved < target) {
      const first = this.#reserved;
      const count = Math.min(target - first, this.#mostShardRows);
      this.#reserved += count;
      this.#allocate(first, count);
    }
  }

  #allocate(firstRow: number, count: number): void {
    const previous = this.#allocating ?? Promise.resolve();
    const current = previous
      .then(async () => {
        if (this.#failure) return;
        const shards = await allocateShards(this.#context.device, this.dimensions, firstRow, count);
        if (this.#failure) shards.forEach(destroyShard);
        else this.#shards.push(...shards);
      })
      .catch((error: unknown) => this.#fail(error))
      .then(() => {
        if (this.#allocating !== current) return;
        this.#allocating = undefined;
        const waiting = this.#waiting;
        this.#waiting = [];
        for (const operation of waiting) operation();
      });
    this.#allocating = current;
  }

  #fail(error: unknown): void {
    this.#failure = error instanceof RecommenderError ? error : deviceLost('a buffer could not be made', error);
    this.#shards.forEach(destroyShard);
    this.#shards = [];
    this.#reserved = 0;
  }

  /** A refused upload buffer makes the table unusable: rows would be missing. The next search knows, because the queue is in order. */
  #upload(start: number, rows: QuantizedRows): void {
    const { device } = this.#context;
    device.pushErrorScope('out-of-memory');
    for (const shard of this.#shards) {
      const first = Math.max(start, shard.firstRow);
      const end = Math.min(start + rows.count, shard.firstRow + shard.rows);
      if (first < end) uploadRows(this.#context, shard, first - shard.firstRow, rows, first - start, end - first);
    }
    this.#live.add(start, rows.count);
    this.#writeLive();
    const refused = (error: GPUError | null): void => {
      if (!error) return;
      this.#context.pool.clear();
      const message = `The GPU has no room to receive ${rows.count} rows. Use the CPU backend.`;
      this.#fail(new RecommenderError('out-of-memory', message, { rows: rows.count }));
    };
    device.popErrorScope().then(refused, () => {}); // a lost device rejects; the next search says so
  }

  /** Writes the changed words of the live bits to every shard. */
  #writeLive(): void {
    const changed = this.#live.takeChanged();
    if (!changed) return;
    for (const shard of this.#shards) {
      const firstWord = shard.firstRow / 32;
      const from = Math.max(changed.from, firstWord);
      const to = Math.min(changed.to, firstWord + shard.rows / 32);
      if (from < to) write(this.#context.device, shard.live, (from - firstWord) * 4, this.#live.words(from, to));
    }
  }
}
