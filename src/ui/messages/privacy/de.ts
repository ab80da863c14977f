// Texts of the privacy panel and the update prompt, in German.
import type { TranslationOf } from '../types.ts';
import type { privacyEn } from './en.ts';

export const privacyDe: TranslationOf<typeof privacyEn> = {
  receiptTitle: 'Was dieser Besuch geholt und gesendet hat',
  receiptElsewhere: 'Anfragen an andere Seiten',
  receiptSent: 'Gesendet',
  receiptReceived: 'Empfangen',
  receiptRequests: 'Anfragen',
  receiptHint:
    'Jede Anfrage dieser Seite und ihrer Worker, in allen offenen Tabs dieser Seite. „Gesendet“ zählt, was neben der Adresse hochgeladen wird.',
  receiptAddress: 'Adresse',
  receiptMethod: 'Methode',
  receiptCount: 'Anzahl',
  receiptFewer: 'Weniger zeigen',
  receiptAll: { one: '{count} Adresse zeigen', other: 'Alle {count} Adressen zeigen' },
  keptHint: 'Nur hier und nirgends sonst. Andere Seiten können es nicht lesen.',
  keptNothing: 'Es liegt nichts vor.',
  keptOf: '{used} von {quota}, die der Browser erlaubt',
  keptItems: 'Einträge der Kataloge',
  keptVectors: 'Vektoren der Einträge',
  keptRatings: 'Deine Bewertungen',
  keptHeads: 'Gelernte Köpfe',
  keptCorrections: 'Sprachkorrektur',
  keptSettings: 'Deine Einstellungen',
  keptModel: 'Dateien des Sprachmodells',
  keptRuntime: 'Dateien seiner Laufzeit',
  keptPage: 'Dateien dieser Seite',
  exportTitle: 'Zum Mitnehmen',
  exportHint: 'Deine Bewertungen und was daraus gelernt wurde, als JSON-Datei.',
  exportButton: 'Meine Daten exportieren',
  eraseVerified: 'Geprüft: In diesem Browser ist nichts mehr.',
  eraseLeft: 'Noch da: {what}. Schließe andere Tabs dieser Seite und lösche noch einmal.',
  updateWaits: 'Eine neue Fassung ist da.',
  updateNow: 'Neu laden',
  updateLater: 'Später',
};
