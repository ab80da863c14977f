// Japanese texts of the item card and the list around it.
import type { TranslationOf } from '../types.ts';
import type { cardEn } from './en.ts';

export const cardJa: TranslationOf<typeof cardEn> = {
  like: '好き',
  dislike: '好きではない',
  hide: '興味なし',
  actionLabel: '{action}：{title}',
  detected: '自動判定',
  becauseLiked: '{titles}を気に入ったため',
  improved: 'おすすめがより正確になりました',
  listEmpty: '選んだ言語では、まだ表示できるものがありません。',
  errorTitle: '問題が発生しました',
};
