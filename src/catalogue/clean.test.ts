import { expect, test } from 'vitest';
import { cleanText } from './clean.ts';

const CASES: [name: string, raw: string, clean: string][] = [
  ['plain text is left alone', 'A very tall man', 'A very tall man'],
  ['decomposed letters are composed (NFC)', 'Cafe\u0301', 'Café'],
  ['inline tags leave no gap', '<b>W</b>ord and <i class="x">more</i>', 'Word and more'],
  ['block tags separate words', '<p>One</p><p>Two</p><br/>Three', 'One Two Three'],
  ['attribute values may hold ">" and "<"', '<a title="a > b < c" href=\'x\'>link</a> text', 'link text'],
  ['an unclosed quotation mark ends at the first ">"', '<a href="x>text</a> more', 'text more'],
  ['script and style go with their contents', 'a<script>alert("<b>")</script >b<STYLE>p{}</STYLE>c', 'a b c'],
  ['a script without end loses its tag only', 'The <script> tag', 'The tag'],
  ['comments, doctype, CDATA and processing instructions', '<!doctype html><!-- <b> -->a<![CDATA[b]]><?php x ?>c', 'ab c'],
  ['a bare "<" stays', 'a < b and 1<2, i <3 you', 'a < b and 1<2, i <3 you'],
  ['addresses in angle brackets stay', '<me@example.org> <https://example.org>', '<me@example.org> <https://example.org>'],
  ['named entities', 'Fish &amp; chips &eacute;t&eacute; &ndash; &hellip;&nbsp;&euro;5', 'Fish & chips été – … €5'],
  ['numeric entities', '&#65;&#x42;&#x1F600; &#150; &#0;&#xD800;&#99999999;.', 'AB😀 – .'],
  ['an unknown entity and a bare ampersand stay', '&unknown; R&D a&b', '&unknown; R&D a&b'],
  ['"5 &lt; 6" stays a comparison', '5 &lt; 6 &amp;&amp; 7 &gt; 6', '5 < 6 && 7 > 6'],
  ['escaped markup is markup', '&lt;p&gt;Hi&lt;/p&gt; &amp;lt;b&amp;gt;there&amp;lt;/b&amp;gt;', 'Hi there'],
  ['control characters', 'a\u0000b\u0007c\u009Fd', 'abcd'],
  ['bidi controls and zero-width characters', '\u202Eab\u202C\u200Bc\u2066d\u2069\uFEFFe\u200F\u00ADf\u{E0041}', 'abcdef'],
  ['ZWNJ in Persian and ZWJ in Indic scripts and emoji stay', 'می\u200Cخواهم ක්\u200Dෂ 👩\u200D💻', 'می\u200Cخواهم ක්\u200Dෂ 👩\u200D💻'],
  ['white space of all kinds', ' a\t\r\nb\u00A0\u3000c\u2028d\u0085e ', 'a b c d e'],
  ['a removed character leaves one space', 'a \u200B b', 'a b'],
  ['lone surrogates', 'a\uD800b\uDC00c😀', 'abc😀'],
];

for (const [name, raw, clean] of CASES) {
  test(`${name}; cleaning again changes nothing`, () => {
    expect(cleanText(raw)).toBe(clean);
    expect(cleanText(clean)).toBe(clean);
  });
}

test('stop words go whatever their case and punctuation', () => {
  expect(cleanText('The cat, and THE dog. Other', { stopWords: new Set(['the', 'and']) })).toBe('cat, dog. Other');
});

const MILLION = 1e6;
const HOSTILE: Record<string, string> = {
  'only "<"': '<'.repeat(MILLION),
  'tags that never end': '<a'.repeat(MILLION),
  'tags with a space that never end': '<a '.repeat(MILLION),
  'one tag over all': `<a ${'x'.repeat(MILLION)}`,
  'open quotation marks': '<a b="'.repeat(MILLION / 4),
  'open quotation marks of two kinds': '<a b="<a b=\''.repeat(MILLION / 8),
  'quoted tags': `<a b="${'<a b=\'" c="'.repeat(MILLION / 8)}`,
  'quoted ends': `${'<a b=">'.repeat(MILLION / 8)}`,
  'comments that never end': '<!--'.repeat(MILLION / 4),
  'scripts that never end': '<script>'.repeat(MILLION / 8),
  'script ends that never end': `<script>${'</script'.repeat(MILLION / 8)}`,
  'doctypes and instructions': '<!doctype<?'.repeat(MILLION / 8),
  ampersands: '&'.repeat(MILLION),
  'open references': '&#1234567'.repeat(MILLION / 8),
  'nested escapes': `&${'amp;'.repeat(MILLION / 4)}lt;`,
  spaces: ' '.repeat(MILLION),
  'spaces before a letter': `a${' \u200B'.repeat(MILLION / 2)}b`,
  'combining marks out of order, for which NFC is quadratic': `a${'\u0301\u0323'.repeat(MILLION / 2)}`,
  'closed CDATA': ']]>'.repeat(MILLION / 4),
};

for (const [name, text] of Object.entries(HOSTILE)) {
  test(`hostile input takes linear time: ${name}`, () => {
    const startMs = performance.now();
    cleanText(text);
    expect(performance.now() - startMs).toBeLessThan(3000);
  });
}

test('"<" a million times is text', () => {
  expect(cleanText('<'.repeat(MILLION))).toHaveLength(MILLION);
});
