// Texts of the item card and the list around it, in English: all that the element for other sites has to fetch.
import type { MessageSource } from '../types.ts';

export const cardEn = {
  like: 'Like',
  dislike: 'Dislike',
  hide: 'Not interested',
  actionLabel: '{action}: {title}',
  detected: 'detected',
  becauseLiked: 'Because you liked {titles}',
  improved: 'Recommendations improved',
  listEmpty: 'Nothing to show in the chosen languages yet.',
  errorTitle: 'Something went wrong',
} as const satisfies MessageSource;
