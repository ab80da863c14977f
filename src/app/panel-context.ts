// Gathers for the panels what the page's parts hold.
import type { Localizer } from '../ui/messages/localize.ts';
import type { RecommenderController } from '../ui/recommender-controller.ts';
import type { OwnData } from './own-data.ts';
import type { PanelContext } from './panels.ts';
import type { Preferences } from './preferences.ts';
import type { RatedItems } from './rated-items.ts';
import type { Session } from './session.ts';

export interface PageParts {
  localizer: Localizer;
  state: RecommenderController;
  session: Session;
  rated: RatedItems;
  preferences: Preferences;
  data: OwnData;
  droppedFile: File | null;
  demoUrl: string;
}

export function panelContext({ localizer, state, session, rated, preferences, data, droppedFile, demoUrl }: PageParts): PanelContext {
  const { recommender, status, ratings } = state;
  const { summary, categoryNames, measured, speed, encoder } = session;
  return {
    recommender,
    localizer,
    status,
    summary,
    categoryNames,
    measured,
    ratings,
    ratedItems: rated.known,
    speed,
    encoder,
    theme: preferences.theme,
    persisted: status?.store.persisted ? true : data.persisted,
    erased: data.leftovers !== null,
    leftovers: data.leftovers,
    droppedFile,
    demoUrl,
  };
}
