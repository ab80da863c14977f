// The page's recommender and the catalogue that is open in it. There is one recommender at a time: they share a database.
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
  /** The catalogue was closed: whatever shows it must be cleared. */
  onClosed: () => void;
  onOpened: () => void;
}

export class Session {
  /** null while none is open. */
  summary: CatalogueSummary | null = null;
  categoryNames: CategoryNames = NO_CATEGORY_NAMES;
  measured: Measured;
  speed: Speed;
  encoder: EncoderChoice;
  /** The catalogue is open and its first list is shown. */
  opened = false;

  readonly #host: SessionHost;
  readonly #options: SessionOptions;
  readonly #starts = new LatestOnly<{ restart: boolean }>(({ restart }) => this.#start(restart));
  /** What is open or will be opened; `last`: what was open at the last visit; null: nothing. */
  #source: Source | 'last' | null;
  #unsubscribe: () => void = () => undefined;

  constructor(host: SessionHost, options: SessionOptions) {
    this.#host = host;
    this.#options = options;
    this.measured = this.#newMeasured();
    this.speed = options.speed;
    this.encoder = options.encoder;
    this.#source = options.settings.reopens ? 'last' : options.settings.catalogueUrl;
  }

  /** @param restart makes a new recommender, which new speed and encoder need, and opens the catalogue again */
  start(restart: boolean): void {
    this.#starts.ask({ restart });
  }

  /** Saves the choice and restarts with it. */
  choose({ speed = this.speed, encoder = this.encoder }: { speed?: Speed; encoder?: EncoderChoice }): void {
    if (speed !== this.speed) saveSpeed(speed);
    if (encoder !== this.encoder) saveEncoder(encoder);
    this.speed = speed;
    this.encoder = encoder;
    this.start(true);
  }

  /** Notices that another part of the page deleted the open catalogue or erased everything. */
  follow({ catalogueId, phase }: EngineStatus): void {
    if (this.summary && this.opened && catalogueId === null && phase === 'idle') this.closed();
  }

  /** Opens a catalogue instead of the current one. If that fails, a restart opens the old one. */
  async open(source: Source): Promise<void> {
    const before = this.#source;
    this.#source = source;
    const { state, settings, onError, onOpened } = this.#options;
    const { recommender } = state;
    if (!recommender) return; // the recommender that is being made will open it
    this.#clear();
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

  /** The open catalogue was deleted, or everything was erased. */
  closed(): void {
    this.#source = null;
    this.#options.state.policy = ANY_LANGUAGE;
    this.#clear();
  }

  async #start(restart: boolean): Promise<void> {
    const { state, onError } = this.#options;
    const host = this.#host;
    try {
      if (restart) {
        const before = host.recommender;
        host.recommender = null;
        state.detach();
        this.#clear();
        await before?.dispose();
      }
      const { encoder, speed } = this;
      host.recommender ??= await host.createRecommender({ encoder, speed, assetsUrl: new URL('.', document.baseURI) });
      if (!host.isConnected) return;
      state.attach(host.recommender);
      this.#unsubscribe();
      this.#unsubscribe = host.recommender.on('change', () => this.measured.noteChange());
      if (this.#source === 'last') await this.#reopen(host.recommender);
      else if (this.#source !== null) void this.open(this.#source);
    } catch (error) {
      onError(error);
    }
  }

  /** Opens the catalogue that was open last; the demo if none is kept or it cannot be opened. */
  async #reopen(recommender: Recommender): Promise<void> {
    const { settings } = this.#options;
    const last = await lastOpened(recommender);
    if (this.#source !== 'last') return; // the visitor opened another one in the meantime
    if (last !== null) await this.open(keptSource(last, settings));
    if (this.summary === null && (last === null || this.#source === 'last')) void this.open(settings.catalogueUrl);
  }

  #clear(): void {
    this.#options.state.clear();
    this.summary = null;
    this.opened = false;
    this.categoryNames = NO_CATEGORY_NAMES;
    this.measured = this.#newMeasured();
    this.#options.onClosed();
    this.#host.requestUpdate();
  }

  #newMeasured(): Measured {
    return new Measured(() => this.#host.requestUpdate(), this.#options.onError);
  }
}

/** Id of the catalogue that was open last. An error gives null, so that the page can still open the demo. */
async function lastOpened(recommender: Recommender): Promise<string | null> {
  try {
    return (await recommender.catalogues())[0]?.id ?? null;
  } catch {
    return null;
  }
}

/** The catalogue's own address, beside which a file with names of categories may lie. */
function addressOf(source: Source): string | undefined {
  if (typeof source === 'string') return source;
  const url = source instanceof File || source.kind === 'file' ? null : source.kind === 'url' ? source.url : source.id;
  return url !== null && URL.canParse(url) ? sameOriginUrl(url, document.baseURI) : undefined;
}
