// Hebrew texts of the item card and the list around it.
import type { TranslationOf } from '../types.ts';
import type { cardEn } from './en.ts';

export const cardHe: TranslationOf<typeof cardEn> = {
  like: 'אהבתי',
  dislike: 'לא אהבתי',
  hide: 'לא מעניין',
  actionLabel: '{action}: {title}',
  detected: 'זוהתה',
  becauseLiked: 'כי אהבתם את {titles}',
  improved: 'ההמלצות השתפרו',
  listEmpty: 'אין עדיין מה להציג בשפות שנבחרו.',
  errorTitle: 'משהו השתבש',
};
