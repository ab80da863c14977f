// Texts of the privacy panel and the update prompt, in Swahili.
import type { TranslationOf } from '../types.ts';
import type { privacyEn } from './en.ts';

export const privacySw: TranslationOf<typeof privacyEn> = {
  receiptTitle: 'Kilichopokelewa na kutumwa katika ziara hii',
  receiptElsewhere: 'Maombi kwa tovuti nyingine',
  receiptSent: 'Kilichotumwa',
  receiptReceived: 'Kilichopokelewa',
  receiptRequests: 'Maombi',
  receiptHint:
    'Kila ombi la ukurasa huu na wasaidizi wake, katika vichupo vyote vya tovuti hii. “Kilichotumwa” huhesabu kinachopanda pamoja na anwani.',
  receiptAddress: 'Anwani',
  receiptMethod: 'Njia',
  receiptCount: 'Mara',
  receiptFewer: 'Onyesha chache',
  receiptAll: { one: 'Onyesha anwani {count}', other: 'Onyesha anwani zote {count}' },
  keptHint: 'Kinahifadhiwa hapa tu. Tovuti nyingine haziwezi kukisoma.',
  keptNothing: 'Hakuna kilichohifadhiwa.',
  keptOf: '{used} kati ya {quota} ambazo kivinjari kinaruhusu',
  keptItems: 'Vitu vya katalogi',
  keptVectors: 'Vekta za vitu',
  keptRatings: 'Ukadiriaji wako',
  keptHeads: 'Vichwa vilivyojifunza',
  keptCorrections: 'Marekebisho ya lugha',
  keptSettings: 'Mipangilio yako',
  keptModel: 'Faili za modeli ya lugha',
  keptRuntime: 'Faili za kiendeshi chake',
  keptPage: 'Faili za ukurasa huu',
  exportTitle: 'Chukua nawe',
  exportHint: 'Ukadiriaji wako na kilichojifunzwa kutokana nao, katika faili ya JSON.',
  exportButton: 'Hamisha data yangu',
  eraseVerified: 'Imekaguliwa: hakuna kilichobaki katika kivinjari hiki.',
  eraseLeft: 'Bado kipo: {what}. Funga vichupo vingine vya tovuti hii kisha ufute tena.',
  updateWaits: 'Kuna toleo jipya.',
  updateNow: 'Pakia upya',
  updateLater: 'Baadaye',
};
