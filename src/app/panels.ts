// The panels of the page: where they are, what they are called, how they are loaded, and what each of them is given.
import { type ElementPart, noChange } from 'lit';
import { Directive, directive } from 'lit/directive.js';
import { html, literal, type StaticValue } from 'lit/static-html.js';
import type { Localizer, MessageKey } from '../ui/messages/localize.ts';
import type { RecommenderController } from '../ui/recommender-controller.ts';
import type { OwnData } from './own-data.ts';
import type { Preferences } from './preferences.ts';
import type { RatedItems } from './rated-items.ts';
import type { PanelId } from './route.ts';
import type { Session } from './session.ts';

export interface Panel {
  id: PanelId;
  name: MessageKey;
  /** Path of its icon, in a square of 24. */
  icon: string;
  /** null: it is part of the page and needs no loading. */
  lazy: { tag: StaticValue; load: () => Promise<unknown> } | null;
}

export const PANELS: readonly Panel[] = [
  { id: 'discover', name: 'navDiscover', icon: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM15.5 8.5l-2 5-5 2 2-5z', lazy: null },
  {
    id: 'taste',
    name: 'navTaste',
    icon: 'M12 20s-7-4.4-7-10a4 4 0 0 1 7-2.6A4 4 0 0 1 19 10c0 5.6-7 10-7 10z',
    lazy: { tag: literal`kindred-taste-panel`, load: () => import('./taste/taste-panel.ts') },
  },
  {
    id: 'catalogue',
    name: 'navCatalogue',
    icon: 'M4 5h5a3 3 0 0 1 3 3v12a2 2 0 0 0-2-2H4zM20 5h-5a3 3 0 0 0-3 3v12a2 2 0 0 1 2-2h6z',
    lazy: { tag: literal`kindred-catalogue-panel`, load: () => import('./catalogue/catalogue-panel.ts') },
  },
  {
    id: 'measure',
    name: 'navMeasure',
    icon: 'M12 4v16M5 20h14M12 6H6l-3 7a3.2 3.2 0 0 0 6 0zM12 6h6l3 7a3.2 3.2 0 0 1-6 0z',
    lazy: { tag: literal`kindred-measure-panel`, load: () => import('./measure/measure-panel.ts') },
  },
  {
    id: 'map',
    name: 'navMap',
    icon: 'M9 4 3 6.5v13.5l6-2.5 6 2.5 6-2.5V4l-6 2.5zM9 4v13.5M15 6.5V20',
    lazy: { tag: literal`kindred-map-panel`, load: () => import('./map/map-panel.ts') },
  },
  {
    id: 'privacy',
    name: 'navPrivacy',
    icon: 'M12 3l7 3v5c0 4.6-2.9 8.2-7 10-4.1-1.8-7-5.4-7-10V6z',
    lazy: { tag: literal`kindred-privacy-panel`, load: () => import('./privacy/privacy-panel.ts') },
  },
  {
    id: 'settings',
    name: 'navSettings',
    icon: 'M4 7h9M19 7h1M4 17h1M11 17h9M16 4.5v5M8 14.5v5',
    lazy: { tag: literal`kindred-settings-panel`, load: () => import('./settings/settings-panel.ts') },
  },
];

/** The panel of an id; Discover for an unknown one. */
export function panelOf(id: PanelId): Panel {
  const [first] = PANELS;
  const panel = PANELS.find((one) => one.id === id) ?? first;
  if (!panel) throw new Error('the table of panels is empty');
  return panel;
}

export interface PageState {
  localizer: Localizer;
  state: RecommenderController;
  session: Session;
  rated: RatedItems;
  preferences: Preferences;
  data: OwnData;
  /** A file that was dropped somewhere on the page and is to be previewed. */
  droppedFile: File | null;
  /** Address of the demo catalogue. */
  demoUrl: string;
}

/** What the panels are given. Each declares the properties that it reads, under these names. */
function panelProperties({ localizer, state, session, rated, preferences, data, droppedFile, demoUrl }: PageState) {
  const { recommender, status, ratings } = state;
  const { summary, categoryNames, measured, speed, encoder } = session;
  return {
    recommender,
    status,
    ratings,
    ratedItems: rated.known,
    summary,
    categoryNames,
    measured,
    speed,
    encoder,
    localizer,
    droppedFile,
    demoUrl,
    theme: preferences.theme,
    persisted: status?.store.persisted ? true : data.persisted,
    leftovers: data.leftovers,
  };
}

const setProperties = directive(
  class extends Directive {
    render(_properties: object): typeof noChange {
      return noChange;
    }
    override update({ element }: ElementPart, [properties]: [object]): typeof noChange {
      Object.assign(element, properties);
      return noChange;
    }
  },
);

/** @param tag of a panel that is loaded */
export const panelView = (tag: StaticValue, page: PageState): unknown => html`<${tag} ${setProperties(panelProperties(page))}></${tag}>`;
