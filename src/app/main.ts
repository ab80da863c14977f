// Entry of the page: defines <kindred-app>, which is in index.html, and registers the service worker for offline use.
import './trusted-types.ts';
import { keepRequestLog } from '../base/request-log.ts';
import './kindred-app.ts';

keepRequestLog('page');

// Without a service worker (plain http, private mode) the page works online only.
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  const page = document.querySelector('kindred-app');
  // sw.js is in the page's own folder, so the policy of trusted-types.ts allows it.
  if (page) page.registration = navigator.serviceWorker.register(new URL('sw.js', document.baseURI)).catch(() => undefined);
}
