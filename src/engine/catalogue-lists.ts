// Lists of the open catalogue: recommendations, searches, ratings, single items. It stores nothing.
import { RecommenderError, shownValue } from '../base/errors.ts';
import { groupBy } from '../base/group-by.ts';
import type { FeedbackEvent, Item, ItemId } from '../base/types.ts';
import { dot } from '../compute/cpu/linear.ts';
import { type Interest, readerInterests } from '../feedback/interests.ts';
import { languageGroup } from '../feedback/language-group.ts';
import { SHARED_STRENGTH, type UserVectorSource, type UserVectors, userVectorSource } from '../feedback/user-vectors.ts';
import type { Head } from '../head/evaluate.ts';
import { bitsetOf, bitsetWhere, hasRow } from '../index/bitset.ts';
import type { ItemTable } from '../index/item-table.ts';
import { retryIfCorrectionChanged } from '../index/retry-if-correction-changed.ts';
import { detectByScript, loadDetector } from '../language/detect.ts';
import { explain, LEAST_DROP } from '../ranking/explain.ts';
import { headScorer, headSearch } from '../ranking/head-rank.ts';
import { type ParsedListOptions, parseListOptions } from '../ranking/list-options.ts';
import { headScale, orderByPrior } from '../ranking/owner-blend.ts';
import { OwnerRanking, type RowScorer, sampleScores } from '../ranking/owner-ranking.ts';
import { rankByPolicy } from '../ranking/policy.ts';
import { popularityOrder, popularityPrior, popularityWeight } from '../ranking/popularity.ts';
import { priorSearch } from '../ranking/prior-search.ts';
import { type Candidates, rowFilter, startingSample, type WantedLanguages } from '../ranking/rank.ts';
import { type RankedRows, rankedRows } from '../ranking/ranked-rows.ts';
import { type Ranking, type ReaderContext, readerRanking, scoringVectors } from '../ranking/reader-ranking.ts';
import { boostedSearch, type RowRules, rowRules } from '../ranking/rules.ts';
import type { Search } from '../ranking/search.ts';
import { type RowGroups, Taste, takesInterests } from '../ranking/taste.ts';
import type { LanguageFusion, ListOptions, Reason, RecommendationList, RecommendOptions, SearchOptions } from '../ranking/types.ts';
import type { CatalogueScope } from './catalogue-scope.ts';
import type { ShippedHead } from './shipped-head.ts';

/** Best rows of the reader's list that get the transformer's vector before all others. */
const TOP_TO_REFINE = 200;
/** The same for the start, while nothing is liked. */
const START_TO_REFINE = 24;

type Answer = Omit<RecommendationList, 'elapsedMs'>;
type OpenCandidates = Candidates & { rules: RowRules };
/** Scores of single rows for the reader without the ratings at these places; undefined: nothing is left to score by. */
type ScorerWithout = (left: readonly number[]) => RowScorer | undefined;

interface ListRanking extends Ranking {
  scorerWithout: ScorerWithout;
  /** Smallest fall of a score that counts as a reason. */
  leastDrop: number;
}

export class CatalogueLists {
  readonly events: Map<ItemId, FeedbackEvent>;
  /** The head of the catalogue's owner, and what came with it; undefined: none. */
  readonly shipped: ShippedHead | undefined;
  /** What readers, heads and lists are made of. Searches of text use the table. */
  readonly ranked: RankedRows;
  /** The head that ranks; undefined: the plain profile does. */
  head: () => Head | undefined = () => undefined;
  readonly #scope: CatalogueScope;
  readonly #table: ItemTable;
  /** Blends lists with the owner's log, and orders a start by what most people like. */
  readonly #owner: OwnerRanking | undefined;
  /** What is widely known, where the catalogue states it. */
  readonly #prior: { values: Float32Array; order: Int32Array } | undefined;
  readonly #groups = new Map<string, string>();
  /** Of the rows; items never change. */
  #rowGroups: RowGroups | undefined;

  constructor(scope: CatalogueScope, events: readonly FeedbackEvent[], shipped: ShippedHead | undefined) {
    const { table } = scope;
    this.#scope = scope;
    this.#table = table;
    this.events = new Map(events.map((event) => [event.itemId, event]));
    this.shipped = shipped;
    this.ranked = rankedRows(table);
    this.#owner = shipped?.blend && new OwnerRanking(shipped.blend, this.ranked);
    const values = popularityPrior(table.items, scope.nowMs());
    this.#prior = values && { values, order: orderByPrior(values) };
  }

