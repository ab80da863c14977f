// Links in catalogues come from outside. Only http, https and relative ones may become an href.

/** The link if it is safe to follow; undefined for `javascript:`, `data:` and the like. */
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
