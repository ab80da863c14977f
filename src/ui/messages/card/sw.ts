// Swahili texts of the item card and the list around it.
import type { TranslationOf } from '../types.ts';
import type { cardEn } from './en.ts';

export const cardSw: TranslationOf<typeof cardEn> = {
  like: 'Napenda',
  dislike: 'Sipendi',
  hide: 'Hainivutii',
  actionLabel: '{action}: {title}',
  detected: 'imetambuliwa',
  becauseLiked: 'Kwa sababu ulipenda {titles}',
  improved: 'Mapendekezo yameboreshwa',
  listEmpty: 'Bado hakuna cha kuonyesha katika lugha zilizochaguliwa.',
  errorTitle: 'Hitilafu imetokea',
};