  /** Computed again where the correction was replaced meanwhile, because the answer would mix two spaces. @throws bad-argument naming the option */
  async recommend(options: RecommendOptions): Promise<Answer> {
    return retryIfCorrectionChanged(this.#table, () => this.#recommend(options));
  }

  async #recommend(options: RecommendOptions): Promise<Answer> {
    const wanted = parseListOptions(options);
    const candidates = this.#candidates(wanted);
    const reader = this.#reader();
    const user = reader.without([]);
    if (!user) {
      const unencoded = { ...candidates, encoded: () => true };
      const start = { search: this.#startingSearch(wanted.familiarity), unit: 1 };
      return this.#answer(await this.#ranked({ ...wanted, diversity: 0 }, unencoded, start, undefined), 'sample', unencoded);
    }
    const ranking = this.#rankingFor(reader, user, wanted);
    const ranked = await this.#ranked(wanted, candidates, ranking, user);
    const answer = this.#answer(ranked, 'profile', candidates);
    if (!wanted.reasons) return answer;
    const rows = ranked.map(({ row }) => row);
    const said = this.#reasons(rows, reader, ranking);
    return { ...answer, items: answer.items.map((one, place) => ({ ...one, reasons: said[place] ?? [] })) };
  }

  /**
   * Search by words of any language: the query becomes a vector beside the items'.
   * @param onTransformer called when the transformer is loaded
   * @throws bad-argument (an option, or nothing to search), encoder-*, asset-*
   */
  async search(query: string, options: SearchOptions, onTransformer: () => void): Promise<Answer> {
    const wanted = parseListOptions(options);
    const text = query.normalize('NFC').trim();
    if (text === '') throw new RecommenderError('bad-argument', 'The search is empty. Type a few words in any language.');
    const language = detectByScript(text) ?? (await loadDetector())(text) ?? 'und';
    return retryIfCorrectionChanged(this.#table, async () => {
      const { vector, queryEncoder } = await this.#queryVector(text, language, options.quick ?? false, onTransformer);
      return { ...(await this.#nearest(vector, wanted)), queryEncoder };
    });
  }

  /** @returns corrected as the items are, unit length [dimensions] */
  async #queryVector(
    text: string,
    language: string,
    quick: boolean,
    onTransformer: () => void,
  ): Promise<{ vector: Float32Array; queryEncoder: 'quick' | 'refined' }> {
    const { table, model, speed, board } = this.#scope;
    if (model.quick && (quick || speed === 'quick')) {
      const encoder = await model.quick.get((progress) => board.progress(progress));
      return { vector: table.correctQuick(encoder.encodeNow(text), language), queryEncoder: 'quick' };
    }
    const encoder = await model.transformer.get((progress) => board.progress(progress));
    board.update({ encoder: encoder.status });
    onTransformer();
    try {
      return { vector: table.correct(await encoder.encode([text]), language), queryEncoder: 'refined' };
    } catch (error) {
      board.reportFault(error);
      throw error;
    }
  }

  /** @param query corrected vector; rated items are found too @throws bad-argument naming the option */
  async nearest(query: Float32Array, options: ListOptions): Promise<Answer> {
    return this.#nearest(query, parseListOptions(options));
  }

  async #nearest(query: Float32Array, wanted: ParsedListOptions): Promise<Answer> {
    const candidates = { ...this.#candidates(wanted), seen: new Set<number>() };
    const user = wanted.policy.mode === 'mix' ? this.#reader().without([]) : undefined;
    return this.#answer(await this.#ranked(wanted, candidates, { search: this.#searchBy(query), unit: 1 }, user), 'profile', candidates);
  }

  /** Rated items, then the best of the present list, or of the start while nothing is liked. */
  async topRows(): Promise<number[]> {
    const { events } = this;
    const table = this.#table;
    const candidates = this.#candidates({});
    const reader = this.#reader();
    const user = reader.without([]);
    const best = user
      ? await this.#rankingFor(reader, user, { fusion: 'interests', familiarity: 0 }).search(
          TOP_TO_REFINE,
          bitsetWhere(table.items.length, rowFilter(candidates)),
        )
      : startingSample(START_TO_REFINE, candidates, this.#startOrder(0));
    const rated = [...events.keys()].flatMap((id) => table.rowOf.get(id) ?? []);
    return [...new Set([...rated, ...best.map(({ row }) => row)])];
  }

  /** Newest first. */
  ratings(): FeedbackEvent[] {
    return [...this.events.values()].sort((a, b) => b.timeMs - a.timeMs);
  }

  item(id: ItemId): Item {
    const row = this.#table.rowOf.get(id);
    const item = row === undefined ? undefined : this.#table.items[row];
    if (!item) throw unknownItem(id);
    return item;
  }

  /** @returns [ids × dimensions]. @throws unknown-item, not-ready */
  vectors(ids: readonly ItemId[]): Float32Array {
    const table = this.#table;
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
    const ranked = this.ranked;
    const languageOf = (id: ItemId): string => this.#groupOf(this.item(id).language);
    return userVectorSource([...events.values()], languageOf, (id) => ranked.vectorOf(id), ranked.dimensions, {
      nowMs: this.#scope.nowMs(),
      strength,
    });
  }

  /**
   * The search behind a reader's list with the unit of its scores, and the scores of single rows without some ratings.
   * @see docs/decisions/2026-11-25-several-interests.md
   */
  #rankingFor(reader: UserVectorSource, user: UserVectors, { fusion, familiarity }: Pick<ParsedListOptions, 'fusion' | 'familiarity'>): ListRanking {
    const { search, unit, scorerWithout } = this.#tasteFor(reader, user, fusion);
    const [owner, prior, all] = [this.#owner, this.#prior, this.#likedRows([])];
    const full = scorerWithout([]);
    if (owner && this.head()) {
      return {
        ...owner.ranking({ search, scoreOf: full ?? (() => undefined) }, all),
        scorerWithout: (left) => owner.scorer(scorerWithout(left), this.#likedRows(left), all),
        leastDrop: full ? owner.leastDrop(full, all) : LEAST_DROP,
      };
    }
    if (!prior || !full) return { search, unit, scorerWithout, leastDrop: LEAST_DROP };
    const scale = headScale(sampleScores(full, this.#table.items.length));
    const weight = popularityWeight(prior.values, all, familiarity);
    return {
      search: priorSearch({ prior: prior.values, byPrior: prior.order, weight, search, scale }),
      unit: scale.deviation > 0 ? 1 / scale.deviation : 1,
      // In units of the taste: the order is that of the list, and a fall is that of the taste.
      scorerWithout: (left) => {
        const scoreOf = scorerWithout(left);
        return scoreOf && ((row) => (scoreOf(row) ?? scale.mean) + weight * scale.deviation * (prior.values[row] ?? 0));
      },
      leastDrop: LEAST_DROP,
    };
  }

  /** By the reader's ratings alone: without an owner's log, without what is widely known. */
  #tasteFor(reader: UserVectorSource, user: UserVectors, fusion: LanguageFusion): Ranking & { scorerWithout: ScorerWithout } {
    const head = this.head();
    const taste = this.#byTaste(fusion) ? this.#taste([...this.events.values()], head) : undefined;
    if (taste) return { search: taste.search, unit: 1, scorerWithout: (left) => taste.scorer(left) };
    if (head) {
      const search = headSearch(this.ranked, { head, user: user.shared, vectorOf: (row) => this.#vectorAt(row) });
      const scorerWithout: ScorerWithout = (left) => {
        const fewer = reader.without(left)?.shared;
        return fewer && this.#profileScorer(head, fewer);
      };
      return { search, unit: 1, scorerWithout };
    }
    const context = this.#readerContext(reader, fusion);
    // Scores by rank are no scores of single rows.
    if (context.fusion === 'rank') return { ...readerRanking(user, context), scorerWithout: () => undefined };
    const vectorsOf = scoringVectors(context);
    const scorerWithout: ScorerWithout = (left) => {
      const vectorOf = vectorsOf(left);
      return (
        vectorOf &&
        ((row) => {
          const vector = this.#vectorAt(row);
          return vector && dot(vector, 0, vectorOf(this.#groupsOfRows().groupOf(row)), 0, vector.length) + this.ranked.biasOf(row);
        })
      );
    };
    return { ...readerRanking(user, context), scorerWithout };
  }

  /** Whether lists are made by several interests: with any head that takes them, and without a head by default. */
  #byTaste(fusion: LanguageFusion): boolean {
    const head = this.head();
    // An owner's file says whether it was made for several interests; older ones were made for the mean of the likes.
    return head ? (this.shipped?.byInterests ?? true) && takesInterests(head) : fusion === 'interests';
  }

  /** @param events ratings; undefined: none of the likes has a vector */
  #taste(events: readonly FeedbackEvent[], head: Head | undefined): Taste | undefined {
    const interests = this.#interests(events);
    return interests.some(({ kind }) => kind === 'like') ? new Taste(this.ranked, this.#groupsOfRows(), interests, head) : undefined;
  }

  #interests(events: readonly FeedbackEvent[]): Interest[] {
    return readerInterests(
      events,
      (id) => this.ranked.vectorOf(id) !== undefined,
      (id) => this.#groupOf(this.item(id).language),
      { nowMs: this.#scope.nowMs() },
    );
  }

  /** Scores by a head that ranks by the mean of the likes. */
  #profileScorer(head: Head, user: Float32Array): RowScorer {
    const byHead = headScorer(head, user);
    return (row) => {
      const vector = this.#vectorAt(row);
      return vector && byHead(vector) + this.ranked.biasOf(row);
    };
  }

  /**
   * Scores by which a list without some ratings would be made: what the gate of training compares heads by.
   * @param events ratings that the reader is made of @param ids items to score, all with vectors
   * @returns scores [ids] by a head; undefined for a head that ranks by the mean of the likes
   */
  listScorer(events: readonly FeedbackEvent[], ids: readonly ItemId[]): (head: Head) => Float64Array | undefined {
    const { dimensions } = this.ranked;
    const rows = ids.flatMap((id) => this.#table.rowOf.get(id) ?? []);
    const vectors = new Float32Array(rows.length * dimensions);
    for (const [at, row] of rows.entries()) vectors.set(this.#vectorAt(row) ?? [], at * dimensions);
    return (head) => ((this.shipped?.byInterests ?? true) && takesInterests(head) ? this.#taste(events, head)?.scoreRows(rows, vectors) : undefined);
  }

  /** @param left places of `this.events` that are left out */
  #likedRows(left: readonly number[]): number[] {
    return [...this.events.values()].flatMap(({ itemId, kind }, place) =>
      kind === 'like' && !left.includes(place) ? (this.#table.rowOf.get(itemId) ?? []) : [],
    );
  }

  #vectorAt(row: number): Float32Array | undefined {
    const item = this.#table.items[row];
    return item && this.ranked.vectorOf(item.id);
  }

  #searchBy(query: Float32Array): Search {
    return (k, allowed) => this.#table.search(query, k, allowed);
  }

  #readerContext(reader: UserVectorSource, fusion: LanguageFusion): ReaderContext {
    const { events } = this;
    const table = this.#table;
    return {
      fusion: fusion === 'interests' ? 'own-language' : fusion,
      reader,
      unshrunkReader: () => this.#reader(0),
      events: [...events.values()],
      searchBy: (query, k, allowed) => this.ranked.search(query, k, allowed),
      rowsOf: this.#groupsOfRows().rowsOf,
      within: () => bitsetWhere(table.items.length, rowFilter(this.#candidates({}))),
      rowOf: table.rowOf,
      vectorAt: (row) => this.#vectorAt(row),
      rowCount: table.items.length,
    };
  }

  #groupsOfRows(): RowGroups {
    if (this.#rowGroups) return this.#rowGroups;
    const { items } = this.#table;
    const groupOf = (row: number): string => this.#groupOf(items[row]?.language ?? '');
    const rows = groupBy(items.keys(), groupOf);
    this.#rowGroups = { groupOf, rowsOf: new Map([...rows].map(([group, members]) => [group, bitsetOf(items.length, members)])) };
    return this.#rowGroups;
  }

  /** A varied start as a search: languages in turn, all scores 0. */
  #startingSearch(familiarity: number): Search {
    const { items } = this.#table;
    return async (k, allowed) => {
      const others = items.flatMap((_, row) => (hasRow(allowed, row) ? [] : [row]));
      return startingSample(k, { items, seen: new Set(others), wanted: undefined }, this.#startOrder(familiarity));
    };
  }

  /** Rows by what most people like, or by what is widely known; undefined: the catalogue's order. */
  #startOrder(familiarity: number): Int32Array | undefined {
    return this.#owner?.order ?? popularityOrder(this.#prior?.values, familiarity);
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

  /** Names likes only: a dislike raises an item by lowering others, which explains nothing. */
  #reasons(rows: readonly number[], reader: UserVectorSource, { scorerWithout, leastDrop }: ListRanking): Reason[][] {
    const events = [...this.events.values()];
    const likes = reader.counted.filter((place) => events[place]?.kind === 'like');
    return explain(rows, likes, { without: scorerWithout, score: (scoreOf, row) => scoreOf(row) ?? 0 }, { leastDrop }).map((named) =>
      named.flatMap(({ event, share }) => {
        const rated = events[event];
        return rated ? [{ item: this.item(rated.itemId), share }] : [];
      }),
    );
  }

  #groupOf(tag: string): string {
    const group = this.#groups.get(tag) ?? languageGroup(tag);
    this.#groups.set(tag, group);
    return group;
  }

  #candidates({ policy, rules = [] }: Partial<ParsedListOptions>): OpenCandidates {
    const { events } = this;
    const table = this.#table;
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
  return new RecommenderError('unknown-item', `The catalogue has no item ${shownValue(id)}. It may be an id of another catalogue.`, { id });
}
