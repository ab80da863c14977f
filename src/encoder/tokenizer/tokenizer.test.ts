// The ids decide the vectors: this tokenizer against the reference on real texts and on all of Unicode.
import { readFileSync } from 'node:fs';
import { Tokenizer as Reference } from '@huggingface/tokenizers';
import { beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { dataFile, leaveOut, missingData } from '../../base/testing/left-out.ts';
import { readCompact, writeCompact } from './compact.ts';
import { readUnigramJson, type UnigramFiles } from './json.ts';
import { libraryTokenizer } from './library.ts';
import { UnigramTokenizer } from './unigram.ts';

const model = new URL('../../../public/models/multilingual-e5-small/', import.meta.url);
const read = (name: string) => JSON.parse(readFileSync(new URL(name, model), 'utf8')) as object;

let reference: Reference;
let files: UnigramFiles;
let own: UnigramTokenizer;

beforeAll(() => {
  const json = read('tokenizer.json');
  reference = new Reference(json, read('tokenizer_config.json'));
  const found = readUnigramJson(json);
  if (!found) throw new Error('tokenizer.json is not read as Unigram');
  files = found;
  const bytes = readFileSync(new URL('tokenizer.bin', model));
  const compact = readCompact(new Uint8Array(new Uint8Array(bytes).buffer));
  own = new UnigramTokenizer(compact.vocabulary, compact.special);
});

function expectSame(texts: readonly string[]): void {
  for (const text of texts) {
    const want = reference.encode(text, { add_special_tokens: false }).ids;
    const got = [...own.encode(text)];
    if (got.length !== want.length || got.some((id, i) => id !== want[i])) {
      expect({ text, ids: got }).toEqual({ text, ids: want });
    }
  }
}

describe('the compact form', () => {
  test('holds exactly what tokenizer.json holds', () => {
    const back = readCompact(writeCompact(files));
    expect(back.vocabulary.sortedPieces).toEqual(files.vocabulary.sortedPieces);
    expect(back.vocabulary.sortedIds).toEqual(files.vocabulary.sortedIds);
    expect(back.vocabulary.scores).toEqual(files.vocabulary.scores);
    expect(back.special).toEqual(files.special);
    expect(Buffer.from(writeCompact(files)).equals(readFileSync(new URL('tokenizer.bin', model)))).toBe(true);
  });

  test('says that it is damaged when cut or foreign', () => {
    const bytes = writeCompact(files);
    expect(() => readCompact(bytes.slice(0, 1000))).toThrow(/damaged/);
    expect(() => readCompact(new Uint8Array(64))).toThrow(/magic/);
  });
});

describe('ids equal to the reference', () => {
  test('special tokens, spaces, unknown characters, empty and lone surrogates', () => {
    expectSame([
      '',
      ' ',
      '  ',
      'a',
      ' a  b ',
      '\u2581',
      '<s>x</s>',
      'a <mask> b',
      '</s>',
      '<pad><unk>',
      '\u{10FFFF}',
      '\u{F0000}\u{F0001}',
      '\uD800',
      'a\uDC00b',
      '\uFF5E\uFF21',
      'ﬁ ﷺ',
      '\u0000',
      '\u200B',
      'e\u0301',
      '각\u1100\u1161',
      '👩‍👩‍👧‍👦',
      '\n\t\r',
      '\uFEFFx',
    ]);
    expect(own.prefixIds).toEqual([0]);
    expect(own.suffixIds).toEqual([2]);
    expect(own.padId).toBe(1);
  });

  test('every code point of Unicode, alone between letters', () => {
    const texts: string[] = [];
    for (let start = 0; start < 0x110000; start += 64) {
      if (start >= 0x40000 && start < 0xe0000) continue; // planes 4 to 13 are unassigned: like the two tried above
      let text = '';
      for (let point = start; point < start + 64; point++) text += `${String.fromCodePoint(point)}a`;
      texts.push(text);
    }
    expectSame(texts);
  });

  test('2,000 random mixtures of scripts', () => {
    const random = seededRandom(7);
    const ranges = [
      [0x20, 0x7e],
      [0xa0, 0x24f],
      [0x370, 0x52f],
      [0x590, 0x6ff],
      [0x900, 0xdff],
      [0xe00, 0xfff],
      [0x1100, 0x11ff],
      [0x1200, 0x137f],
      [0x2000, 0x206f],
      [0x2e80, 0x30ff],
      [0x4e00, 0x9fff],
      [0xac00, 0xd7a3],
      [0xfb00, 0xffef],
      [0x1f300, 0x1faff],
    ] as const;
    const texts = Array.from({ length: 2000 }, () => {
      let text = '';
      const length = 1 + Math.floor(random() * 40);
      for (let i = 0; i < length; i++) {
        const [low, high] = ranges[Math.floor(random() * ranges.length)] as readonly [number, number];
        const run = 1 + Math.floor(random() * 4);
        for (let j = 0; j < run; j++) text += String.fromCodePoint(low + Math.floor(random() * (high - low + 1)));
        if (random() < 0.2) text += ' ';
      }
      return text;
    });
    expectSame(texts);
  });

  test('20,000 texts of real catalogues', (context) => {
    const catalogues = ['stories/items.ndjson', 'apps/items.ndjson', 'debian/items.ndjson'];
    leaveOut(context, missingData(...catalogues));
    const texts: string[] = [];
    for (const catalogue of catalogues) {
      const lines = readFileSync(dataFile(catalogue), 'utf8').split('\n').filter(Boolean);
      const own: string[] = [];
      for (const line of lines) {
        const item = JSON.parse(line) as {
          title: string;
          description: string;
          translations?: Record<string, { title: string; description: string }>;
        };
        for (const text of [item, ...Object.values(item.translations ?? {})]) own.push(`query: ${text.title}. ${text.description}`);
      }
      const step = Math.max(1, Math.floor(own.length / 7000));
      texts.push(...own.filter((_, i) => i % step === 0).slice(0, 7000));
    }
    expect(texts.length).toBeGreaterThan(15_000);
    expectSame(texts.slice(0, 20_000));
  });

  test('tokenizers of another kind go to the library', () => {
    const json = {
      version: '1.0',
      truncation: null,
      padding: null,
      normalizer: null,
      decoder: null,
      added_tokens: [{ id: 0, content: '[PAD]', single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }],
      pre_tokenizer: { type: 'Whitespace' },
      post_processor: null,
      model: {
        type: 'WordPiece',
        unk_token: '[UNK]',
        continuing_subword_prefix: '##',
        max_input_chars_per_word: 100,
        vocab: { '[PAD]': 0, '[UNK]': 1, a: 2, fox: 3 },
      },
    };
    expect(readUnigramJson(json)).toBeUndefined();
    expect([...libraryTokenizer(json, { pad_token: '[PAD]' }).encode('a fox')]).toEqual([2, 3]);
  });
});
