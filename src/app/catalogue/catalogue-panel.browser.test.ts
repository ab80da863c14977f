// The panel Catalogue: four sources, each with a preview; charts; kept catalogues, opened again and deleted.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RecommenderError } from '../../base/errors.ts';
import { loadLocalizer } from '../../ui/messages/localize.ts';
import { violationsOf } from '../../ui/testing/accessibility.ts';
import { FakeRecommender } from '../../ui/testing/fake-recommender.ts';
import { CataloguePanel } from './catalogue-panel.ts';

let fake: FakeRecommender;
let panel: CataloguePanel;
/** Names and details of the events, oldest first. */
let heard: { name: string; detail: unknown }[];

beforeEach(async () => {
  fake = new FakeRecommender();
  fake.kept = [
    { id: 'fake', title: 'fake', itemCount: 14, ratingCount: 1, importedAtMs: Date.UTC(2026, 10, 2, 12) },
    { id: 'https://example.org/a/older.csv', title: '', itemCount: 1200, ratingCount: 3, importedAtMs: Date.UTC(2026, 9, 1, 12) },
  ];
  heard = [];
  panel = new CataloguePanel();
  panel.recommender = fake;
  panel.status = fake.status;
  panel.summary = await fake.openCatalogue('fake');
  for (const name of ['kindred-open', 'kindred-reopen', 'kindred-failed']) {
    panel.addEventListener(name, (event) => heard.push({ name, detail: event instanceof CustomEvent ? event.detail : null }));
  }
  document.body.append(panel);
  await vi.waitFor(() => expect(kept('li')).toHaveLength(2));
});

afterEach(() => document.body.replaceChildren());

const inside = (host: string, selector: string): HTMLElement[] => [
  ...(panel.renderRoot.querySelector(host)?.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? []),
];
const kept = (selector: string): HTMLElement[] => inside('kindred-kept-catalogues', selector);
const importer = (selector: string): HTMLElement | undefined => inside('kindred-import', selector)[0];
const flat = (element: Element | null | undefined): string => element?.textContent?.replace(/\s+/g, ' ').trim() ?? '';

function submit(form: string, fields: Record<string, string>): void {
  for (const [id, value] of Object.entries(fields)) {
    const field = importer(`#${id}`);
    if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.value = value;
  }
  const element = importer(form);
  if (element instanceof HTMLFormElement) element.requestSubmit();
}

test('charts of languages and categories, longest first; no axe violations, in Arabic too', async () => {
  const charts = [...panel.renderRoot.querySelectorAll('.bars')];
  expect(charts.map((chart) => chart.getAttribute('aria-label'))).toEqual(['Items per language', 'Items per category']);
  expect(charts[0]?.querySelectorAll('li')).toHaveLength(12);
  expect(flat(charts[0]?.querySelector('li'))).toBe('English 2');
  const widths = [...(charts[1]?.querySelectorAll('rect') ?? [])].map((rect) => Number(rect.getAttribute('width')));
  expect(Math.max(...widths)).toBe(100);
  expect(flat(charts[0]?.nextElementSibling)).toBe('1 more');
  expect(await violationsOf(panel)).toEqual([]);
  panel.localizer = await loadLocalizer(['ar']);
  panel.dir = 'rtl';
  await panel.updateComplete;
  expect(await violationsOf(panel)).toEqual([]);
});

test('pasted rows are previewed under the given name, and opened', async () => {
  submit('#paste', { rows: 'id,title\na,One', name: 'My shelf' });
  await vi.waitFor(() => expect(flat(importer('#preview-title'))).toBe('Preview of My shelf'));
  expect(inside('kindred-import', '.preview tbody tr').length).toBeGreaterThanOrEqual(3);
  expect(inside('kindred-import', '.preview td[lang=ar]')).toHaveLength(1);
  expect(await violationsOf(panel)).toEqual([]);
  importer('#open')?.click();
  const { name, detail } = heard[0] ?? {};
  expect(name).toBe('kindred-open');
  expect(detail instanceof File && [detail.name, await detail.text()]).toEqual(['My shelf', 'id,title\na,One']);
});

