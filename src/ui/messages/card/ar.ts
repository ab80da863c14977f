// Arabic texts of the item card and the list around it.
import type { TranslationOf } from '../types.ts';
import type { cardEn } from './en.ts';

export const cardAr: TranslationOf<typeof cardEn> = {
  like: 'يعجبني',
  dislike: 'لا يعجبني',
  hide: 'لا يهمّني',
  actionLabel: '{action}: {title}',
  detected: 'مُستنتَجة',
  becauseLiked: 'لأنه أعجبك {titles}',
  improved: 'تحسّنت التوصيات',
  listEmpty: 'لا شيء بعد باللغات المختارة.',
  errorTitle: 'حدث خطأ ما',
};
