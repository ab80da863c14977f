// Erases everything that this site keeps in the browser, then checks that it is gone.
import type { Recommender } from '../../client/recommender.ts';

/** Keys of this page in localStorage start with this. */
const KEY_PREFIX = 'kindred:';
/** The database of the page's recommender: the default of `createRecommender`. */
const DATABASE = 'kindred';
/** Caches of the page and of its service worker. */
const CACHE_NAMES = /^(?:kindred-|workbox-)/;

/** @returns what could not be erased: `database kindred`, `cache NAME`, `key NAME` or `service worker`; empty: nothing is left */
export async function eraseEverything(recommender: Recommender): Promise<string[]> {
  await recommender.erase();
  for (const registration of await registrations()) await registration.unregister();
  for (const name of await cacheNames()) await caches.delete(name);
  for (const key of ownKeys()) localStorage.removeItem(key);
  return leftovers();
}

/** Does not ask the recommender, which would create its database again. */
async function leftovers(): Promise<string[]> {
  return [
    ...(await databaseNames()).map((name) => `database ${name}`),
    ...(await cacheNames()).map((name) => `cache ${name}`),
    ...ownKeys().map((key) => `key ${key}`),
    ...(await registrations()).map(() => 'service worker'),
  ];
}

async function databaseNames(): Promise<string[]> {
  const databases = (await globalThis.indexedDB?.databases?.().catch(() => [])) ?? [];
  return databases.flatMap(({ name }) => (name === DATABASE ? [name] : []));
}

async function cacheNames(): Promise<string[]> {
  return ((await globalThis.caches?.keys().catch(() => [])) ?? []).filter((name) => CACHE_NAMES.test(name));
}

/** Only those of this page's folder: other applications of the same host are left alone. */
async function registrations(): Promise<ServiceWorkerRegistration[]> {
  const all = (await navigator.serviceWorker?.getRegistrations().catch(() => [])) ?? [];
  const scope = new URL('.', document.baseURI).href;
  return all.filter((registration) => registration.scope === scope);
}

function ownKeys(): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(KEY_PREFIX));
  } catch {
    return []; // the browser forbids storage, so there is nothing in it
  }
}
