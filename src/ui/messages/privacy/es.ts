// Texts of the privacy panel and the update prompt, in Spanish.
import type { TranslationOf } from '../types.ts';
import type { privacyEn } from './en.ts';

export const privacyEs: TranslationOf<typeof privacyEn> = {
  receiptTitle: 'Lo que esta visita ha recibido y enviado',
  receiptElsewhere: 'Peticiones a otros sitios',
  receiptSent: 'Enviado',
  receiptReceived: 'Recibido',
  receiptRequests: 'Peticiones',
  receiptHint:
    'Todas las peticiones de esta página y sus workers, en todas las pestañas abiertas de este sitio. «Enviado» cuenta lo que sube además de la dirección.',
  receiptAddress: 'Dirección',
  receiptMethod: 'Método',
  receiptCount: 'Veces',
  receiptFewer: 'Mostrar menos',
  receiptAll: { one: 'Mostrar {count} dirección', many: 'Mostrar las {count} direcciones', other: 'Mostrar las {count} direcciones' },
  keptHint: 'Se guarda aquí y en ningún otro lugar. Otros sitios no pueden leerlo.',
  keptNothing: 'No hay nada guardado.',
  keptOf: '{used} de {quota} que permite el navegador',
  keptItems: 'Elementos de los catálogos',
  keptVectors: 'Vectores de los elementos',
  keptRatings: 'Tus valoraciones',
  keptHeads: 'Cabezas aprendidas',
  keptCorrections: 'Corrección de idioma',
  keptSettings: 'Tus ajustes',
  keptModel: 'Archivos del modelo de lenguaje',
  keptRuntime: 'Archivos de su entorno',
  keptPage: 'Archivos de esta página',
  exportTitle: 'Llévatelo',
  exportHint: 'Tus valoraciones y lo aprendido de ellas, en un archivo JSON.',
  exportButton: 'Exportar mis datos',
  eraseVerified: 'Comprobado: no queda nada en este navegador.',
  eraseLeft: 'Todavía queda: {what}. Cierra las otras pestañas de este sitio y borra de nuevo.',
  updateWaits: 'Hay una versión nueva.',
  updateNow: 'Recargar',
  updateLater: 'Más tarde',
};
