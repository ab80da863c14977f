import { describe, expect, test } from 'vitest';
import fixture from './testing/fixture.json';
import { contextOf, itemOf, matrixOf, scoresOf } from './testing/planted.ts';
import { fitTfIdf, termsOf, tfidfKnnSystem } from './tfidf.ts';

const { texts, rows, history, weights, scores } = fixture.tfidf;

describe('termsOf', () => {
  test.each([
    ['A dog, a DOG!', ['a', 'dog', 'a', 'dog']],
    ['Ｓｔｒａße ﬁn 42', ['straße', 'fin', '42']],
    ['東京タワー', ['東京', '京タ', 'タワ', 'ワー']],
    ['猫 cat ネコcafe', ['猫', 'cat', 'ネコ', 'cafe']],
    ['ชาวโลก ดี', ['ชาว', 'าวโ', 'วโล', 'โลก', 'ดี']],
    ['हिन्दी में', ['हिन्दी', 'में']],
    ['𠮷野家', ['𠮷野', '野家']],
    ['!!! … 😀', []],
  ])('%s', (text, terms) => {
    expect(termsOf(text)).toEqual(terms);
  });
});

describe('fitTfIdf', () => {
  test('equals TfidfVectorizer of scikit-learn, term by term', async () => {
    const { vocabulary, byText } = await fitTfIdf(texts, () => undefined);
    const names = [...vocabulary.keys()];
    rows.forEach((wanted, text) => {
      const got: Record<string, number> = {};
      for (let at = byText.offsets[text] as number; at < (byText.offsets[text + 1] as number); at++) {
        got[names[byText.columns[at] as number] as string] = byText.values[at] as number;
      }
      expect(Object.keys(got).sort()).toEqual(Object.keys(wanted).sort());
      for (const [term, value] of Object.entries(wanted)) expect(got[term], `${text}: ${term}`).toBeCloseTo(value as number, 6);
    });
  });

  test('byTerm is the transpose of byText', async () => {
    const { byText, byTerm, vocabulary } = await fitTfIdf(texts, () => undefined);
    const dense = (rowsOf: typeof byText, columns: number, turned: boolean): number[] => {
      const out = new Array<number>(texts.length * vocabulary.size).fill(0);
      for (let row = 0; row + 1 < rowsOf.offsets.length; row++) {
        for (let at = rowsOf.offsets[row] as number; at < (rowsOf.offsets[row + 1] as number); at++) {
          const column = rowsOf.columns[at] as number;
          out[turned ? column * vocabulary.size + row : row * columns + column] = rowsOf.values[at] as number;
        }
      }
      return out;
    };
    expect(dense(byTerm, texts.length, true)).toEqual(dense(byText, vocabulary.size, false));
  });
});

describe('tfidfKnnSystem', () => {
  test('scores are cosines with the weighted mean, as scikit-learn gives them', async () => {
    const items = texts.map((_, row) => itemOf(row));
    const fitted = await tfidfKnnSystem().fit(contextOf(matrixOf([], texts.length), { items, texts }));
    for (const turn of [1, 2]) {
      scoresOf(fitted, history, texts.length, weights).forEach((score, item) => {
        expect(score, `turn ${turn}, item ${item}`).toBeCloseTo(scores[item] as number, 6);
      });
    }
    const single = scoresOf(fitted, [4], texts.length);
    expect(single[4]).toBeCloseTo(1, 6);
    expect(single[5]).toBeGreaterThan(0); // 東京
    expect(single[0]).toBe(0);
    expect([...scoresOf(fitted, [texts.length - 1], texts.length)].every((score) => score === 0)).toBe(true);
  });
});
