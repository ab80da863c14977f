// What a panel of the page has: the recommender and its status.
import type { PropertyDeclarations, PropertyValues } from 'lit';
import type { Recommender } from '../client/recommender.ts';
import type { EngineStatus } from '../protocol/engine-api.ts';
import { LocalizedElement } from '../ui/localized-element.ts';
import { inputs } from '../ui/properties.ts';

export class PanelElement extends LocalizedElement {
  static override properties: PropertyDeclarations = inputs('recommender', 'status');

  declare recommender: Recommender | null;
  declare status: EngineStatus | null;

  constructor() {
    super();
    this.recommender = null;
    this.status = null;
  }

  /** Whether another catalogue, or none, is open since the last update. */
  protected catalogueChanged(changed: PropertyValues<this>): boolean {
    return changed.has('status') && changed.get('status')?.catalogueId !== this.status?.catalogueId;
  }
}
