// The catalogue that is open: its items, vectors and ratings, and every question about them. Holds no storage and no worker.
import { RecommenderError } from '../base/errors.ts';
import type { FeedbackEvent, Item, ItemId } from '../base/types.ts';
import { profileVector } from '../feedback/profile.ts';
import type { Head } from '../head/index.ts';
import { bitsetWhere, type Ranked } from '../index/index.ts';
import type { LanguagePolicy, RecommendationList, RecommendOptions } from '../protocol/engine-api.ts';
import { rankByHead } from '../ranking/head-rank.ts';
import { type Candidates, rankByProfile, rowFilter, startingSample, type WantedLanguages } from '../ranking/rank.ts';
import type { ItemTable } from './item-table.ts';
import type { Model } from './model.ts';
import type { ResolvedSpeed } from './speed.ts';

/** Rows that are refined before all others: what the reader may see next. */
const TOP_TO_REFINE = 200;
const START_TO_REFINE = 24;

type Answer = Omit<RecommendationList, 'elapsedMs'>;

export class OpenedCatalogue {
  readonly id: string;
  readonly table: ItemTable;
  readonly model: Model;
  readonly speed: ResolvedSpeed;
  readonly events: Map<ItemId, FeedbackEvent>;
  /** The trained head that ranks; undefined: the plain profile does. */
  head: () => Head | undefined = () => undefined;

  constructor(id: string, table: ItemTable, model: Model, speed: ResolvedSpeed, events: readonly FeedbackEvent[]) {
    this.id = id;
    this.table = table;
    this.model = model;
    this.speed = speed;
    this.events = new Map(events.map((event) => [event.itemId, event]));
  }

  async recommend({ count, policy }: RecommendOptions): Promise<Answer> {
    checkCount(count);
    const candidates = this.#candidates(policy);
    const profile = this.#profile();
    return profile
      ? this.#answer(await this.#rank(profile, count, candidates), 'profile', candidates)
      : this.#answer(startingSample(count, candidates), 'sample', { ...candidates, encoded: () => true });
  }

  /** @param query corrected vector; rated items are found too */
  async nearest(query: Float32Array, { count, policy }: RecommendOptions): Promise<Answer> {
    checkCount(count);
    const candidates = { ...this.#candidates(policy), seen: new Set<number>() };
    const allowed = bitsetWhere(this.table.items.length, rowFilter(candidates));
    return this.#answer(await this.table.index().search(query, count, allowed), 'profile', candidates);
  }

  /** Rated items and the best of the present list, or of the start while nothing is liked: likeliest first. */
  async topRows(): Promise<number[]> {
    const { table, events } = this;
    const candidates = this.#candidates(undefined);
    const profile = this.#profile();
    const best = profile
      ? await this.#rank(profile, TOP_TO_REFINE, candidates)
      : startingSample(START_TO_REFINE, candidates);
    const rated = [...events.keys()].flatMap((id) => table.rowOf.get(id) ?? []);
    return [...new Set([...rated, ...best.map(({ row }) => row)])];
  }

  /** Newest first. */
  ratings(): FeedbackEvent[] {
    return [...this.events.values()].sort((a, b) => b.timeMs - a.timeMs);
  }

  item(id: ItemId): Item {
    const row = this.table.rowOf.get(id);
    const item = row === undefined ? undefined : this.table.items[row];
    if (!item) throw unknownItem(id);
    return item;
  }

  /** @returns [ids × dimensions]. @throws unknown-item, not-ready */
  vectors(ids: readonly ItemId[]): Float32Array {
    const { table } = this;
    const out = new Float32Array(ids.length * table.dimensions);
    ids.forEach((id, i) => {
      const vector = table.vectorOf(this.item(id).id);
      if (!vector) throw new RecommenderError('not-ready', `The item "${id}" has no vector yet. Wait for the status "ready".`, { id });
      out.set(vector, i * table.dimensions);
    });
    return out;
  }

  #rank(profile: Float32Array, count: number, candidates: Candidates): Promise<Ranked[]> {
    const head = this.head();
    const { table } = this;
    if (!head) return rankByProfile(table.index(), profile, count, candidates);
    const vectorOf = (row: number): Float32Array | undefined => {
      const item = table.items[row];
      return item && table.vectorOf(item.id);
    };
    return rankByHead(table.index(), { head, user: profile, vectorOf }, count, candidates);
  }

  #profile(): Float32Array | undefined {
    const { table, events } = this;
    return profileVector([...events.values()], (id) => table.vectorOf(id), table.dimensions);
  }

  #candidates(policy: LanguagePolicy | undefined): Candidates {
    const { table, events } = this;
    const wanted: WantedLanguages = policy?.mode === 'only' ? policy.languages : undefined;
    const seen = new Set([...events.keys()].flatMap((id) => table.rowOf.get(id) ?? []));
    return { items: table.items, encoded: (row) => table.isEncoded(row), seen, wanted };
  }

  #answer(ranked: readonly { row: number; score: number }[], basis: Answer['basis'], candidates: Candidates): Answer {
    const allowed = rowFilter(candidates);
    return {
      items: ranked.flatMap(({ row, score }) => {
        const item = candidates.items[row];
        return item ? [{ item, score }] : [];
      }),
      basis,
      candidates: candidates.items.reduce((sum, _, row) => sum + (allowed(row) ? 1 : 0), 0),
    };
  }
}

function checkCount(count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= 1000) return;
  throw new RecommenderError('bad-argument', `count is ${count}; it must be a whole number from 1 to 1,000.`, { count });
}

function unknownItem(id: string): RecommenderError {
  return new RecommenderError('unknown-item', `The catalogue has no item "${id}". It may be an id of another catalogue.`, { id });
}
