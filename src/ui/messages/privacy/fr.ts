// Texts of the privacy panel and the update prompt, in French.
import type { TranslationOf } from '../types.ts';
import type { privacyEn } from './en.ts';

export const privacyFr: TranslationOf<typeof privacyEn> = {
  receiptTitle: 'Ce que cette visite a reçu et envoyé',
  receiptElsewhere: 'Requêtes vers d’autres sites',
  receiptSent: 'Envoyé',
  receiptReceived: 'Reçu',
  receiptRequests: 'Requêtes',
  receiptHint:
    'Toutes les requêtes de cette page et de ses workers, dans tous les onglets ouverts de ce site. « Envoyé » compte ce qui part en plus de l’adresse.',
  receiptAddress: 'Adresse',
  receiptMethod: 'Méthode',
  receiptCount: 'Nombre',
  receiptFewer: 'En montrer moins',
  receiptAll: { one: 'Montrer {count} adresse', many: 'Montrer les {count} adresses', other: 'Montrer les {count} adresses' },
  keptHint: 'Gardé ici et nulle part ailleurs. Les autres sites ne peuvent pas le lire.',
  keptNothing: 'Rien n’est gardé.',
  keptOf: '{used} sur les {quota} que le navigateur permet',
  keptItems: 'Éléments des catalogues',
  keptVectors: 'Vecteurs des éléments',
  keptRatings: 'Vos avis',
  keptHeads: 'Têtes apprises',
  keptCorrections: 'Correction de langue',
  keptSettings: 'Vos réglages',
  keptModel: 'Fichiers du modèle de langue',
  keptRuntime: 'Fichiers de son moteur',
  keptPage: 'Fichiers de cette page',
  exportTitle: 'Emportez-les',
  exportHint: 'Vos avis et ce qui en a été appris, dans un fichier JSON.',
  exportButton: 'Exporter mes données',
  eraseVerified: 'Vérifié : il ne reste rien dans ce navigateur.',
  eraseLeft: 'Encore là : {what}. Fermez les autres onglets de ce site et effacez de nouveau.',
  updateWaits: 'Une nouvelle version est là.',
  updateNow: 'Recharger',
  updateLater: 'Plus tard',
};
