// The catalogue that is open: its items, vectors and ratings, and every question about them. Holds no storage and no worker.
import { RecommenderError } from '../base/errors.ts';
import type { FeedbackEvent, Item, ItemId } from '../base/types.ts';
import type { RowBitset } from '../compute/backend.ts';
import { dot } from '../compute/cpu/linear.ts';
import { languageGroup } from '../feedback/language-group.ts';
import { SHARED_STRENGTH, type UserVectorSource, type UserVectors, userVectorSource } from '../feedback/user-vectors.ts';
import type { Head } from '../head/evaluate.ts';
import { bitsetOf, bitsetWhere, hasRow } from '../index/bitset.ts';
import type { ItemTable } from '../index/item-table.ts';
import { retryIfCorrectionChanged } from '../index/retry-if-correction-changed.ts';
import { explain, LEAST_DROP } from '../ranking/explain.ts';
import { FeatureRows, type RankedRows } from '../ranking/feature-rows.ts';
import { headScorer, headSearch } from '../ranking/head-rank.ts';
import { type ParsedListOptions, parseListOptions } from '../ranking/list-options.ts';
import { OwnerRanking } from '../ranking/owner-ranking.ts';
import { rankByPolicy } from '../ranking/policy.ts';
import { type Candidates, rowFilter, startingSample, type WantedLanguages } from '../ranking/rank.ts';
import { type Ranking, type ReaderContext, readerRanking, scoringVectors } from '../ranking/reader-ranking.ts';
import { boostedSearch, type RowRules, rowRules } from '../ranking/rules.ts';
import type { Search } from '../ranking/search.ts';
import type { LanguageFusion, ListOptions, Reason, RecommendationList, RecommendOptions } from '../ranking/types.ts';
import type { Model } from './model.ts';
import type { ShippedHead } from './shipped-head.ts';
import type { ResolvedSpeed } from './speed.ts';

/** Rows that are refined before all others: what the reader may see next. */
const TOP_TO_REFINE = 200;
const START_TO_REFINE = 24;

