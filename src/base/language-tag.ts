// One spelling for every language tag, because translations, vectors and rules are looked up by it.

const CANONICAL = new Map<string, string | undefined>();
const MAX_REMEMBERED = 4096;
/** Undetermined, several, uncoded, no language; `qaa` to `qtz` are for private use (ISO 639-2). */
const NAMES_NO_LANGUAGE = /^(?:und|mul|mis|zxx|q[a-t][a-z])(?:-|$)/;

function canonicalise(raw: string): string | undefined {
  // POSIX spellings: pt_BR, de_DE.UTF-8
  const tag = raw
    .trim()
    .replace(/\.[\w-]+$/, '')
    .replaceAll('_', '-');
  if (tag.length > 64) return undefined;
  try {
    const [canonical] = Intl.getCanonicalLocales(tag);
    // RFC 5646 allows 4 to 8 letters for languages "reserved" or "registered": none exists, but "english" would pass.
    return canonical !== undefined && /^[a-z]{2,3}(?:-|$)/.test(canonical) ? canonical : undefined;
  } catch {
    return undefined;
  }
}

/** The canonical BCP-47 tag ("pt_br" → "pt-BR", "iw" → "he", "eng" → "en"); undefined for malformed and private-use tags ("x-foo"). */
export function canonicalTag(raw: string): string | undefined {
  if (CANONICAL.has(raw)) return CANONICAL.get(raw);
  const tag = canonicalise(raw);
  if (CANONICAL.size < MAX_REMEMBERED) CANONICAL.set(raw, tag);
  return tag;
}

/**
 * The canonical tag of a language; undefined where the tag names none: absent, malformed, `und`, `mul`, `mis`, `zxx`, private use.
 * The language correction treats such a text as of unknown language.
 */
export function knownLanguage(tag: string | undefined): string | undefined {
  const canonical = tag === undefined ? undefined : canonicalTag(tag);
  return canonical === undefined || NAMES_NO_LANGUAGE.test(canonical) ? undefined : canonical;
}
