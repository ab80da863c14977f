// Entry of the page: defines <kindred-app>, which stands in index.html, and keeps the page for offline use.
import './trusted-types.ts';
import { keepRequestLog } from '../base/request-log.ts';
import './kindred-app.ts';

keepRequestLog('page');

// The service worker keeps the page's own files; without one (plain http, private mode) the page works online only.
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  const page = document.querySelector('kindred-app');
  // A script of the page's own folder: the policy of trusted-types.ts lets it pass.
  if (page) page.registration = navigator.serviceWorker.register(new URL('sw.js', document.baseURI)).catch(() => undefined);
}