test('rows that come before the recommender wait for it', async () => {
  panel.recommender = null;
  await panel.updateComplete;
  submit('#paste', { rows: 'id,title\n1,One', name: 'early.csv' });
  expect(importer('#open')).toBeUndefined();
  panel.recommender = fake;
  await vi.waitFor(() => expect(importer('#open')).toBeDefined());
});

test('empty rows ask for nothing', () => {
  submit('#paste', { rows: '  \n ' });
  expect(fake.calls).toEqual(['openCatalogue']);
});

test('an address of this site is previewed, one of another site is not', async () => {
  submit('#by-address', { address: 'https://evil.example/items.csv' });
  await vi.waitFor(() => expect(flat(importer('#address-error'))).toBe(`Only addresses on this site can be read: ${location.origin}`));
  expect(fake.calls).toEqual(['openCatalogue']);
  expect(await violationsOf(panel)).toEqual([]);
  submit('#by-address', { address: 'data/items.csv' });
  await vi.waitFor(() => expect(flat(importer('#preview-title'))).toBe('Preview of data/items.csv'));
  expect(flat(importer('#address-error'))).toBe('');
  importer('#discard')?.click();
  await vi.waitFor(() => expect(importer('.preview')).toBeUndefined());
  expect(heard).toEqual([]);
});

test('a file that cannot be read is an error, and a late preview is dropped', async () => {
  fake.failWith = new RecommenderError('catalogue-format', 'items.csv is a zip.');
  panel.droppedFile = new File(['PK'], 'items.csv');
  await vi.waitFor(() => expect(heard.map(({ name }) => name)).toEqual(['kindred-failed']));
  expect(heard[0]?.detail).toBe(fake.failWith);
  expect(importer('.preview')).toBeUndefined();
});

test('a preview can be cancelled, and ends when another begins or the panel is left', async () => {
  fake.stallPreviews = true;
  const preview = vi.spyOn(fake, 'previewCatalogue');
  const aborted = (): (boolean | undefined)[] => preview.mock.calls.map(([, options]) => options?.signal?.aborted);
  submit('#paste', { rows: 'id,title\na,One' });
  await vi.waitFor(() => expect(importer('#cancel')).toBeDefined());
  const cancel = importer('#cancel');
  expect(cancel && getComputedStyle(cancel).visibility).toBe('hidden'); // for a moment
  for (const animation of cancel?.getAnimations() ?? []) animation.finish();
  expect(cancel && getComputedStyle(cancel).visibility).toBe('visible');
  cancel?.click();
  await vi.waitFor(() => expect(importer('#cancel')).toBeUndefined());
  expect(aborted()).toEqual([true]);
  submit('#paste', { rows: 'id,title\nb,Two' });
  submit('#paste', { rows: 'id,title\nc,Three' });
  expect(aborted()).toEqual([true, true, false]);
  panel.remove();
  expect(aborted()).toEqual([true, true, true]);
  expect(heard).toEqual([]);
});

test('kept catalogues: the open one is marked, another is opened again, deletion asks first', async () => {
  expect(kept('li').map(flat)).toEqual([
    expect.stringMatching(/^fake 14 items · 1 rating · Nov 2, 2026 Open now Delete$/),
    expect.stringMatching(/^a\/older.csv 1,200 items · 3 ratings · Oct 1, 2026 Open Delete$/),
  ]);
  kept('.reopen')[0]?.click();
  expect(heard).toEqual([{ name: 'kindred-reopen', detail: 'https://example.org/a/older.csv' }]);
  kept('li .danger')[1]?.click();
  await vi.waitFor(() => expect(flat(kept('dialog[open] h4')[0])).toBe('Delete a/older.csv?'));
  expect(await violationsOf(panel)).toEqual([]);
  kept('dialog button:not(.danger)')[0]?.click();
  await vi.waitFor(() => expect(kept('dialog[open]')).toHaveLength(0));
  expect(fake.calls).toEqual(['openCatalogue']);
  kept('li .danger')[1]?.click();
  await vi.waitFor(() => expect(kept('dialog[open]')).toHaveLength(1));
  kept('dialog .danger')[0]?.click();
  await vi.waitFor(() => expect(kept('li')).toHaveLength(1));
  expect(fake.calls.at(-1)).toBe('deleteCatalogue https://example.org/a/older.csv');
  expect(flat(kept('[role=status]')[0])).toBe('Deleted: a/older.csv');
});
