// Language tags (BCP-47): which belong together, and which stands in for another.
import { canonicalTag } from '../base/language-tag.ts';

/** The language subtag: `pt-BR` → `pt`. */
export function primaryLanguage(tag: string): string {
  return tag.split('-', 1)[0]?.toLowerCase() ?? '';
}

/** Script: the stated one, or the likely one (`zh-TW` → Hant; UTS 35, likely subtags); '' for a malformed tag. */
export function scriptOf(tag: string): string {
  try {
    return new Intl.Locale(tag).maximize().script ?? '';
  } catch {
    return '';
  }
}

/** The tag and more general ones, step by step: `sr-Latn-RS` → [`sr-Latn-RS`, `sr-Latn`, `sr`] (RFC 4647, section 3.4). */
export function fallbacks(tag: string): string[] {
  const parts = tag.split('-');
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('-'));
}

/** Whether a reader who chose `chosen` wants items in `itemTag`: `pt` includes `pt-BR`, `zh-Hant` does not include `zh`. */
export function matchesLanguage(chosen: string, itemTag: string): boolean {
  if (chosen === itemTag) return true;
  if (primaryLanguage(chosen) !== primaryLanguage(itemTag)) return false;
  if (!chosen.includes('-')) return true;
  if (scriptOf(chosen) !== scriptOf(itemTag)) return false;
  return fallbacks(itemTag).includes(chosen) || fallbacks(chosen).includes(itemTag);
}

/** `fallbacks` in the same script, and the tag that names the script: `zh-TW` → [`zh-TW`, `zh-Hant`]. */
export function scriptFallbacks(tag: string): string[] {
  const script = scriptOf(tag);
  const tags = fallbacks(tag).filter((fallback) => scriptOf(fallback) === script);
  const plain = primaryLanguage(tag);
  const named = `${plain}-${script}`;
  if (script === '' || tags.includes(named)) return tags;
  return tags.includes(plain) ? [...tags.slice(0, -1), named, plain] : [...tags, named];
}

/**
 * The one of `available` that stands best for `tag`: itself, a more general tag of its script, another of the same language and
 * script (the shortest), and only with `anyScript` one of the same language in another script. With the shipped languages:
 * `zh-HK` → `zh-TW`, and with `anyScript` `sr` → `sr-Latn`. A malformed tag has none.
 */
export function nearestTag(tag: string, available: readonly string[], { anyScript = false } = {}): string | undefined {
  if (available.includes(tag)) return tag;
  const wanted = canonicalTag(tag);
  if (wanted === undefined) return undefined;
  const canonical = available.map((candidate) => ({ candidate, tag: canonicalTag(candidate) ?? candidate }));
  for (const fallback of scriptFallbacks(wanted)) {
    const found = canonical.find((entry) => entry.tag === fallback);
    if (found) return found.candidate;
  }
  const related = canonical
    .filter((entry) => primaryLanguage(entry.tag) === primaryLanguage(wanted))
    .sort((a, b) => a.tag.length - b.tag.length || (a.tag < b.tag ? -1 : 1));
  const script = scriptOf(wanted);
  const sameScript = related.find((entry) => scriptOf(entry.tag) === script);
  return (sameScript ?? (anyScript ? related[0] : undefined))?.candidate;
}
