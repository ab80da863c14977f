// Portuguese texts of the item card and the list around it.
import type { TranslationOf } from '../types.ts';
import type { cardEn } from './en.ts';

export const cardPt: TranslationOf<typeof cardEn> = {
  like: 'Gosto',
  dislike: 'Não gosto',
  hide: 'Sem interesse',
  actionLabel: '{action}: {title}',
  detected: 'detectada',
  becauseLiked: 'Porque gostou de {titles}',
  improved: 'As recomendações melhoraram',
  listEmpty: 'Ainda não há nada nas línguas escolhidas.',
  errorTitle: 'Algo deu errado',
};
