// Language tags (BCP-47): what belongs together when a reader names a language.

/** `pt-BR` → `pt`; the part that names the language alone. */
export function primaryLanguage(tag: string): string {
  return tag.split('-', 1)[0]?.toLowerCase() ?? '';
}

/** Written script: stated, or the likely one (`zh-TW` → Hant), so that zh-Hant and zh-Hans stay apart. */
function scriptOf(tag: string): string {
  try {
    return new Intl.Locale(tag).maximize().script ?? '';
  } catch {
    return '';
  }
}

/** Tags from the most to the least special: `sr-Latn-RS` → [`sr-Latn-RS`, `sr-Latn`, `sr`] (RFC 4647, section 3.4). */
export function fallbacks(tag: string): string[] {
  const parts = tag.split('-');
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('-'));
}

/** Whether an item in `itemTag` is wanted by a reader who chose `chosen`: `pt` takes `pt-BR`, `zh-Hant` not `zh`. */
export function matchesLanguage(chosen: string, itemTag: string): boolean {
  if (chosen === itemTag) return true;
  if (primaryLanguage(chosen) !== primaryLanguage(itemTag)) return false;
  if (!chosen.includes('-')) return true;
  if (scriptOf(chosen) !== scriptOf(itemTag)) return false;
  return fallbacks(itemTag).includes(chosen) || fallbacks(chosen).includes(itemTag);
}
