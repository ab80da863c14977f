// Routes and their hashes: every route is read back, and a broken hash leads to Discover.
import { expect, test } from 'vitest';
import { formatRoute, itemHash, PANEL_IDS, parseRoute, type Route, START } from './route.ts';

test.each(PANEL_IDS)('%s has a hash of its own', (panel) => {
  expect(formatRoute({ ...START, panel })).toBe(`#/${panel}`);
  expect(parseRoute(`#/${panel}`)).toEqual({ ...START, panel });
});

test.each<Route>([
  { ...START, query: 'деревня & море?' },
  { ...START, query: '100 % #1', view: 'browse', language: 'pt-BR', category: 'Sea + sky', page: 4 },
  { ...START, item: 'a/b?c=#d' },
])('a place is read back: %o', (route) => {
  expect(parseRoute(formatRoute(route))).toEqual(route);
});

test.each([
  '',
  '#',
  '#/',
  '#recommendations',
  '#/nowhere?q=x'.replace('?q=x', ''),
  '#/discover?page=0',
  '#/discover?page=-2',
  '#/discover?page=1e99',
  '#/discover?page=x',
])('%s is the start', (hash) => {
  expect(parseRoute(hash)).toEqual(START);
});

test('only Discover has parts', () => {
  expect(parseRoute('#/settings?q=x')).toEqual({ ...START, panel: 'settings' });
  expect(formatRoute({ ...START, panel: 'map', query: 'x' })).toBe('#/map');
  expect(itemHash('sw 1')).toBe('#/discover?item=sw+1');
});
