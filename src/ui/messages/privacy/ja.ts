// Texts of the privacy panel and the update prompt, in Japanese.
import type { TranslationOf } from '../types.ts';
import type { privacyEn } from './en.ts';

export const privacyJa: TranslationOf<typeof privacyEn> = {
  receiptTitle: 'この訪問で受け取ったものと送ったもの',
  receiptElsewhere: '他のサイトへのリクエスト',
  receiptSent: '送信',
  receiptReceived: '受信',
  receiptRequests: 'リクエスト',
  receiptHint:
    'このページとそのワーカーのすべてのリクエストです。このサイトの開いているタブをすべて含みます。「送信」はアドレス以外に送られるものの量です。',
  receiptAddress: 'アドレス',
  receiptMethod: 'メソッド',
  receiptCount: '回数',
  receiptFewer: '表示を減らす',
  receiptAll: { other: '{count} 件のアドレスをすべて表示' },
  keptHint: 'ここだけに保存されます。他のサイトからは読めません。',
  keptNothing: '何も保存されていません。',
  keptOf: 'ブラウザーが許す {quota} のうち {used}',
  keptItems: 'カタログの項目',
  keptVectors: '項目のベクトル',
  keptRatings: 'あなたの評価',
  keptHeads: '学習したヘッド',
  keptCorrections: '言語の補正',
  keptSettings: 'あなたの設定',
  keptModel: '言語モデルのファイル',
  keptRuntime: 'その実行環境のファイル',
  keptPage: 'このページのファイル',
  exportTitle: '持ち出す',
  exportHint: 'あなたの評価と、そこから学習したものを JSON ファイルにします。',
  exportButton: 'データを書き出す',
  eraseVerified: '確認済み：このブラウザーには何も残っていません。',
  eraseLeft: 'まだ残っています：{what}。このサイトの他のタブを閉じて、もう一度消去してください。',
  updateWaits: '新しいバージョンがあります。',
  updateNow: '再読み込み',
  updateLater: '後で',
};
