// Spanish texts of the item card and the list around it.
import type { TranslationOf } from '../types.ts';
import type { cardEn } from './en.ts';

export const cardEs: TranslationOf<typeof cardEn> = {
  like: 'Me gusta',
  dislike: 'No me gusta',
  hide: 'No me interesa',
  actionLabel: '{action}: {title}',
  detected: 'detectado',
  becauseLiked: 'Porque te gustó {titles}',
  improved: 'Las recomendaciones han mejorado',
  listEmpty: 'Todavía no hay nada en los idiomas elegidos.',
  errorTitle: 'Algo salió mal',
};
