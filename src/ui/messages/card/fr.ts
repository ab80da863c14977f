// French texts of the item card and the list around it.
import type { TranslationOf } from '../types.ts';
import type { cardEn } from './en.ts';

export const cardFr: TranslationOf<typeof cardEn> = {
  like: 'J’aime',
  dislike: 'Je n’aime pas',
  hide: 'Pas intéressé',
  actionLabel: '{action} : {title}',
  detected: 'détecté',
  becauseLiked: 'Parce que vous avez aimé {titles}',
  improved: 'Les recommandations se sont améliorées',
  listEmpty: 'Rien à montrer pour l’instant dans les langues choisies.',
  errorTitle: 'Un problème est survenu',
};
