// Links of catalogues come from outside: only http, https and relative ones may become an href.

/** The link when it is safe to follow, else undefined (`javascript:`, `data:` …). */
export function safeHref(link: string | undefined): string | undefined {
  const trimmed = link?.trim();
  if (!trimmed) return undefined;
  try {
    const { protocol } = new URL(trimmed, 'https://relative.invalid/');
    return protocol === 'http:' || protocol === 'https:' ? trimmed : undefined;
  } catch {
    return undefined;
  }
}
