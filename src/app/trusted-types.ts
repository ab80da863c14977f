// The page's Trusted Types policy: scripts and workers come only from this site. Must be loaded before anything else.
// It allows no markup; lit has its own policy. The page's content security policy names both.

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): unknown;
}

/** @throws TypeError for the address of another site @returns the address */
export function ownScript(url: string, baseUrl: string): string {
  const { origin, protocol } = new URL(url, baseUrl);
  if (origin === new URL(baseUrl).origin && /^(?:https?|blob):$/.test(protocol)) return url;
  throw new TypeError(`A script of another site is refused: ${url}`);
}

const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
factory?.createPolicy('default', { createScriptURL: (url) => ownScript(url, document.baseURI) });
