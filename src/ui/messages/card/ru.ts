// Russian texts of the item card and the list around it.
import type { TranslationOf } from '../types.ts';
import type { cardEn } from './en.ts';

export const cardRu: TranslationOf<typeof cardEn> = {
  like: 'Нравится',
  dislike: 'Не нравится',
  hide: 'Неинтересно',
  actionLabel: '{action}: {title}',
  detected: 'определён',
  becauseLiked: 'Потому что вам понравилось: {titles}',
  improved: 'Рекомендации стали точнее',
  listEmpty: 'На выбранных языках пока ничего нет.',
  errorTitle: 'Что-то пошло не так',
};
