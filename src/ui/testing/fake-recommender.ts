// A Recommender without worker or model, for element tests: a handful of items in several scripts, ranked by shared category.
import { RecommenderError } from '../../base/errors.ts';
import type { FeedbackEvent, FeedbackKind, Item, ItemId } from '../../base/types.ts';
import type { Recommender, RecommenderEvents } from '../../client/recommender.ts';
import type {
  CatalogueMap,
  CataloguePreview,
  CatalogueSummary,
  EngineStatus,
  FairnessReport,
  HeadHistory,
  HeadSummary,
  KeptCatalogue,
  LanguagePolicy,
  QualityReport,
  Reason,
  RecommendationList,
  StorageReport,
} from '../../protocol/engine-api.ts';
import { fakeFairness, fakeHead, fakeMap, fakeQuality, fakeStorage } from './fake-reports.ts';

export function fakeItem(id: string, language: string, title: string, categories: string[], more: Partial<Item> = {}): Item {
  return { id: id as ItemId, language, title, description: '', categories, ...more };
}

export const HOSTILE_TITLE = '<img src=x onerror="globalThis.__attacked = true">"&\u202eevil';

export const FAKE_ITEMS: readonly Item[] = [
  fakeItem('sea-en', 'en', 'The lighthouse keeper’s daughter', ['Sea', 'Family'], {
    description: 'A girl keeps the lamp burning while her father is lost in the fog, and learns the language of ships.',
    creator: 'Ada Merrow',
    published: '1987',
    country: 'IE',
    kind: 'novel',
    link: 'https://example.org/lighthouse',
    attribution: 'Kindred demo',
    license: 'CC0-1.0',
  }),
  fakeItem('sea-ar', 'ar', 'صيّاد اللؤلؤ الأخير', ['Sea'], {
    description: 'حكاية غوّاص عجوز يعلّم حفيدته أسرار البحر قبل أن تتغيّر المدينة.',
    creator: 'ليلى الحداد',
    published: '2003',
    country: 'KW',
    kind: 'novel',
  }),
  fakeItem('food-de', 'de', 'Brotbacken mit Geduld', ['Cooking'], {
    description: 'Sauerteig, Roggen und lange Nächte: ein Handbuch für die kleine Küche.',
    published: '2015-04-02',
    country: 'DE',
    kind: 'manual',
  }),
  fakeItem('food-ja', 'ja', '湯気の向こうの食堂', ['Cooking', 'Family'], {
    description: '小さな港町の食堂を営む三世代の物語。',
    country: 'JP',
    translations: { en: { title: 'The diner behind the steam', description: '' } },
  }),
  fakeItem('stars-hi', 'hi', 'तारों की पाठशाला', ['Science'], { description: 'गाँव की छत से आकाश पढ़ने की किताब।', country: 'IN' }),
  fakeItem('stars-es', 'es', 'Atlas de los cielos del sur', ['Science', 'Travel'], {
    description: 'Constelaciones, mitos y rutas para mirar el cielo austral sin telescopio.',
    country: 'CL',
    published: '1999',
  }),
  fakeItem('travel-fr', 'fr', 'Le train de nuit pour Brașov', ['Travel'], {
    description: 'Carnet de voyage à travers les Carpates.',
    country: 'RO',
  }),
  fakeItem('music-sw', 'sw', 'Ngoma za pwani', ['Music'], {
    description: 'Nyimbo na midundo ya taarabu kutoka Zanzibar.',
    country: 'TZ',
  }),
  fakeItem('music-ru', 'ru', 'Тихая фуга', ['Music', 'Family'], {
    description: 'Настройщик роялей слышит чужую тайну.',
    country: 'RU',
  }),
  fakeItem('travel-he', 'he', 'שביל המדבר הארוך', ['Travel'], { description: 'יומן הליכה בנגב, באר אחר באר.', country: 'IL' }),
  fakeItem('science-zh', 'zh', '茶马古道上的植物学家', ['Science', 'Travel'], {
    description: '一位植物学家沿古道记录高山花卉。',
    country: 'CN',
  }),
  fakeItem('hostile', 'en', HOSTILE_TITLE, ['<b>bold</b>'], { link: 'javascript:alert(1)', languageDetected: true }),
  fakeItem('craft-tr', 'tr', 'Kilim dokuma sanatı', ['Craft'], { description: 'Anadolu motifleri ve kök boyalar.', country: 'TR' }),
  fakeItem('craft-pt', 'pt', 'Azulejos: a cidade em azul', ['Craft', 'Travel'], {
    description: 'A história dos painéis de Lisboa.',
    country: 'PT',
  }),
];

const READY: EngineStatus = {
  phase: 'ready',
  catalogueId: 'fake',
  itemCount: FAKE_ITEMS.length,
  encodedCount: FAKE_ITEMS.length,
  quickCount: FAKE_ITEMS.length,
  speed: 'refined',
  topRefined: true,
  textsEncoded: FAKE_ITEMS.length,
  itemsPerSecond: 0,
  secondsLeft: null,
  progress: null,
  pack: null,
  training: null,
  encoder: {
    model: 'multilingual-e5-small',
    rung: 'wasm',
    reason: 'No WebGPU adapter was found.',
    device: '',
    checkCosine: 0.9991,
    threads: 4,
    languages: ['ar', 'de', 'en', 'es', 'fr', 'he', 'hi', 'ja', 'pt', 'ru', 'sw', 'tr', 'zh'],
  },
  store: { kind: 'indexeddb', reason: '', persisted: false, usedBytes: 64_200_000 },
  notices: [],
};

