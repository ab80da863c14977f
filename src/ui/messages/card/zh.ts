// Chinese texts of the item card and the list around it.
import type { TranslationOf } from '../types.ts';
import type { cardEn } from './en.ts';

export const cardZh: TranslationOf<typeof cardEn> = {
  like: '喜欢',
  dislike: '不喜欢',
  hide: '不感兴趣',
  actionLabel: '{action}：{title}',
  detected: '自动识别',
  becauseLiked: '因为您喜欢{titles}',
  improved: '推荐已改进',
  listEmpty: '所选语言中暂时没有内容。',
  errorTitle: '出了点问题',
};
