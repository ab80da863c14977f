// The parts of the page, one line each: where they are, what they are called, and how they are loaded and drawn.
import { html, type TemplateResult } from 'lit';
import type { FeedbackKind } from '../base/types.ts';
import type { Recommender } from '../client/recommender.ts';
import type { CatalogueSummary, EncoderChoice, EngineStatus, Speed } from '../protocol/engine-api.ts';
import type { CategoryNames } from '../ui/category-names.ts';
import type { Localizer, MessageKey } from '../ui/messages/localize.ts';
import type { PanelId } from './route.ts';
import type { ThemeChoice } from './saved.ts';

/** What every panel is given, and the few things that only some need. */
export interface PanelContext {
  recommender: Recommender | null;
  localizer: Localizer;
  status: EngineStatus | null;
  summary: CatalogueSummary | null;
  categoryNames: CategoryNames;
  ratings: ReadonlyMap<string, FeedbackKind>;
  speed: Speed;
  encoder: EncoderChoice;
  theme: ThemeChoice;
  /** null: not asked yet. */
  persisted: boolean | null;
  erased: boolean;
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