const CATEGORIES = [...new Set(FAKE_ITEMS.flatMap(({ categories }) => categories))];

function idOf(source: Parameters<Recommender['openCatalogue']>[0]): string {
  if (source instanceof File) return source.name;
  if (typeof source === 'string' || source instanceof URL) return String(source);
  return source.kind === 'url' ? source.url : source.kind === 'file' ? source.name : source.id;
}

const allows = (policy: LanguagePolicy | undefined, tag: string): boolean => policy?.mode !== 'only' || policy.languages.includes(tag);

export class FakeRecommender implements Recommender {
  status: EngineStatus = { ...READY };
  /** true: `rate` never resolves, because the page must not wait for it. */
  stallRatings = false;
  /** true: only its signal ends a preview. */
  stallPreviews = false;
  failWith: Error | null = null;
  /** Ids that come first in every list. */
  order: string[] = [];
  /** If set, searches wait for it. */
  searchGate: Promise<void> | null = null;
  readonly calls: string[] = [];
  kept: KeptCatalogue[] = [];
  history: HeadHistory = {
    records: [{ ...fakeHead('head-0', null), kind: 'profile', examples: 0 }],
    activeId: 'head-0',
    newEvents: 0,
    trainsAfter: 5,
  };
  /** Of the catalogue that is opened next. */
  itemsWithPopularity = 0;
  readonly #ratings = new Map<string, FeedbackEvent>();
  readonly #listeners: { [K in keyof RecommenderEvents]: Set<(value: RecommenderEvents[K]) => void> } = {
    status: new Set(),
    change: new Set(),
  };
  #clock = 0;

  async openCatalogue(source: Parameters<Recommender['openCatalogue']>[0]): Promise<CatalogueSummary> {
    this.calls.push('openCatalogue');
    if (this.failWith) throw this.failWith;
    const id = idOf(source);
    this.setStatus({ catalogueId: id, ...(this.status.phase === 'idle' ? { phase: 'ready', itemCount: FAKE_ITEMS.length } : {}) });
    const languages = [...new Set(FAKE_ITEMS.map(({ language }) => language))].map((tag) => ({
      tag,
      items: FAKE_ITEMS.filter(({ language }) => language === tag).length,
    }));
    return {
      id,
      itemCount: FAKE_ITEMS.length,
      languages,
      categories: CATEGORIES.map((id) => ({ id, items: FAKE_ITEMS.filter(({ categories }) => categories.includes(id)).length })),
      itemsWithPopularity: this.itemsWithPopularity,
      format: 'csv',
      headerMapping: { Titel: 'title', Sprache: 'language' },
      unmappedColumns: ['Regal'],
      problems: [
        {
          row: 3,
          field: 'language',
          value: 'klingonisch',
          message: 'This is not a language tag.',
          remedy: 'Write a tag such as "de" or "pt-BR".',
          severity: 'error',
        },
      ],
      problemCount: 1,
      fromStore: false,
    };
  }

  async recommend({ count = 12, policy, reasons = false }: Parameters<Recommender['recommend']>[0] = {}): Promise<RecommendationList> {
    this.calls.push('recommend');
    const likes = [...this.#ratings.values()].filter(({ kind }) => kind === 'like').map(({ itemId }) => itemId);
    const liked = new Set(FAKE_ITEMS.filter(({ id }) => likes.includes(id)).flatMap(({ categories }) => categories));
    const candidates = FAKE_ITEMS.filter(({ id, language }) => !this.#ratings.has(id) && allows(policy, language));
    const scored = candidates.map((item) => ({ item, score: item.categories.filter((id) => liked.has(id)).length / 2 }));
    scored.sort((a, b) => b.score - a.score);
    scored.sort((a, b) => Number(this.order.includes(b.item.id)) - Number(this.order.includes(a.item.id)));
    const because = (item: Item): Reason[] =>
      FAKE_ITEMS.filter(({ id, categories }) => likes.includes(id) && categories.some((one) => item.categories.includes(one)))
        .slice(0, 3)
        .map((one, _, all) => ({ item: one, share: 1 / all.length }));
    return {
      items: scored.slice(0, count).map((one) => (reasons ? { ...one, reasons: because(one.item) } : one)),
      basis: likes.length > 0 ? 'profile' : 'sample',
      candidates: candidates.length,
      elapsedMs: 1,
    };
  }

  async search(query: string, options: Parameters<Recommender['search']>[1] = {}): Promise<RecommendationList> {
    const { count = 12, policy, quick = false } = options;
    this.calls.push(`search ${query}${quick ? ' quick' : ''}`);
    await this.searchGate;
    const found = FAKE_ITEMS.filter(({ title, language }) => title.toLowerCase().includes(query.toLowerCase()) && allows(policy, language));
    const items = found.slice(0, count).map((item) => ({ item, score: 0.9 }));
    const queryEncoder = quick || this.status.speed === 'quick' ? 'quick' : 'refined';
    return { items, basis: 'profile', queryEncoder, candidates: FAKE_ITEMS.length, elapsedMs: 1 };
  }

  async rate(itemId: string, kind: FeedbackKind | null): Promise<void> {
    this.calls.push(`rate ${itemId} ${kind}`);
    if (kind) this.#ratings.set(itemId, { itemId: itemId as ItemId, kind, timeMs: ++this.#clock });
    else this.#ratings.delete(itemId);
    if (this.stallRatings) await new Promise(() => undefined);
    this.change();
  }

  async ratings(): Promise<FeedbackEvent[]> {
    return [...this.#ratings.values()];
  }

  async items(ids: readonly string[]): Promise<Item[]> {
    return FAKE_ITEMS.filter(({ id }) => ids.includes(id));
  }

  async browse(from: number, count: number): Promise<Item[]> {
    return FAKE_ITEMS.slice(from, from + count);
  }

  async suggestQuestions(count: number): Promise<Item[]> {
    return FAKE_ITEMS.filter(({ id }) => !this.#ratings.has(id)).slice(0, count);
  }

  async previewCatalogue(source: Parameters<Recommender['openCatalogue']>[0], { signal }: { signal?: AbortSignal } = {}): Promise<CataloguePreview> {
    const { status } = this;
    if (this.stallPreviews) {
      this.calls.push('previewCatalogue');
      await new Promise<never>((_, reject) =>
        signal?.addEventListener('abort', () => reject(new RecommenderError('aborted', 'Stopped on request.'))),
      );
    }
    const summary = await this.openCatalogue(source);
    this.status = status;
    this.calls[this.calls.length - 1] = 'previewCatalogue';
    return { summary, sample: FAKE_ITEMS.slice(0, 3) };
  }

  async catalogues(): Promise<KeptCatalogue[]> {
    return this.kept;
  }

  async deleteCatalogue(id: string): Promise<void> {
    this.calls.push(`deleteCatalogue ${id}`);
    this.kept = this.kept.filter((catalogue) => catalogue.id !== id);
    if (this.status.catalogueId === id) this.setStatus({ phase: 'idle', catalogueId: null, itemCount: 0 });
  }

  async train(): Promise<HeadSummary> {
    this.calls.push('train');
    if (this.failWith) throw this.failWith;
    const record = fakeHead(`head-${this.history.records.length}`, this.history.activeId);
    this.history = { ...this.history, records: [record, ...this.history.records], activeId: record.id, newEvents: 0 };
    return record;
  }

  async stopTraining(): Promise<void> {
    this.calls.push('stopTraining');
  }

  async heads(): Promise<HeadHistory> {
    return this.history;
  }

  async restoreHead(id: string): Promise<void> {
    this.calls.push(`restoreHead ${id}`);
    this.history = { ...this.history, activeId: id };
  }

  async fairness(_options: { signal?: AbortSignal } = {}): Promise<FairnessReport> {
    this.calls.push('fairness');
    if (this.failWith) throw this.failWith;
    return fakeFairness();
  }

  async measureQuality(): Promise<QualityReport> {
    this.calls.push('measureQuality');
    if (this.failWith) throw this.failWith;
    return fakeQuality();
  }

  async map(correction: 'before' | 'after'): Promise<CatalogueMap> {
    this.calls.push(`map ${correction}`);
    return fakeMap(
      FAKE_ITEMS.map(({ id }) => id),
      correction,
    );
  }

  async storage(): Promise<StorageReport> {
    return fakeStorage();
  }

  async exportData(): Promise<Blob> {
    this.calls.push('exportData');
    return new Blob([JSON.stringify({ ratings: [...this.#ratings.values()] })], { type: 'application/json' });
  }

  async stopEncoding(): Promise<void> {
    this.calls.push('stopEncoding');
  }

  async resumeEncoding(): Promise<void> {
    this.calls.push('resumeEncoding');
  }

  async encodeOnDevice(): Promise<void> {
    this.calls.push('encodeOnDevice');
  }

  async requestPersistence(): Promise<boolean> {
    return false;
  }

  async vectors(): Promise<Float32Array> {
    return new Float32Array(0);
  }

  async erase(): Promise<void> {
    this.calls.push('erase');
    this.#ratings.clear();
    this.setStatus({ phase: 'idle', catalogueId: null, itemCount: 0 });
  }

  on<K extends keyof RecommenderEvents>(event: K, listener: (value: RecommenderEvents[K]) => void): () => void {
    this.#listeners[event].add(listener);
    return () => this.#listeners[event].delete(listener);
  }

  setStatus(change: Partial<EngineStatus>): void {
    this.status = { ...this.status, ...change };
    for (const listener of this.#listeners.status) listener(this.status);
  }

  change(): void {
    for (const listener of this.#listeners.change) listener(undefined);
  }

  async dispose(): Promise<void> {
    this.calls.push('dispose');
  }
}
