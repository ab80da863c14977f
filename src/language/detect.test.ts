import { expect, test } from 'vitest';
import { detectByScript, loadDetector } from './detect.ts';

test('scripts that decide, and those that do not', () => {
  expect(detectByScript('海辺の町で暮らす少女')).toBe('ja');
  expect(detectByScript('一部侦探小说')).toBe('zh');
  expect(detectByScript('여름 방학')).toBe('ko');
  expect(detectByScript('หนังสือ')).toBe('th');
  expect(detectByScript('ספר')).toBe('he');
  expect(detectByScript('A book')).toBeUndefined();
  expect(detectByScript('123 !?')).toBeUndefined();
});

test('the detector tells languages of one script apart and admits ignorance', async () => {
  const detect = await loadDetector();
  expect(detect('Ein Ermittler sucht den Mörder eines Richters in der Altstadt von Köln.')).toBe('de');
  expect(detect('Une inspectrice enquête sur la mort d’un armateur du port de Marseille.')).toBe('fr');
  expect(detect('Рассказ о зимнем путешествии по Сибири и о дружбе двух мальчиков.')).toBe('ru');
  expect(detect('')).toBeUndefined();
  expect(detect('12345')).toBeUndefined();
});
