// Which recommender the page has and which catalogue is open in it. One recommender at a time: they share a database.
import type { ReactiveControllerHost } from 'lit';
import type { Recommender, RecommenderOptions } from '../client/recommender.ts';
import type { CatalogueSummary, EncoderChoice, EngineStatus, Speed } from '../protocol/engine-api.ts';
import { type CategoryNames, categoryNamesUrl, loadCategoryNames, NO_CATEGORY_NAMES } from '../ui/category-names.ts';
import type { RecommenderController } from '../ui/recommender-controller.ts';
import { LatestOnly } from './latest-only.ts';
import { Measured } from './measured.ts';
import { ANY_LANGUAGE, policyFor, savedLanguages, saveEncoder, saveSpeed } from './saved.ts';
import { keptSource, type PageSettings, type Source, sameOriginUrl, withPack } from './settings.ts';

export interface SessionHost extends ReactiveControllerHost {
  recommender: Recommender | null;
  createRecommender(options: RecommenderOptions): Promise<Recommender>;
  readonly isConnected: boolean;
}

export interface SessionOptions {
  state: RecommenderController;
  settings: PageSettings;
  speed: Speed;
  encoder: EncoderChoice;
  onError: (error: unknown) => void;
  /** Nothing may be shown any more of the catalogue that was open. */
  onForget: () => void;
  onOpened: () => void;
}

export class Session {
  /** null while none is open. */
  summary: CatalogueSummary | null = null;
  categoryNames: CategoryNames = NO_CATEGORY_NAMES;
  measured: Measured;
  speed: Speed;
  encoder: EncoderChoice;
  /** The first lists of `summary` are there. */
  opened = false;

  readonly #host: SessionHost;
  readonly #options: SessionOptions;
  readonly #starts = new LatestOnly<{ afresh: boolean }>(({ afresh }) => this.#start(afresh));
  /** What is open or shall be; `last`: what was open last; null: nothing. */
  #source: Source | 'last' | null;
  #endFollowing: () => void = () => undefined;

  constructor(host: SessionHost, options: SessionOptions) {
    this.#host = host;
    this.#options = options;
    this.measured = this.#nothingMeasured();
    this.speed = options.speed;
    this.encoder = options.encoder;
    this.#source = options.settings.reopens ? 'last' : options.settings.catalogueUrl;
  }

  /** @param afresh with a new recommender, because speed and encoder are set when one is made; the catalogue is opened again */
  start(afresh: boolean): void {
    this.#starts.ask({ afresh });
  }

  /** Remembered; a new recommender goes by it and opens the present catalogue again. */
  choose({ speed = this.speed, encoder = this.encoder }: { speed?: Speed; encoder?: EncoderChoice }): void {
    if (speed !== this.speed) saveSpeed(speed);
    if (encoder !== this.encoder) saveEncoder(encoder);
    this.speed = speed;
    this.encoder = encoder;
    this.start(true);
  }

  /** The open catalogue may be deleted, or everything erased, by another part of the page. */
  follow({ catalogueId, phase }: EngineStatus): void {
    if (this.summary && this.opened && catalogueId === null && phase === 'idle') this.closed();
  }

  /** Opens a catalogue in place of the present one; where that fails, the present one stays the one to open. */
  async open(source: Source): Promise<void> {
    const before = this.#source;
    this.#source = source;
    const { state, settings, onError, onOpened } = this.#options;
    const { recommender } = state;
    if (!recommender) return; // one is being made and will open it
    this.#forget();
    try {
      const address = addressOf(source);
      const names = address === undefined ? NO_CATEGORY_NAMES : loadCategoryNames(categoryNamesUrl(address));
      const summary = await recommender.openCatalogue(withPack(source, settings));
      if (recommender !== state.recommender) return;
      this.summary = summary;
      state.policy = policyFor(savedLanguages().policy, summary.languages);
      await state.opened();
      this.opened = true;
      onOpened();
      this.categoryNames = await names;
      this.#host.requestUpdate();
    } catch (error) {
      if (recommender !== state.recommender) return;
      this.#source = before;
      onError(error);
    }
  }

  /** Nothing is open any more: it was deleted, or everything was erased. */
  closed(): void {
    this.#source = null;
    this.#options.state.policy = ANY_LANGUAGE;
    this.#forget();
  }

  async #start(afresh: boolean): Promise<void> {
    const { state, onError } = this.#options;
    const host = this.#host;
    try {
      if (afresh) {
        const before = host.recommender;
        host.recommender = null;
        state.detach();
        this.#forget();
        await before?.dispose();
      }
      const { encoder, speed } = this;
      host.recommender ??= await host.createRecommender({ encoder, speed, assetsUrl: new URL('.', document.baseURI) });
      if (!host.isConnected) return;
      state.attach(host.recommender);
      this.#endFollowing();
      this.#endFollowing = host.recommender.on('change', () => this.measured.noteChange());
      if (this.#source === 'last') await this.#reopen(host.recommender);
      else if (this.#source !== null) void this.open(this.#source);
    } catch (error) {
      onError(error);
    }
  }

  /** The catalogue that was open last; the demo where none is kept, or where it cannot be opened. */
  async #reopen(recommender: Recommender): Promise<void> {
    const { settings } = this.#options;
    const last = await lastOpened(recommender);
    if (this.#source !== 'last') return; // the visitor chose meanwhile
    if (last !== null) await this.open(keptSource(last, settings));
    if (this.summary === null && (last === null || this.#source === 'last')) void this.open(settings.catalogueUrl);
  }

  #forget(): void {
    this.#options.state.clear();
    this.summary = null;
    this.opened = false;
    this.categoryNames = NO_CATEGORY_NAMES;
    this.measured = this.#nothingMeasured();
    this.#options.onForget();
    this.#host.requestUpdate();
  }

  #nothingMeasured(): Measured {
    return new Measured(() => this.#host.requestUpdate(), this.#options.onError);
  }
}

/** Its id. A list that cannot be had must not keep the page from opening a catalogue. */
async function lastOpened(recommender: Recommender): Promise<string | null> {
  try {
    return (await recommender.catalogues())[0]?.id ?? null;
  } catch {
    return null;
  }
}

/** Where a catalogue came from: names of categories may lie beside it. */
function addressOf(source: Source): string | undefined {
  if (typeof source === 'string') return source;
  const known = source instanceof File || source.kind === 'file' ? null : source.kind === 'url' ? source.url : source.id;
  return known !== null && URL.canParse(known) ? sameOriginUrl(known, document.baseURI) : undefined;
}
