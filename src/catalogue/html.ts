// Removes HTML tags from text that should not contain any. It is not an HTML parser and not a sanitiser: its result is shown as text
// only. Takes linear time on any input: every scan moves forward, or uses up a budget.

/** Tags that stand inside a word; all others separate words. */
const INLINE = new Set(
  'a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q rb ruby s samp small span strike strong sub sup time tt u var wbr'.split(
    ' ',
  ),
);
const TAG_NAME = /[a-z](?:[a-z0-9-]|:(?=[a-z]))*/iy;
const SWALLOWED = { script: /<\/script[^<>]*>/gi, style: /<\/style[^<>]*>/gi };

interface Scan {
  text: string;
  /** Characters that quote-aware scans may still visit; after that a tag ends at the first `>`. */
  budget: number;
  /** Closing marks that do not occur in the rest of the text. */
  absent: Set<string>;
}

/** Finds `mark` from `from` on. Remembers a miss, so that hostile input cannot make every `<` search to the end. */
function find(scan: Scan, mark: string, from: number): number {
  if (scan.absent.has(mark)) return -1;
  const at = scan.text.indexOf(mark, from);
  if (at < 0) scan.absent.add(mark);
  return at;
}

/** Position after the `>` of the tag whose name ends at `from`, or -1. Quoted attribute values may hold `<` and `>`. */
function endOfTag(scan: Scan, from: number): number {
  const { text } = scan;
  let plainEnd = -1;
  let quote = '';
  let previous = '';
  for (let at = from; at < text.length; at++) {
    if (--scan.budget < 0) break;
    const c = text.charAt(at);
    if (quote) {
      if (c === quote) quote = '';
      else if (c === '>' && plainEnd < 0) plainEnd = at + 1;
      else if (c === '<' && plainEnd < 0) plainEnd = 0;
    } else if (c === '>') return at + 1;
    else if (c === '<') return plainEnd > 0 ? plainEnd : -1;
    else if ((c === '"' || c === "'") && previous === '=') quote = c;
    if (c !== ' ') previous = c;
  }
  // The quotation mark is never closed, or the budget is spent: the tag ends at the first `>` before the next `<`.
  if (plainEnd > 0) return plainEnd;
  if (plainEnd === 0 || scan.budget >= 0) return -1;
  for (let at = from; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === 0x3e) return at + 1;
    if (c === 0x3c) return -1;
  }
  scan.absent.add('>');
  return -1;
}

/** The markup that starts at the `<` in position `at`: where it ends and what replaces it; undefined for a bare `<`. */
function markupAt(scan: Scan, at: number): { end: number; replacement: string } | undefined {
  const { text } = scan;
  const next = text.charCodeAt(at + 1);
  if (next === 0x21 /* ! */) {
    if (text.startsWith('<!--', at)) {
      const end = find(scan, '-->', at + 4);
      return end < 0 ? undefined : { end: end + 3, replacement: '' };
    }
    if (text.startsWith('<![CDATA[', at)) return { end: at + 9, replacement: '' };
    if (!/^<!doctype/i.test(text.slice(at, at + 9))) return undefined;
    const end = find(scan, '>', at);
    return end < 0 ? undefined : { end: end + 1, replacement: ' ' };
  }
  if (next === 0x3f /* ? */) {
    const end = find(scan, '?>', at + 2);
    return end < 0 ? undefined : { end: end + 2, replacement: ' ' };
  }
  if (scan.absent.has('>')) return undefined;
  const closing = next === 0x2f; /* / */
  TAG_NAME.lastIndex = at + (closing ? 2 : 1);
  const name = TAG_NAME.exec(text)?.[0].toLowerCase();
  if (name === undefined) return undefined;
  const afterName = TAG_NAME.lastIndex;
  // `<me@example.org>` and `<https://example.org>` are not tags.
  if (!/[\s/>]/.test(text.charAt(afterName))) return undefined;
  const end = endOfTag(scan, afterName);
  if (end < 0) return undefined;
  if (!closing && (name === 'script' || name === 'style') && !scan.absent.has(name)) {
    const pattern = SWALLOWED[name];
    pattern.lastIndex = end;
    if (pattern.exec(text)) return { end: pattern.lastIndex, replacement: ' ' };
    scan.absent.add(name);
  }
  return { end, replacement: INLINE.has(name) ? '' : ' ' };
}

/**
 * Removes tags, comments, and script and style with their contents. Block tags leave a space, inline tags nothing. A `<`
 * that opens no tag stays ("a < b", "i <3 you"). Linear in the text.
 */
export function stripTags(text: string): string {
  let at = text.indexOf('<');
  if (at < 0) return text;
  const scan: Scan = { text, budget: 4 * text.length + 1024, absent: new Set() };
  const parts: string[] = [];
  let kept = 0;
  while (at >= 0) {
    const markup = markupAt(scan, at);
    if (markup) {
      parts.push(text.slice(kept, at), markup.replacement);
      kept = markup.end;
    }
    at = text.indexOf('<', markup ? markup.end : at + 1);
  }
  parts.push(text.slice(kept));
  return parts.join('').replaceAll(']]>', '');
}