type Answer = Omit<RecommendationList, 'elapsedMs'>;
type OpenCandidates = Candidates & { rules: RowRules };

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
  #rows: RankedRows;
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
    this.#rows = table;
  }

  /** The head of the catalogue's owner, and what came with it; undefined: none. */
  get shipped(): ShippedHead | undefined {
    return this.#shipped;
  }

  /** What readers, heads and lists are made of; searches of text go to the table. */
  get ranked(): RankedRows {
    return this.#rows;
  }

  /** From here on lists are blended, and a start is ordered by what most people like; vectors have the features that the head knows. */
  takeShipped(shipped: ShippedHead | undefined): void {
    this.#shipped = shipped;
    this.#rows = shipped?.features ? new FeatureRows(this.table, shipped.features) : this.table;
    this.#owner = shipped?.blend && new OwnerRanking(shipped.blend, this.table, this.#rows);
  }

  /** Asked again where the correction was replaced meanwhile: the answer would mix two spaces. @throws bad-argument naming the option */
  async recommend(options: RecommendOptions): Promise<Answer> {
    return retryIfCorrectionChanged(this.table, () => this.#recommend(options));
  }

  async #recommend(options: RecommendOptions): Promise<Answer> {
    const wanted = parseListOptions(options);
    const candidates = this.#candidates(wanted);
    const reader = this.#reader();
    const user = reader.without([]);
    if (!user) {
      const unencoded = { ...candidates, encoded: () => true };
      const start = { search: this.#startingSearch(), unit: 1 };
      return this.#answer(await this.#ranked({ ...wanted, diversity: 0 }, unencoded, start, undefined), 'sample', unencoded);
    }
    const ranked = await this.#ranked(wanted, candidates, this.#rankingFor(reader, user, wanted.fusion), user);
    const answer = this.#answer(ranked, 'profile', candidates);
    if (!wanted.reasons) return answer;
    const said =
      wanted.fusion === 'rank' && !this.head()
        ? []
        : this.#reasons(
            ranked.map(({ row }) => row),
            reader,
            wanted.fusion,
          );
    return { ...answer, items: answer.items.map((one, place) => ({ ...one, reasons: said[place] ?? [] })) };
  }

  /** @param query corrected vector; rated items are found too @throws bad-argument naming the option */
  async nearest(query: Float32Array, options: ListOptions): Promise<Answer> {
    const wanted = parseListOptions(options);
    const candidates = { ...this.#candidates(wanted), seen: new Set<number>() };
    const user = wanted.policy.mode === 'mix' ? this.#reader().without([]) : undefined;
    return this.#answer(await this.#ranked(wanted, candidates, { search: this.#searchBy(query), unit: 1 }, user), 'profile', candidates);
  }

  /** Rated items and the best of the present list, or of the start while nothing is liked: likeliest first. */
  async topRows(): Promise<number[]> {
    const { table, events } = this;
    const candidates = this.#candidates({});
    const reader = this.#reader();
    const user = reader.without([]);
    const best = user
      ? await this.#rankingFor(reader, user, 'own-language').search(TOP_TO_REFINE, bitsetWhere(table.items.length, rowFilter(candidates)))
      : startingSample(START_TO_REFINE, candidates, this.#owner?.order);
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
  #reader(strength = SHARED_STRENGTH): UserVectorSource {
    const { events } = this;
    const ranked = this.#rows;
    const languageOf = (id: ItemId): string => this.#groupOf(this.item(id).language);
    return userVectorSource([...events.values()], languageOf, (id) => ranked.vectorOf(id), ranked.dimensions, { nowMs: this.#nowMs(), strength });
  }

  /** What the index is asked for a reader, and what counts as a cosine in its scores. @see docs/decisions/2026-11-24-fusion-of-languages.md */
  #rankingFor(reader: UserVectorSource, user: UserVectors, fusion: LanguageFusion): Ranking {
    const head = this.head();
    if (!head) return readerRanking(user, this.#readerContext(reader, fusion));
    if (this.#owner) return this.#owner.ranking(head, user.shared, this.#likedRows([]));
    return { search: headSearch(this.#rows, { head, user: user.shared, vectorOf: (row) => this.#vectorAt(row) }), unit: 1 };
  }

  /** @param left places of `this.events` that do not count */
  #likedRows(left: readonly number[]): number[] {
    return [...this.events.values()].flatMap(({ itemId, kind }, place) =>
      kind === 'like' && !left.includes(place) ? (this.table.rowOf.get(itemId) ?? []) : [],
    );
  }

  #vectorAt(row: number): Float32Array | undefined {
    const item = this.table.items[row];
    return item && this.#rows.vectorOf(item.id);
  }

  #searchBy(query: Float32Array): Search {
    return (k, allowed) => this.table.search(query, k, allowed);
  }

  #readerContext(reader: UserVectorSource, fusion: LanguageFusion): ReaderContext {
    const { table, events } = this;
    this.#rowsOf ??= this.#rowsByGroup();
    return {
      fusion,
      reader,
      unshrunkReader: () => this.#reader(0),
      events: [...events.values()],
      searchBy: (query, k, allowed) => this.#rows.search(query, k, allowed),
      rowsOf: this.#rowsOf,
      within: () => bitsetWhere(table.items.length, rowFilter(this.#candidates({}))),
      rowOf: table.rowOf,
      vectorAt: (row) => this.#vectorAt(row),
      rowCount: table.items.length,
    };
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
      return startingSample(k, { items, seen: new Set(others), wanted: undefined }, this.#owner?.order);
    };
  }

  #ranked(wanted: ParsedListOptions, candidates: OpenCandidates, { search, unit }: Ranking, user: UserVectors | undefined) {
    const { items, rules } = candidates;
    const { pinned, limits, boostOf } = rules;
    const fits = rowFilter({ ...candidates, wanted: undefined });
    return rankByPolicy(wanted.policy, {
      count: wanted.count,
      rowCount: items.length,
      search: wanted.rules.length > 0 ? boostedSearch(search, items.length, boostOf, unit) : search,
      allows: (row) => fits(row) && rules.allows(row),
      languageOf: (row) => items[row]?.language ?? '',
      groupOf: (tag) => this.#groupOf(tag),
      pinned,
      limits,
      diversity: wanted.diversity,
      vectorOf: (row) => this.#vectorAt(row),
      unit,
      ...(user ? { liked: user.likes } : {}),
    });
  }

  /** Only likes are named: that a rating pushed an item up by pushing others down is true of dislikes, and explains nothing. */
  #reasons(rows: readonly number[], reader: UserVectorSource, fusion: LanguageFusion): Reason[][] {
    const events = [...this.events.values()];
    const likes = reader.counted.filter((place) => events[place]?.kind === 'like');
    const { without, leastDrop } = this.#rowScorers(reader, fusion);
    return explain(rows, likes, { without, score: (scoreOf, row) => scoreOf(row) }, { leastDrop }).map((named) =>
      named.flatMap(({ event, share }) => {
        const rated = events[event];
        return rated ? [{ item: this.item(rated.itemId), share }] : [];
      }),
    );
  }

  /** What lists are ranked by, for the reader without some ratings: scores of single rows, and the least fall that counts. */
  #rowScorers(
    reader: UserVectorSource,
    fusion: LanguageFusion,
  ): { without: (left: readonly number[]) => ((row: number) => number) | undefined; leastDrop: number } {
    const [head, owner, all] = [this.head(), this.#owner, this.#likedRows([])];
    if (head && owner) {
      const user = reader.without([])?.shared;
      const without = (left: readonly number[]) => owner.scorer(head, { user: reader.without(left)?.shared, liked: this.#likedRows(left) }, all);
      return { without, leastDrop: user ? owner.leastDrop(head, user, all) : LEAST_DROP };
    }
    const vectorsOf = scoringVectors(this.#readerContext(reader, fusion));
    const without = (left: readonly number[]) => {
      const vectorOf = vectorsOf(left);
      const user = head && reader.without(left);
      const byHead = user && headScorer(head, user.shared);
      return (
        vectorOf &&
        ((row: number): number => {
          const vector = this.#vectorAt(row);
          if (!vector) return 0;
          return byHead ? byHead(vector) : dot(vector, 0, vectorOf(this.#groupOf(this.table.items[row]?.language ?? '')), 0, vector.length);
        })
      );
    };
    return { without, leastDrop: LEAST_DROP };
  }

  #groupOf(tag: string): string {
    const group = this.#groups.get(tag) ?? languageGroup(tag);
    this.#groups.set(tag, group);
    return group;
  }

  #candidates({ policy, rules = [] }: Partial<ParsedListOptions>): OpenCandidates {
    const { table, events } = this;
    const { items, rowOf } = table;
    const wanted: WantedLanguages = policy?.mode === 'only' ? policy.languages : undefined;
    const seen = new Set([...events.keys()].flatMap((id) => rowOf.get(id) ?? []));
    return { items, encoded: (row) => table.isEncoded(row), seen, wanted, rules: rowRules(rules, items, rowOf) };
  }

  #answer(ranked: readonly { row: number; score: number }[], basis: Answer['basis'], candidates: OpenCandidates): Answer {
    const { items, rules } = candidates;
    const fits = rowFilter(candidates);
    return {
      items: ranked.flatMap(({ row, score }) => {
        const item = items[row];
        return item ? [{ item, score }] : [];
      }),
      basis,
      candidates: items.reduce((sum, _, row) => sum + (fits(row) && rules.allows(row) ? 1 : 0), 0),
    };
  }
}

function unknownItem(id: string): RecommenderError {
  return new RecommenderError('unknown-item', `The catalogue has no item "${id}". It may be an id of another catalogue.`, { id });
}
