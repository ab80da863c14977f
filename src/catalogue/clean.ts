// Brings every text into one form, because the cache key is a hash of it and because the encoder must see words, not markup.
// Takes linear time on hostile input. Never removes what a script needs to be readable (ZWJ and ZWNJ stay).
import { decodeEntities } from './entities.ts';
import { stripTags } from './html.ts';

interface CleanOptions {
  /** Words to leave out, in lower case. Words are what white space separates, so this does nothing for Chinese or Thai. */
  stopWords?: ReadonlySet<string>;
}

/** Markup inside escaped markup is common ("&lt;p&gt;"); deeper nesting than this is an attack and stays as text. */
const MAX_ROUNDS = 3;

/**
 * Characters that nobody sees: controls except white space, soft hyphen, Arabic letter mark, zero-width space and word joiner, bidi
 * marks, embeddings and isolates, interlinear annotation, tag characters, BOM, noncharacters, lone surrogates.
 */
const INVISIBLE =
  /[\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFDD0-\uFDEF\uFEFF\uFFF9-\uFFFB\uFFFE\uFFFF\u{E0000}-\u{E007F}\p{Cs}]|(?![\s\u0085])\p{Cc}/gu;
const SPACES = /[\s\u0085]+/gu;
/** No language has over 30 combining marks in a row, and they make NFC quadratic (UAX #15, section 13: Stream-Safe Format). */
const TOO_MANY_MARKS = /(\p{M}{30})\p{M}+/gu;
/** A text without any of these needs NFC only: a superset of what the patterns above and the markup passes change. */
const MAY_NEED_WORK =
  /[\p{Cc}\p{Cs}\p{Cf}\u00A0\u1680\u2000-\u200B\u2028-\u202F\u205F-\u206F\u3000\uFDD0-\uFDEF\uFFF9-\uFFFB\uFFFE\uFFFF&<]| {2}|\]\]>|^ | $|\p{M}{31}/u;

function dropStopWords(text: string, stopWords: ReadonlySet<string>): string {
  return text
    .split(' ')
    .filter((word) => !stopWords.has(word.toLowerCase().replace(/^\p{P}+|\p{P}+$/gu, '')))
    .join(' ');
}

/**
 * The plain text of `raw`: Unicode NFC, without HTML tags and entities, control, bidi and zero-width characters, with
 * single spaces. Cleaning twice changes nothing, unless markup is escaped more than three times over.
 *
 * A bare `<` stays ("a < b"); escaped markup ("&lt;b&gt;") counts as markup.
 */
export function cleanText(raw: string, options: CleanOptions = {}): string {
  let text = raw;
  if (MAY_NEED_WORK.test(text)) {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const before = text;
      text = decodeEntities(stripTags(text));
      if (text === before) break;
    }
    text = text.replace(INVISIBLE, '').replace(SPACES, ' ').replace(TOO_MANY_MARKS, '$1').trim();
  }
  text = text.normalize('NFC');
  const { stopWords } = options;
  return stopWords && stopWords.size > 0 ? dropStopWords(text, stopWords) : text;
}
