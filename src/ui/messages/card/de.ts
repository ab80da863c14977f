// German texts of the item card and the list around it.
import type { TranslationOf } from '../types.ts';
import type { cardEn } from './en.ts';

export const cardDe: TranslationOf<typeof cardEn> = {
  like: 'Gefällt mir',
  dislike: 'Gefällt mir nicht',
  hide: 'Kein Interesse',
  actionLabel: '{action}: {title}',
  detected: 'erkannt',
  becauseLiked: 'Weil Ihnen {titles} gefällt',
  improved: 'Die Empfehlungen sind jetzt genauer',
  listEmpty: 'In den gewählten Sprachen gibt es noch nichts.',
  errorTitle: 'Etwas ist schiefgegangen',
};
