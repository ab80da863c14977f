// Hindi texts of the item card and the list around it.
import type { TranslationOf } from '../types.ts';
import type { cardEn } from './en.ts';

export const cardHi: TranslationOf<typeof cardEn> = {
  like: 'पसंद है',
  dislike: 'पसंद नहीं',
  hide: 'रुचि नहीं',
  actionLabel: '{action}: {title}',
  detected: 'पहचानी गई',
  becauseLiked: 'क्योंकि आपको {titles} पसंद आया',
  improved: 'सुझाव बेहतर हो गए हैं',
  listEmpty: 'चुनी हुई भाषाओं में अभी कुछ नहीं है।',
  errorTitle: 'कुछ गड़बड़ हो गई',
};
