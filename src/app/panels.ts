// The parts of the page, one line each: where they are, what they are called, and how they are loaded and drawn.
import { html, type TemplateResult } from 'lit';
import type { FeedbackKind, Item } from '../base/types.ts';
import type { Recommender } from '../client/recommender.ts';
import type { CatalogueSummary, EncoderChoice, EngineStatus, Speed } from '../protocol/engine-api.ts';
import type { CategoryNames } from '../ui/category-names.ts';
import type { Localizer, MessageKey } from '../ui/messages/localize.ts';
import type { Measured } from './measured.ts';
import type { PanelId } from './route.ts';
import type { ThemeChoice } from './saved.ts';

/** What every panel is given, and the few things that only some need. */
export interface PanelContext {
  recommender: Recommender | null;
  localizer: Localizer;
  status: EngineStatus | null;
  summary: CatalogueSummary | null;
  categoryNames: CategoryNames;
  measured: Measured;
  ratings: ReadonlyMap<string, FeedbackKind>;
  /** The items behind the ratings. */
  ratedItems: ReadonlyMap<string, Item>;
  speed: Speed;
  encoder: EncoderChoice;
  theme: ThemeChoice;
  /** null: not asked yet. */
  persisted: boolean | null;
  erased: boolean;
  /** What was still there after erasing; null: not erased. */
  leftovers: readonly string[] | null;
  /** A file that was dropped somewhere on the page and is to be looked at. */
  droppedFile: File | null;
  /** Address of the demo catalogue. */
  demoUrl: string;
}

export interface Panel {
  id: PanelId;
  name: MessageKey;
  /** Path of its sign, in a square of 24. */
  icon: string;
  /** null: it is part of the shell. */
  lazy: { load: () => Promise<unknown>; render: (context: PanelContext) => TemplateResult } | null;
}

export const PANELS: readonly Panel[] = [
  { id: 'discover', name: 'navDiscover', icon: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM15.5 8.5l-2 5-5 2 2-5z', lazy: null },
  {
    id: 'taste',
    name: 'navTaste',
    icon: 'M12 20s-7-4.4-7-10a4 4 0 0 1 7-2.6A4 4 0 0 1 19 10c0 5.6-7 10-7 10z',
    lazy: {
      load: () => import('./taste/taste-panel.ts'),
      render: (context) => html`
        <kindred-taste-panel
          .recommender=${context.recommender}
          .status=${context.status}
          .ratings=${context.ratings}
          .items=${context.ratedItems}
          .categoryNames=${context.categoryNames}
          .localizer=${context.localizer}
        ></kindred-taste-panel>
      `,
    },
  },
  {
    id: 'catalogue',
    name: 'navCatalogue',
    icon: 'M4 5h5a3 3 0 0 1 3 3v12a2 2 0 0 0-2-2H4zM20 5h-5a3 3 0 0 0-3 3v12a2 2 0 0 1 2-2h6z',
    lazy: {
      load: () => import('./catalogue/catalogue-panel.ts'),
      render: (context) => html`
        <kindred-catalogue-panel
          .recommender=${context.recommender}
          .localizer=${context.localizer}
          .status=${context.status}
          .summary=${context.summary}
          .categoryNames=${context.categoryNames}
          .droppedFile=${context.droppedFile}
          .demoUrl=${context.demoUrl}
        ></kindred-catalogue-panel>
      `,
    },
  },
  {
    id: 'measure',
    name: 'navMeasure',
    icon: 'M12 4v16M5 20h14M12 6H6l-3 7a3.2 3.2 0 0 0 6 0zM12 6h6l3 7a3.2 3.2 0 0 1-6 0z',
    lazy: {
      load: () => import('./measure/measure-panel.ts'),
      render: (context) => html`
        <kindred-measure-panel
          .recommender=${context.recommender}
          .status=${context.status}
          .measured=${context.measured}
          .localizer=${context.localizer}
        ></kindred-measure-panel>
      `,
    },
  },
  {
    id: 'map',
    name: 'navMap',
    icon: 'M9 4 3 6.5v13.5l6-2.5 6 2.5 6-2.5V4l-6 2.5zM9 4v13.5M15 6.5V20',
    lazy: {
      load: () => import('./map/map-panel.ts'),
      render: (context) => html`
        <kindred-map-panel
          .recommender=${context.recommender}
          .status=${context.status}
          .ratings=${context.ratings}
          .categoryNames=${context.categoryNames}
          .measured=${context.measured}
          .localizer=${context.localizer}
        ></kindred-map-panel>
      `,
    },
  },
  {
    id: 'privacy',
    name: 'navPrivacy',
    icon: 'M12 3l7 3v5c0 4.6-2.9 8.2-7 10-4.1-1.8-7-5.4-7-10V6z',
    lazy: {
      load: () => import('./privacy/privacy-panel.ts'),
      render: (context) => html`
        <kindred-privacy-panel
          .recommender=${context.recommender}
          .status=${context.status}
          .persisted=${context.persisted}
          .erased=${context.leftovers}
          .localizer=${context.localizer}
        ></kindred-privacy-panel>
      `,
    },
  },
  {
    id: 'settings',
    name: 'navSettings',
    icon: 'M4 7h9M19 7h1M4 17h1M11 17h9M16 4.5v5M8 14.5v5',
    lazy: {
      load: () => import('./settings/settings-panel.ts'),
      render: (context) => html`
        <kindred-settings-panel
          .localizer=${context.localizer}
          .speed=${context.speed}
          .encoder=${context.encoder}
          .theme=${context.theme}
          .persisted=${context.persisted}
          .erased=${context.erased}
        ></kindred-settings-panel>
      `,
    },
  },
];

/** The panel of an id; Discover for one that is not there. */
export function panelOf(id: PanelId): Panel {
  const [first] = PANELS;
  const panel = PANELS.find((one) => one.id === id) ?? first;
  if (!panel) throw new Error('the table of panels is empty');
  return panel;
}
