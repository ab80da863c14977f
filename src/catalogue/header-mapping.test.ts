import { expect, test } from 'vitest';
import { planColumns } from './header-mapping.ts';

test('synonyms in several languages, whatever case and accents', () => {
  expect(planColumns(['ID', 'Titre', 'Résumé', 'LANGUE', 'Mots-clés', 'Auteur', 'Année', 'Lien']).mapping).toEqual({
    ID: 'id',
    Titre: 'title',
    Résumé: 'description',
    LANGUE: 'language',
    'Mots-clés': 'categories',
    Auteur: 'creator',
    Année: 'published',
    Lien: 'link',
  });
  expect(planColumns(['Titel', 'Beschreibung', 'Sprache', 'Schlagwörter', 'Jahr']).mapping).toEqual({
    Titel: 'title',
    Beschreibung: 'description',
    Sprache: 'language',
    Schlagwörter: 'categories',
    Jahr: 'published',
  });
  expect(planColumns(['titulo', 'Descripción', 'idioma', 'AÑO']).mapping).toEqual({
    titulo: 'title',
    Descripción: 'description',
    idioma: 'language',
    AÑO: 'published',
  });
  expect(planColumns(['name', 'text', 'lang', 'tags', 'author', 'url', 'year']).mapping).toEqual({
    name: 'title',
    text: 'description',
    lang: 'language',
    tags: 'categories',
    author: 'creator',
    url: 'link',
    year: 'published',
  });
  expect(planColumns(['标题', '描述', '语言']).mapping).toEqual({ 标题: 'title', 描述: 'description', 语言: 'language' });
  expect(planColumns(['название', 'описание', 'язык']).mapping).toEqual({
    название: 'title',
    описание: 'description',
    язык: 'language',
  });
});

test('the own name of a field wins over a synonym, and each field takes one column', () => {
  const plan = planColumns(['name', 'title', 'summary', 'text', 'shelf']);
  expect(plan.mapping).toEqual({ title: 'title', summary: 'description' });
  expect(plan.unmapped).toEqual(['name', 'text', 'shelf']);
});

test('columns of languages and attributes', () => {
  const plan = planColumns(['title', 'title.de', 'name:pt_BR', 'description.de', 'attributes.pages', 'attr:price', 'title.english', 'pages']);
  expect(plan.mapping).toEqual({
    title: 'title',
    'title.de': 'title.de',
    'name:pt_BR': 'title.pt-BR',
    'description.de': 'description.de',
    'attributes.pages': 'attributes.pages',
    'attr:price': 'attributes.price',
  });
  expect(plan.unmapped).toEqual(['title.english', 'pages']);
});

test('an explicit mapping wins over names', () => {
  expect(planColumns(['title', 'subtitle'], { title: 'subtitle' }).mapping).toEqual({ subtitle: 'title' });
});

test('counts of sales, views or ratings are popularity; a mean rating and a rank are not', () => {
  for (const name of ['Sales', 'page_views', 'Downloads', 'ratings_count', 'Number of ratings', 'Aufrufe', 'Ventes', '销量', 'umaarufu'])
    expect(planColumns(['title', name]).mapping, name).toEqual({ title: 'title', [name]: 'popularity' });
  expect(planColumns(['title', 'rating', 'ratings', 'score', 'rank']).unmapped).toEqual(['rating', 'ratings', 'score', 'rank']);
});
