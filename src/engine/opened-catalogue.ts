// The catalogue that is open: its items, vectors and ratings, and every question about them. Holds no storage and no worker.
import { RecommenderError } from '../base/errors.ts';
import type { FeedbackEvent, Item, ItemId } from '../base/types.ts';
import { dot } from '../compute/cpu/linear.ts';
import { languageGroup } from '../feedback/language-group.ts';
import { type UserVectorSource, type UserVectors, userVectorSource } from '../feedback/user-vectors.ts';
import type { Head } from '../head/index.ts';
import { bitsetOf, bitsetWhere, hasRow, type RowBitset } from '../index/index.ts';
import type { LanguagePolicy, Reason, RecommendationList, RecommendOptions } from '../protocol/engine-api.ts';
import { explain, LEAST_DROP } from '../ranking/explain.ts';
import { ownLanguageSearch, vectorFor } from '../ranking/fusion.ts';
import { headScorer, headSearch } from '../ranking/head-rank.ts';
import { rankByPolicy } from '../ranking/policy.ts';
import { type Candidates, rowFilter, startingSample, type WantedLanguages } from '../ranking/rank.ts';
import type { Search } from '../ranking/search.ts';
import type { ItemTable } from './item-table.ts';
import type { Model } from './model.ts';
import { OwnerRanking } from './owner-ranking.ts';
import type { ShippedHead } from './shipped-head.ts';
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
  readonly #nowMs: () => number;
  #shipped: ShippedHead | undefined;
  #owner: OwnerRanking | undefined;
  readonly #groups = new Map<string, string>();
  /** Rows of each language group; items never change. */
  #rowsOf: ReadonlyMap<string, RowBitset> | undefined;

  /** @param nowMs milliseconds since the epoch: old ratings count less */
  constructor(id: string, table: ItemTable, model: Model, speed: ResolvedSpeed, events: readonly FeedbackEvent[], nowMs: () => number) {
    this.id = id;
    this.table = table;
    this.model = model;
    this.speed = speed;
    this.events = new Map(events.map((event) => [event.itemId, event]));
    this.#nowMs = nowMs;
  }

  /** The head of the catalogue's owner, and what came with it; undefined: none. */
  get shipped(): ShippedHead | undefined {
    return this.#shipped;
  }

  /** From here on lists are blended, and a start is ordered by what most people like. */
  takeShipped(shipped: ShippedHead | undefined): void {
    this.#shipped = shipped;
    this.#owner = shipped?.blend && new OwnerRanking(shipped.blend, this.table);
  }

  async recommend({ count, policy, reasons = false }: RecommendOptions): Promise<Answer> {
    checkCount(count);
    const candidates = this.#candidates(policy);
    const reader = this.#reader();
    const user = reader.without([]);
    if (!user) {
      const unencoded = { ...candidates, encoded: () => true };
      return this.#answer(await this.#ranked(count, policy, unencoded, this.#startingSearch(), undefined), 'sample', unencoded);
    }
    const ranked = await this.#ranked(count, policy, candidates, this.#searchFor(user), user);
    const answer = this.#answer(ranked, 'profile', candidates);
    if (!reasons) return answer;
    const said = this.#reasons(ranked.map(({ row }) => row), reader);
    return { ...answer, items: answer.items.map((one, place) => ({ ...one, reasons: said[place] ?? [] })) };
  }

  /** @param query corrected vector; rated items are found too */
  async nearest(query: Float32Array, { count, policy }: RecommendOptions): Promise<Answer> {
    checkCount(count);
    const candidates = { ...this.#candidates(policy), seen: new Set<number>() };
    const user = policy?.mode === 'mix' ? this.#reader().without([]) : undefined;
    return this.#answer(await this.#ranked(count, policy, candidates, this.#searchBy(query), user), 'profile', candidates);
  }

  /** Rated items and the best of the present list, or of the start while nothing is liked: likeliest first. */
  async topRows(): Promise<number[]> {
    const { table, events } = this;
    const candidates = this.#candidates(undefined);
    const user = this.#reader().without([]);
    const best = user
      ? await this.#searchFor(user)(TOP_TO_REFINE, bitsetWhere(table.items.length, rowFilter(candidates)))
      : startingSample(START_TO_REFINE, candidates, { order: this.#owner?.order });
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

  /** Events in the order of `this.events`. */
  #reader(): UserVectorSource {
    const { table, events } = this;
    const languageOf = (id: ItemId): string => this.#groupOf(this.item(id).language);
    return userVectorSource([...events.values()], languageOf, (id) => table.vectorOf(id), table.dimensions, { nowMs: this.#nowMs() });
  }

  /** What the index is asked for a reader. @see docs/decisions/2026-11-24-fusion-of-languages.md */
  #searchFor(user: UserVectors): Search {
    const head = this.head();
    if (!head) return this.#searchOf(user);
    if (this.#owner) return this.#owner.search(head, user.shared, this.#likedRows([]));
    return headSearch(this.table.index(), { head, user: user.shared, vectorOf: (row) => this.#vectorAt(row) });
  }

  /** @param left places of `this.events` that do not count */
  #likedRows(left: readonly number[]): number[] {
    return [...this.events.values()].flatMap(({ itemId, kind }, place) => (kind === 'like' && !left.includes(place) ? (this.table.rowOf.get(itemId) ?? []) : []));
  }

  #vectorAt(row: number): Float32Array | undefined {
    const item = this.table.items[row];
    return item && this.table.vectorOf(item.id);
  }

  #searchBy(query: Float32Array): Search {
    return (k, allowed) => this.table.index().search(query, k, allowed);
  }

  #searchOf(user: UserVectors): Search {
    this.#rowsOf ??= this.#rowsByGroup();
    return ownLanguageSearch((query, k, allowed) => this.table.index().search(query, k, allowed), user, this.#rowsOf);
  }

  #rowsByGroup(): Map<string, RowBitset> {
    const { items } = this.table;
    const rows = new Map<string, number[]>();
    items.forEach(({ language }, row) => {
      const group = this.#groupOf(language);
      const known = rows.get(group);
      if (known) known.push(row);
      else rows.set(group, [row]);
    });
    return new Map([...rows].map(([group, members]) => [group, bitsetOf(items.length, members)]));
  }

  /** A varied start in the form of a search: languages in turn, all scores 0. */
  #startingSearch(): Search {
    const { items } = this.table;
    return async (k, allowed) => {
      const others = items.flatMap((_, row) => (hasRow(allowed, row) ? [] : [row]));
      return startingSample(k, { items, seen: new Set(others), wanted: undefined }, { order: this.#owner?.order });
    };
  }

  #ranked(count: number, policy: LanguagePolicy | undefined, candidates: Candidates, search: Search, user: UserVectors | undefined) {
    const { items } = candidates;
    return rankByPolicy(policy ?? { mode: 'any' }, {
      count,
      rowCount: items.length,
      search,
      allows: rowFilter({ ...candidates, wanted: undefined }),
      languageOf: (row) => items[row]?.language ?? '',
      groupOf: (tag) => this.#groupOf(tag),
      ...(user ? { liked: user.likes } : {}),
    });
  }

  /** Only likes are named: that a rating pushed an item up by pushing others down is true of dislikes, and explains nothing. */
  #reasons(rows: readonly number[], reader: UserVectorSource): Reason[][] {
    const events = [...this.events.values()];
    const likes = reader.counted.filter((place) => events[place]?.kind === 'like');
    const { without, leastDrop } = this.#rowScorers(reader);
    return explain(rows, likes, { without, score: (scoreOf, row) => scoreOf(row) }, { leastDrop }).map((named) =>
      named.flatMap(({ event, share }) => {
        const rated = events[event];
        return rated ? [{ item: this.item(rated.itemId), share }] : [];
      }),
    );
  }

  /** What lists are ranked by, for the reader without some ratings: scores of single rows, and the least fall that counts. */
  #rowScorers(reader: UserVectorSource): { without: (left: readonly number[]) => ((row: number) => number) | undefined; leastDrop: number } {
    const [head, owner, all] = [this.head(), this.#owner, this.#likedRows([])];
    if (head && owner) {
      const user = reader.without([])?.shared;
      const without = (left: readonly number[]) => owner.scorer(head, { user: reader.without(left)?.shared, liked: this.#likedRows(left) }, all);
      return { without, leastDrop: user ? owner.leastDrop(head, user, all) : LEAST_DROP };
    }
    const without = (left: readonly number[]) => {
      const user = reader.without(left);
      const byHead = user && head && headScorer(head, user.shared);
      return user && ((row: number): number => {
        const vector = this.#vectorAt(row);
        if (!vector) return 0;
        return byHead ? byHead(vector) : dot(vector, 0, vectorFor(this.#groupOf(this.table.items[row]?.language ?? ''), user), 0, vector.length);
      });
    };
    return { without, leastDrop: LEAST_DROP };
  }

  #groupOf(tag: string): string {
    const group = this.#groups.get(tag) ?? languageGroup(tag);
    this.#groups.set(tag, group);
    return group;
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
