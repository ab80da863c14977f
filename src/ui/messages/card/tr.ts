// Turkish texts of the item card and the list around it.
import type { TranslationOf } from '../types.ts';
import type { cardEn } from './en.ts';

export const cardTr: TranslationOf<typeof cardEn> = {
  like: 'Beğen',
  dislike: 'Beğenme',
  hide: 'İlgilenmiyorum',
  actionLabel: '{action}: {title}',
  detected: 'algılandı',
  becauseLiked: '{titles} hoşunuza gittiği için',
  improved: 'Öneriler iyileştirildi',
  listEmpty: 'Seçilen dillerde henüz bir şey yok.',
  errorTitle: 'Bir şeyler ters gitti',
};
